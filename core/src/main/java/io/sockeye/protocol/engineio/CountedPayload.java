package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A text body of revision 3.
 *
 * <pre>
 *   [&lt;length&gt; : &lt;packet&gt;]…      length in UTF-16 code units, as JavaScript counts
 * </pre>
 *
 * <p>Engine.IO v3, Encoding. An item of length 0 is skipped; an empty body is an error. Packets in front of an error are
 * delivered, as the reference does; nothing behind it is looked at. A body that is not UTF-8 is read as the reference reads
 * it: each malformed sequence counts as U+FFFD.
 *
 * <p>A length is a run of decimal digits, with leading zeros if need be. The reference takes whatever {@code Number()} makes an
 * integer of. It also delivers half of a character that a length ends in the middle of, before it finds the error.
 *
 * <p>Confined to its caller.
 */
final class CountedPayload extends PayloadDecoder {
    private static final String PARSER_ERROR = "parser error";
    private static final int MOST_UNITS = 1 << 27; // below, ten times one more digit is no overflow

    private final byte[] body;
    private int position; // of the next item; body.length behind the last one
    private boolean begun;

    /** Reads a body that is the decoder's from now on. */
    CountedPayload(byte[] body) {
        this.body = Utf8.repair(body);
    }

    @Override
    public @Nullable EnginePacket next() throws ProtocolException {
        if (!begun && body.length == 0) {
            begun = true;
            throw new ProtocolException(PARSER_ERROR);
        }
        begun = true;
        while (position < body.length) {
            int item = position;
            position = body.length; // where an error leaves it
            int start = endOfLength(item) + 1;
            int end = behind(start, units(item, start - 1));
            EnginePacket packet = end == start ? null : Revision3PacketDecoder.decodeText(body, start, end - start);
            position = end;
            if (packet != null) {
                return packet;
            }
        }
        return null;
    }

    private int endOfLength(int start) throws ProtocolException {
        int p = start;
        while (p < body.length && body[p] >= '0' && body[p] <= '9') {
            p++;
        }
        if (p == start || p == body.length || body[p] != ':') {
            throw new ProtocolException(PARSER_ERROR);
        }
        return p;
    }

    private int units(int start, int end) throws ProtocolException {
        int units = 0;
        for (int p = start; p < end; p++) {
            units = 10 * units + body[p] - '0';
            if (units > MOST_UNITS) {
                throw new ProtocolException(PARSER_ERROR);
            }
        }
        return units;
    }

    /** The position behind so many UTF-16 code units. The body is UTF-8, where four bytes are two units and less are one. */
    private int behind(int start, int units) throws ProtocolException {
        int p = start;
        int left = units;
        while (left > 0 && p < body.length) {
            int lead = body[p];
            if (lead >= 0) {
                p++;
            } else if (lead < (byte) 0xe0) {
                p += 2;
            } else if (lead < (byte) 0xf0) {
                p += 3;
            } else {
                p += 4;
                left--;
            }
            left--;
        }
        if (left != 0) {
            throw new ProtocolException(PARSER_ERROR);
        }
        return p;
    }
}
