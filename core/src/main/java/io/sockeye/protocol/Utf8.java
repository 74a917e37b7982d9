package io.sockeye.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The rule of what is UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * <p>Thread-safe: without state.
 */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether the {@code length} bytes at {@code offset} are UTF-8. */
    public static boolean isValid(byte[] array, int offset, int length) {
        int end = offset + length;
        int p = offset;
        while (p < end) {
            if (array[p] >= 0) {
                p = skipAscii(array, p, end);
            } else {
                p = skipSequence(array, p, end);
                if (p < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The position of the first byte at or behind {@code p} that is not ASCII, or {@code end}. */
    private static int skipAscii(byte[] array, int p, int end) {
        int i = p;
        while (i <= end - Long.BYTES && ((long) LONGS.get(array, i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < end && array[i] >= 0) {
            i++;
        }
        return i;
    }

    /** The position behind the sequence of several bytes at {@code p}; negative when it is malformed. */
    private static int skipSequence(byte[] array, int p, int end) {
        int lead = array[p] & 0xff;
        if (lead >= 0xc2 && lead <= 0xdf) {
            return p + 1 < end && isContinuation(array[p + 1]) ? p + 2 : -1;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            if (p + 2 >= end || !isContinuation(array[p + 1]) || !isContinuation(array[p + 2])) {
                return -1;
            }
            int second = array[p + 1] & 0xff;
            boolean overlong = lead == 0xe0 && second < 0xa0;
            boolean surrogate = lead == 0xed && second > 0x9f;
            return overlong || surrogate ? -1 : p + 3;
        }
        if (lead >= 0xf0 && lead <= 0xf4) {
            if (p + 3 >= end
                    || !isContinuation(array[p + 1])
                    || !isContinuation(array[p + 2])
                    || !isContinuation(array[p + 3])) {
                return -1;
            }
            int second = array[p + 1] & 0xff;
            boolean overlong = lead == 0xf0 && second < 0x90;
            boolean tooLarge = lead == 0xf4 && second > 0x8f;
            return overlong || tooLarge ? -1 : p + 4;
        }
        return -1;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
