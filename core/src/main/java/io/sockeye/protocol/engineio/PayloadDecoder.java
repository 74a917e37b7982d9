package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one long-polling request body, one after the other.
 *
 * <p>Confined to its caller.
 */
public abstract sealed class PayloadDecoder
        permits SeparatedPayload, CountedPayload, OctetPayload, PayloadDecoder.Nothing {

    PayloadDecoder() {}

    /**
     * Reads a body of revision 4. The body must not be written to afterwards: message packets are ranges of it.
     */
    public static PayloadDecoder of(byte[] body) {
        return new SeparatedPayload(body);
    }

    /** Reads a body of revision 3 that is text; otherwise like {@link #of}. */
    public static PayloadDecoder ofRevision3(byte[] body) {
        return new CountedPayload(body);
    }

    /** Reads a body of revision 3 that is {@code application/octet-stream}; otherwise like {@link #of}. */
    public static PayloadDecoder ofRevision3Octets(byte[] body) {
        return new OctetPayload(body);
    }

    /** A decoder without packets. */
    public static PayloadDecoder ofNothing() {
        return new Nothing();
    }

    /**
     * The next packet; null behind the last one.
     *
     * @throws ProtocolException {@code parser error} when the next packet is none; the payload ends there
     */
    public abstract @Nullable EnginePacket next() throws ProtocolException;

    static final class Nothing extends PayloadDecoder {
        @Override
        public @Nullable EnginePacket next() {
            return null;
        }
    }
}
