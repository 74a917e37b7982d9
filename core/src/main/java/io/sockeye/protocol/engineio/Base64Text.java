package io.sockeye.protocol.engineio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Base64 as Engine.IO uses it in text: written with the standard alphabet and padding (RFC 4648, 4), read as leniently as
 * the reference reads it. Both alphabets are read, in any mixture; other characters are skipped; the first {@code =} ends
 * the data; padding may be missing; a single character that is left over is dropped. (Of a character beyond Latin-1 the reference
 * looks at the low byte only and may take it for base64; here it is skipped like any other.)
 *
 * <p>Thread-safe: without state.
 */
final class Base64Text {
    /** From here on the JDK's encoder is faster, although it needs an array of its own: it uses vector instructions. */
    private static final int VECTORIZED_FROM = 256;

    private static final byte[] EMPTY = {};
    private static final byte[] ENCODE =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DECODE = new byte[256];

    static {
        Arrays.fill(DECODE, (byte) -1);
        for (int i = 0; i < ENCODE.length; i++) {
            DECODE[ENCODE[i]] = (byte) i;
        }
        DECODE['-'] = 62;
        DECODE['_'] = 63;
    }

    private Base64Text() {}

    /** The length of the text that {@link #encode} writes for so many bytes. */
    static int encodedLength(int length) {
        return Math.multiplyExact((length + 2) / 3, 4);
    }

    /** Writes the base64 of a range and answers the position behind it. */
    static int encode(byte[] source, int offset, int length, byte[] target, int targetOffset) {
        if (length < VECTORIZED_FROM) {
            return encodeShort(source, offset, length, target, targetOffset);
        }
        ByteBuffer encoded = Base64.getEncoder().encode(ByteBuffer.wrap(source, offset, length));
        System.arraycopy(encoded.array(), 0, target, targetOffset, encoded.limit());
        return targetOffset + encoded.limit();
    }

    private static int encodeShort(byte[] source, int offset, int length, byte[] target, int targetOffset) {
        int in = offset;
        int out = targetOffset;
        int whole = offset + length / 3 * 3;
        while (in < whole) {
            int bits = (source[in] & 0xff) << 16 | (source[in + 1] & 0xff) << 8 | (source[in + 2] & 0xff);
            target[out] = ENCODE[bits >>> 18];
            target[out + 1] = ENCODE[bits >>> 12 & 0x3f];
            target[out + 2] = ENCODE[bits >>> 6 & 0x3f];
            target[out + 3] = ENCODE[bits & 0x3f];
            in += 3;
            out += 4;
        }
        int left = offset + length - whole;
        if (left > 0) {
            int bits = (source[in] & 0xff) << 16 | (left == 2 ? (source[in + 1] & 0xff) << 8 : 0);
            target[out] = ENCODE[bits >>> 18];
            target[out + 1] = ENCODE[bits >>> 12 & 0x3f];
            target[out + 2] = left == 2 ? ENCODE[bits >>> 6 & 0x3f] : (byte) '=';
            target[out + 3] = '=';
            out += 4;
        }
        return out;
    }

    /** The bytes that the text stands for. */
    static byte[] decode(byte[] array, int offset, int length) {
        int end = offset + length;
        while (end > offset && array[end - 1] == '=') {
            end--;
        }
        int estimate = (int) ((end - offset) * 3L / 4);
        if (estimate == 0) {
            return EMPTY;
        }
        byte[] target = new byte[estimate];
        int in = offset;
        int out = 0;
        while (in <= end - 4) {
            int bits = DECODE[array[in] & 0xff] << 18
                    | DECODE[array[in + 1] & 0xff] << 12
                    | DECODE[array[in + 2] & 0xff] << 6
                    | DECODE[array[in + 3] & 0xff];
            if (bits < 0) {
                break;
            }
            target[out] = (byte) (bits >>> 16);
            target[out + 1] = (byte) (bits >>> 8);
            target[out + 2] = (byte) bits;
            in += 4;
            out += 3;
        }
        return in == end ? target : decodeRest(array, in, end, target, out);
    }

    /** Reads character by character from {@code in}, for a last group that is not whole or characters to be skipped. */
    private static byte[] decodeRest(byte[] array, int start, int end, byte[] target, int written) {
        int out = written;
        int bits = 0;
        int count = 0;
        for (int in = start; in < end && array[in] != '='; in++) {
            int value = DECODE[array[in] & 0xff];
            if (value < 0) {
                continue;
            }
            bits = bits << 6 | value;
            count += 6;
            if (count >= 8) {
                count -= 8;
                target[out++] = (byte) (bits >>> count);
            }
        }
        return out == target.length ? target : Arrays.copyOf(target, out);
    }
}
