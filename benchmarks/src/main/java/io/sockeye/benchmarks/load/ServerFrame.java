package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame of the server (RFC 6455, 5.2), taken apart. For what comes before the measurement; immutable.
 *
 * @param bytes the whole frame as it came; owned by the frame
 * @param opcode the first byte without the bit that says it is compressed
 * @param payload the payload, inflated where it was compressed; owned by the frame
 */
record ServerFrame(byte[] bytes, int opcode, byte[] payload) {
    /** RSV1 (RFC 7692, 6). */
    private static final int COMPRESSED = 0x40;

    /** Takes the next frame, if it is complete; else null, and nothing is taken. */
    static @Nullable ServerFrame take(ByteBuffer received) {
        int start = received.position();
        if (received.remaining() < 2) {
            return null;
        }
        int header = 2;
        long length = received.get(start + 1);
        if (length > Frames.SHORT_LENGTH) {
            header += length == Frames.LENGTH_IN_TWO_BYTES ? Short.BYTES : Long.BYTES;
            if (received.remaining() < header) {
                return null;
            }
            length = length == Frames.LENGTH_IN_TWO_BYTES
                    ? received.getShort(start + 2) & 0xffff
                    : received.getLong(start + 2);
        }
        if (received.remaining() < header + length) {
            return null;
        }
        byte[] bytes = new byte[header + (int) length];
        received.get(bytes);
        byte[] payload = Arrays.copyOfRange(bytes, header, bytes.length);
        int first = bytes[0] & 0xff;
        return (first & COMPRESSED) == 0
                ? new ServerFrame(bytes, first, payload)
                : new ServerFrame(bytes, first & ~COMPRESSED, Deflation.inflate(payload));
    }

    /** The payload of a text frame; empty for any other frame. */
    String text() {
        return opcode == Frames.TEXT ? new String(payload, UTF_8) : "";
    }
}
