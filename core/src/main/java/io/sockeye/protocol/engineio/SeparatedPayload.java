package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A body of revision 4.
 *
 * <pre>
 *   &lt;packet&gt;[0x1e &lt;packet&gt;]…
 * </pre>
 *
 * <p>Engine.IO v4, Payload encoding. An empty body, like two separators in a row, holds a packet without a type, which is
 * an error. Packets in front of an erroneous one are delivered, as the reference does; nothing behind it is looked at.
 *
 * <p>A body that is not UTF-8 is read as the reference reads it: each malformed sequence counts as U+FFFD.
 *
 * <p>Confined to its caller.
 */
final class SeparatedPayload extends PayloadDecoder {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte SEPARATOR = 0x1e;
    private static final long SEPARATORS = 0x1e1e1e1e1e1e1e1eL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] body;
    private int position; // of the next packet; body.length + 1 at the end

    /** Reads a body that is the decoder's from now on. */
    SeparatedPayload(byte[] body) {
        this.body = Utf8.repair(body);
    }

    @Override
    public @Nullable EnginePacket next() throws ProtocolException {
        if (position > body.length) {
            return null;
        }
        int start = position;
        int end = indexOfSeparator(start);
        position = body.length + 1;
        EnginePacket packet = EnginePacketDecoder.decodeText(body, start, end - start);
        position = end + 1;
        return packet;
    }

    private int indexOfSeparator(int start) {
        int i = start;
        while (i <= body.length - Long.BYTES) {
            long difference = (long) LONGS.get(body, i) ^ SEPARATORS;
            long found = difference - LOW_BITS & ~difference & HIGH_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < body.length && body[i] != SEPARATOR) {
            i++;
        }
        return i;
    }
}
