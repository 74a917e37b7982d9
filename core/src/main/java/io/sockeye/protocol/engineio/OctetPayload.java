package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A body of revision 3 with binary data in it.
 *
 * <pre>
 *   [&lt;0: text, 1: binary&gt; &lt;length, one digit 0x00-0x09 per byte&gt;… 0xff &lt;packet&gt;]…      length in bytes
 * </pre>
 *
 * <p>Engine.IO v3, Encoding. Where a body departs from that, it is read as the reference reads it: it appends the decimal text
 * of each byte up to 0xff to the length, and skips as many bytes as that text is long; an item that is cut off is taken as
 * it is; without a length it is empty, and the next one begins at the 0xff. Only a length that has no end is an error, and one
 * of the whole body: no packet of it is delivered.
 *
 * <p>Text is UTF-8 here, in which half of a surrogate pair counts as U+FFFD and anything else malformed is an error.
 *
 * <p>Confined to its caller.
 */
final class OctetPayload extends PayloadDecoder {
    private static final String PARSER_ERROR = "parser error";
    private static final int LONGEST_LENGTH = 310; // in digits, as many as the largest double has

    private final byte[] body;
    private final boolean framed; // whether every length has an end
    private int position; // of the next item; body.length behind the last one

    // The item that advance() has passed last.
    private boolean text;
    private int start;
    private int end;

    /** Reads a body that is the decoder's from now on. */
    OctetPayload(byte[] body) {
        this.body = body;
        boolean more = true;
        while (more && position < body.length) {
            more = advance();
        }
        framed = more;
        position = 0;
    }

    @Override
    public @Nullable EnginePacket next() throws ProtocolException {
        if (position == body.length) {
            return null;
        }
        if (!framed) {
            position = body.length;
            throw new ProtocolException(PARSER_ERROR);
        }
        advance();
        if (!text) {
            return Revision3PacketDecoder.decodeBinary(body, start, end - start);
        }
        try {
            if (start < end && body[start] != 'b') {
                checkText();
            }
            return Revision3PacketDecoder.decodeText(body, start, end - start);
        } catch (ProtocolException e) {
            position = body.length;
            throw e;
        }
    }

    /** Moves on by one item; false when its length has no end. */
    private boolean advance() {
        int digits = 0;
        long length = 0;
        int p = position + 1;
        while (p < body.length && body[p] != (byte) 0xff) {
            if (digits > LONGEST_LENGTH) {
                return false;
            }
            int value = body[p++] & 0xff;
            int width = value < 10 ? 1 : value < 100 ? 2 : 3;
            digits += width;
            length = Math.min(length * (width == 1 ? 10 : width == 2 ? 100 : 1000) + value, Integer.MAX_VALUE);
        }
        if (p >= body.length) {
            return false;
        }
        text = body[position] == 0;
        int mark = atMost(position + 1L + digits);
        start = digits == 0 ? mark : atMost(mark + 1L);
        end = digits == 0 ? mark : atMost(mark + 1L + length);
        position = end;
        return true;
    }

    private int atMost(long index) {
        return (int) Math.min(index, body.length);
    }

    private void checkText() throws ProtocolException {
        if (Utf8.isValid(body, start, end - start)) {
            return;
        }
        for (int p = start; p + 2 < end; p++) {
            if (body[p] == (byte) 0xed && (body[p + 1] & 0xe0) == 0xa0 && (body[p + 2] & 0xc0) == 0x80) {
                body[p] = (byte) 0xef; // U+FFFD, which is as long as half of a surrogate pair
                body[p + 1] = (byte) 0xbf;
                body[p + 2] = (byte) 0xbd;
            }
        }
        if (!Utf8.isValid(body, start, end - start)) {
            throw new ProtocolException(PARSER_ERROR);
        }
    }
}
