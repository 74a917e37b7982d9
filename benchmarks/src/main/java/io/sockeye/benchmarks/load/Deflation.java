package io.sockeye.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** What permessage-deflate does to a message whose compression owes nothing to others (RFC 7692, 7.2). Stateless. */
final class Deflation {
    /** What the end of a flushed block looks like; it does not travel. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int CHUNK = 4096;

    private Deflation() {}

    static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, /* nowrap= */ true);
        deflater.setInput(data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        int length;
        do {
            length = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
            out.write(chunk, 0, length);
        } while (length == chunk.length);
        deflater.end();
        return Arrays.copyOf(out.toByteArray(), out.size() - TAIL.length);
    }

    static byte[] inflate(byte[] data) {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        inflater.setInput(Frames.join(data, TAIL));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            for (int length; (length = inflater.inflate(chunk)) > 0; ) {
                out.write(chunk, 0, length);
            }
        } catch (DataFormatException e) {
            throw new LoadFailure("cannot be inflated: " + e.getMessage());
        } finally {
            inflater.end();
        }
        return out.toByteArray();
    }
}
