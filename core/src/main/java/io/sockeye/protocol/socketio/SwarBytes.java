package io.sockeye.protocol.socketio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at a time, as one little-endian word. A search answers a word in which the high bit of every byte found
 * is set. A byte above one that is found may be marked too, because a borrow runs upwards; the lowest mark is right.
 *
 * <p>Thread-safe: without state.
 */
final class SwarBytes {
    /** Reads a word out of a byte array. */
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SPACES = 0x2020202020202020L;
    private static final long QUOTES = 0x2222222222222222L;
    private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

    private SwarBytes() {}

    /** The bytes that are a quote, a backslash or below space: those that cannot stand for themselves in a JSON string. */
    static long jsonSpecials(long word) {
        return equal(word, QUOTES) | equal(word, BACKSLASHES) | (word - SPACES & ~word & HIGH_BITS);
    }

    /** The bytes that are equal to those of a pattern of eight times the same one. */
    static long equal(long word, long pattern) {
        long difference = word ^ pattern;
        return difference - LOW_BITS & ~difference & HIGH_BITS;
    }

    /** Which byte of the word is the first one marked. */
    static int firstMark(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }
}
