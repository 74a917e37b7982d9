package io.sockeye.transport.polling;

import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.PayloadDecoder;
import io.sockeye.protocol.engineio.PayloadEncoder;
import io.sockeye.protocol.engineio.Revision3PayloadEncoder;
import io.sockeye.transport.HttpExchange;
import java.util.Collection;

/** How the bodies of a session's requests and answers are written. Thread-safe: immutable. */
sealed interface PayloadFormat permits PayloadFormat.Revision4, PayloadFormat.Revision3, JsonpFormat {
    String TEXT = "text/plain; charset=UTF-8";
    String OCTETS = "application/octet-stream";

    /** What the handshake asks for. JSONP is of revision 3 alone. */
    static PayloadFormat of(HttpExchange handshake) {
        Dialect dialect = Dialect.of(handshake.query("EIO"), handshake.query("b64"));
        if (dialect.revision() == 4) {
            return Revision4.INSTANCE;
        }
        String index = handshake.query("j");
        return index != null ? JsonpFormat.of(index) : new Revision3(dialect.base64());
    }

    /** The packets as the answer to a poll. */
    Answer encode(Collection<EncodedPacket> packets);

    /**
     * The packets of a POST. The body is the decoder's.
     *
     * @param octets whether it claims to be {@code application/octet-stream}
     */
    PayloadDecoder decode(byte[] body, boolean octets);

    /** Whether a POST may be {@code application/octet-stream}. */
    boolean takesOctets();

    /**
     * An answer to a poll.
     *
     * @param contentType the value of the {@code Content-Type} header
     */
    record Answer(byte[] body, String contentType) {}

    /** Engine.IO v4, Payload encoding. */
    enum Revision4 implements PayloadFormat {
        INSTANCE;

        @Override
        public Answer encode(Collection<EncodedPacket> packets) {
            return new Answer(PayloadEncoder.encode(packets), TEXT);
        }

        @Override
        public PayloadDecoder decode(byte[] body, boolean octets) {
            return PayloadDecoder.of(body);
        }

        @Override
        public boolean takesOctets() {
            return false;
        }
    }

    /**
     * Engine.IO v3, Encoding.
     *
     * @param base64 whether the client cannot take octets
     */
    record Revision3(boolean base64) implements PayloadFormat {
        @Override
        public Answer encode(Collection<EncodedPacket> packets) {
            return !base64 && Revision3PayloadEncoder.hasBinary(packets)
                    ? new Answer(Revision3PayloadEncoder.encodeOctets(packets), OCTETS)
                    : new Answer(Revision3PayloadEncoder.encodeText(packets), TEXT);
        }

        @Override
        public PayloadDecoder decode(byte[] body, boolean octets) {
            return octets ? PayloadDecoder.ofRevision3Octets(body) : PayloadDecoder.ofRevision3(body);
        }

        @Override
        public boolean takesOctets() {
            return true;
        }
    }
}
