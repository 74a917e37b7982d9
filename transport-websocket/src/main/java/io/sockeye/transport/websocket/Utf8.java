package io.sockeye.transport.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks that bytes are UTF-8 (RFC 3629; Unicode 15, table 3-7). Stateless. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether the bytes from {@code start} to before {@code end} are a whole number of characters. */
    static boolean isValid(byte[] array, int start, int end) {
        int i = start;
        while (i < end) {
            if (i + Long.BYTES <= end && ((long) LONGS.get(array, i) & HIGH_BITS) == 0) {
                i += Long.BYTES;
            } else if (array[i] >= 0) {
                i++;
            } else {
                int length = multiByteLength(array, i, end);
                if (length == 0) {
                    return false;
                }
                i += length;
            }
        }
        return true;
    }

    /** The length of the well-formed sequence of two or more bytes at an index; 0 when there is none. */
    private static int multiByteLength(byte[] array, int index, int end) {
        int first = array[index] & 0xff;
        int available = end - index;
        if (first < 0xe0) {
            return first >= 0xc2 && available >= 2 && isTail(array[index + 1]) ? 2 : 0;
        }
        if (available < 3 || !isSecond(first, array[index + 1] & 0xff) || !isTail(array[index + 2])) {
            return 0;
        }
        if (first < 0xf0) {
            return 3;
        }
        return available >= 4 && isTail(array[index + 3]) ? 4 : 0;
    }

    /** Whether the byte may stand second in a sequence of three or four, neither overlong, surrogate nor beyond Unicode. */
    private static boolean isSecond(int first, int second) {
        return switch (first) {
            case 0xe0 -> second >= 0xa0 && second <= 0xbf;
            case 0xed -> second >= 0x80 && second <= 0x9f;
            case 0xf0 -> second >= 0x90 && second <= 0xbf;
            case 0xf4 -> second >= 0x80 && second <= 0x8f;
            default -> first < 0xf4 && second >= 0x80 && second <= 0xbf;
        };
    }

    private static boolean isTail(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
