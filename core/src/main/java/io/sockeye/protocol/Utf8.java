package io.sockeye.protocol;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The rule of what is UTF-8 (RFC 3629).
 *
 * <p>Thread-safe: without state.
 */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private Utf8() {}

    /** Whether the {@code length} bytes at {@code offset} are UTF-8. */
    public static boolean isValid(byte[] array, int offset, int length) {
        return firstMalformed(array, offset, offset + length) < 0;
    }

    /**
     * The text with every malformed sequence replaced by U+FFFD, as browsers and Node.js do it: a sequence that breaks off
     * counts once, any other stray byte counts each (Unicode, 3.9, substitution of maximal subparts).
     *
     * @return the same array when it is UTF-8 already
     */
    public static byte[] repair(byte[] text) {
        int malformed = firstMalformed(text, 0, text.length);
        if (malformed < 0) {
            return text;
        }
        ByteArrayOutputStream repaired = new ByteArrayOutputStream(text.length + 16);
        int start = 0;
        while (malformed >= 0) {
            repaired.write(text, start, malformed - start);
            repaired.writeBytes(REPLACEMENT);
            start = malformed - sequence(text, malformed, text.length);
            malformed = firstMalformed(text, start, text.length);
        }
        repaired.write(text, start, text.length - start);
        return repaired.toByteArray();
    }

    /** The position of the first malformed sequence; negative when there is none. */
    private static int firstMalformed(byte[] array, int start, int end) {
        int p = start;
        while (p < end) {
            if (array[p] >= 0) {
                p = skipAscii(array, p, end);
            } else {
                int length = sequence(array, p, end);
                if (length < 0) {
                    return p;
                }
                p += length;
            }
        }
        return -1;
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

    /**
     * The length of the sequence of several bytes at {@code p}. When it is malformed, the length of the part that could have
     * begun one, negated; at least one byte.
     */
    private static int sequence(byte[] array, int p, int end) {
        int lead = array[p] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return -1;
        }
        int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (p + 1 >= end || !maySecond(lead, array[p + 1] & 0xff)) {
            return -1;
        }
        for (int i = 2; i < length; i++) {
            if (p + i >= end || (array[p + i] & 0xc0) != 0x80) {
                return -i;
            }
        }
        return length;
    }

    /** Whether the byte may stand behind that lead: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private static boolean maySecond(int lead, int second) {
        int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        return second >= lowest && second <= highest;
    }
}
