package io.sockeye.transport.websocket;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and decompresses messages, each on its own (RFC 7692, 7.2). One serves all connections of an event loop,
 * because no context is kept between messages. Remembers the frame that it made last, so that a broadcast is compressed
 * once.
 *
 * <p>Confined to its event loop. {@link #end} gives the native memory back.
 */
final class MessageDeflater {
    /** What ends each message and is left out of it: an empty stored block's length. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int FINAL_AND_COMPRESSED = 0x80 | 0x40;
    private static final int MAX_HEADER = 10;
    private static final int FIRST_SPACE = 1024;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, /* nowrap= */ true);
    private final Inflater inflater = new Inflater(/* nowrap= */ true);
    private @Nullable EncodedPacket lastPacket; // what lastFrame was made of
    private byte[] lastFrame = {};

    /** The packet's frame, header included, compressed. */
    byte[] frame(EncodedPacket packet) {
        if (packet != lastPacket) {
            lastFrame = newFrame(packet);
            lastPacket = packet;
        }
        return lastFrame;
    }

    /**
     * A message decompressed, in an array of its own.
     *
     * @return null when it is longer than {@code maxLength}
     * @throws DataFormatException when the bytes are no compressed message
     */
    byte @Nullable [] inflate(byte[] compressed, int length, int maxLength) throws DataFormatException {
        byte[] input = Arrays.copyOf(compressed, length + TAIL.length);
        System.arraycopy(TAIL, 0, input, length, TAIL.length);
        try {
            inflater.setInput(input);
            byte[] output = new byte[(int) Math.min(maxLength + 1L, Math.max(FIRST_SPACE, 3L * length))];
            int count = 0;
            while (true) {
                int more = inflater.inflate(output, count, output.length - count);
                count += more;
                if (count > maxLength) {
                    return null;
                }
                if (count == output.length) {
                    output = Arrays.copyOf(output, (int) Math.min(maxLength + 1L, 2L * output.length));
                } else if (more == 0) {
                    return whole(output, count);
                }
            }
        } finally {
            inflater.reset();
        }
    }

    /** Gives the native memory back. */
    void end() {
        deflater.end();
        inflater.end();
    }

    /** The output, provided that the input was all that the message needs. */
    private byte[] whole(byte[] output, int count) throws DataFormatException {
        if (inflater.needsDictionary() || (!inflater.finished() && inflater.getRemaining() > 0)) {
            throw new DataFormatException("incomplete");
        }
        return Arrays.copyOf(output, count);
    }

    private byte[] newFrame(EncodedPacket packet) {
        byte[] output = new byte[MAX_HEADER + packet.packetLength() / 2 + FIRST_SPACE];
        int end = MAX_HEADER;
        try {
            deflater.setInput(packet.array(), packet.packetOffset(), packet.packetLength());
            int more;
            while ((more = deflater.deflate(output, end, output.length - end, Deflater.SYNC_FLUSH)) > 0) {
                end += more;
                if (end == output.length) {
                    output = Arrays.copyOf(output, 2 * output.length);
                }
            }
        } finally {
            deflater.reset();
        }
        int length = end - TAIL.length - MAX_HEADER;
        int start = writeHeader(output, length, packet.isBinary());
        return Arrays.copyOfRange(output, start, MAX_HEADER + length);
    }

    /** Writes the frame's header so that it ends where the payload begins, and returns where it starts (RFC 6455, 5.2). */
    private static int writeHeader(byte[] array, int length, boolean binary) {
        int start;
        if (length < 126) {
            start = MAX_HEADER - 2;
            array[start + 1] = (byte) length;
        } else if (length < 1 << 16) {
            start = MAX_HEADER - 4;
            array[start + 1] = 126;
            array[start + 2] = (byte) (length >>> 8);
            array[start + 3] = (byte) length;
        } else {
            start = MAX_HEADER - 10;
            array[start + 1] = 127;
            for (int i = 0; i < Long.BYTES; i++) {
                array[start + 2 + i] = (byte) ((long) length >>> (56 - 8 * i));
            }
        }
        array[start] = (byte) (FINAL_AND_COMPRESSED | (binary ? 0x2 : 0x1));
        return start;
    }
}
