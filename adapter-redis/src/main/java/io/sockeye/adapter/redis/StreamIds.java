package io.sockeye.adapter.redis;

/**
 * The ids of entries of a stream: {@code milliseconds-number}, two unsigned integers of 64 bits.
 *
 * <p>Thread-safe: without state.
 */
final class StreamIds {
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

    private static long number(String id, int start, int end) {
        return Long.parseUnsignedLong(id, start, end, 10);
    }
}
