package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * WebSocket frames (RFC 6455, 5.2), written before they are needed. Stateless.
 *
 * <pre>
 * FIN+opcode | MASK+length, 126 or 127 | 0, 2 or 8 bytes of length | client to server: masking key | payload
 * </pre>
 */
final class Frames {
    static final int TEXT = 0x81;
    static final int COMPRESSED_TEXT = 0xc1;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;

    /** Longest payload whose length stands in the second byte. */
    static final int SHORT_LENGTH = 125;

    /** What stands there when the length is in the two bytes behind it. */
    static final int LENGTH_IN_TWO_BYTES = 126;

    private static final byte[] MASKING_KEY = {0x5a, (byte) 0x93, 0x1c, (byte) 0xe7};
    private static final int LENGTH_IN_EIGHT_BYTES = 127;
    private static final int MAX_TWO_BYTES = 0xffff;

    private Frames() {}

    /** A masked text frame, as a client sends it. */
    static byte[] fromClient(String text) {
        return fromClient(TEXT, text.getBytes(UTF_8));
    }

    /** A masked frame, as a client sends it. */
    static byte[] fromClient(int opcode, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
        writeHead(frame, opcode, /* maskBit= */ 0x80, payload.length);
        frame.writeBytes(MASKING_KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASKING_KEY[i % MASKING_KEY.length]);
        }
        return frame.toByteArray();
    }

    /** A plain text frame, as a server sends it. */
    static byte[] fromServer(String text) {
        return fromServer(TEXT, text.getBytes(UTF_8));
    }

    /** A plain frame, as a server sends it. */
    static byte[] fromServer(int opcode, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
        writeHead(frame, opcode, /* maskBit= */ 0, payload.length);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The arrays one behind the other. */
    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    private static void writeHead(ByteArrayOutputStream frame, int opcode, int maskBit, int length) {
        frame.write(opcode);
        if (length <= SHORT_LENGTH) {
            frame.write(maskBit | length);
            return;
        }
        int lengthBytes = length <= MAX_TWO_BYTES ? Short.BYTES : Long.BYTES;
        frame.write(maskBit | (lengthBytes == Short.BYTES ? LENGTH_IN_TWO_BYTES : LENGTH_IN_EIGHT_BYTES));
        for (int i = lengthBytes - 1; i >= 0; i--) {
            frame.write((int) ((long) length >>> (8 * i)));
        }
    }
}
