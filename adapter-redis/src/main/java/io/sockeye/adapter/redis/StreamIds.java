package io.sockeye.adapter.redis;

/**
 * The ids of entries of a stream: {@code milliseconds-number}, two unsigned integers of 64 bits.
 *
 * <p>Thread-safe: without state.
 */
final class StreamIds {
    /** The largest that {@link io.sockeye.adapter.cluster.LogPosition} knows. */
    private static final long LAST_NUMBER = (1L << 20) - 1;

    private StreamIds() {}

    /** Which of two ids comes first. */
    static int compare(String a, String b) {
        int dashA = a.indexOf('-');
        int dashB = b.indexOf('-');
        int millis = Long.compareUnsigned(number(a, 0, dashA), number(b, 0, dashB));
        return millis != 0
                ? millis
                : Long.compareUnsigned(number(a, dashA + 1, a.length()), number(b, dashB + 1, b.length()));
    }

    /** An id that is before that one, and behind every one that was before it. */
    static String before(String id) {
        int dash = id.indexOf('-');
        long number = number(id, dash + 1, id.length());
        long millis = number(id, 0, dash);
        return number == 0 ? millis - 1 + "-" + LAST_NUMBER : millis + "-" + (number - 1);
    }

    private static long number(String id, int start, int end) {
        return Long.parseUnsignedLong(id, start, end, 10);
    }
}
