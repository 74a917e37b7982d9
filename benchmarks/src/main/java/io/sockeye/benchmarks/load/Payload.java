package io.sockeye.benchmarks.load;

/** Arguments for events, as JSON that any correct server writes the same way it came in. Stateless. */
final class Payload {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ";

    private Payload() {}

    /** A JSON string of that many characters that differs from seed to seed. */
    static String text(int length, long seed) {
        StringBuilder text =
                new StringBuilder(length + 2).append('"').append(seed).append(' ');
        text.setLength(Math.min(text.length(), length + 1));
        for (long i = text.length() - 1L; i < length; i++) {
            text.append(LETTERS.charAt((int) ((seed * 31 + i * 7) % LETTERS.length())));
        }
        return text.append('"').toString();
    }

    /**
     * A JSON array of that many bytes, full of records: strings with escapes, numbers, booleans, nested arrays and objects.
     * Numbers have only one way to be written. There is no null, which netty-socketio leaves out when it writes.
     */
    static String records(int length, long seed) {
        StringBuilder json = new StringBuilder(length).append('[');
        for (long i = 0; json.length() < length - 256; i++) {
            json.append("{\"id\":").append(seed * 1000 + i);
            json.append(",\"name\":\"user ")
                    .append(i)
                    .append("\",\"score\":")
                    .append(i % 100)
                    .append(".5");
            json.append(",\"active\":").append(i % 3 == 0).append(",\"tags\":[\"alpha\",\"beta ");
            json.append(i % 7)
                    .append("\"],\"address\":{\"street\":\"Main \\\"Old\\\" Road ")
                    .append(i);
            json.append("\",\"zip\":\"").append(10000 + i % 9000).append("\"}},");
        }
        int rest = length - json.length() - 1;
        return json.append(text(rest - 2, seed)).append(']').toString();
    }

    /**
     * Binary data of that many bytes. The first is neither a digit nor zero, which netty-socketio would take for the length
     * or the type of a packet of an older protocol.
     */
    static byte[] binary(int length, long seed) {
        byte[] data = new byte[length];
        data[0] = (byte) 0xfe;
        for (int i = 1; i < length; i++) {
            data[i] = (byte) (i * 31L + seed);
        }
        return data;
    }
}
