package io.sockeye.transport.polling;

import io.sockeye.protocol.UrlEncoded;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.PayloadDecoder;
import io.sockeye.protocol.engineio.Revision3PayloadEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * JSONP, for browsers that cannot read answers of another origin: a poll is a script element, a POST a form in a frame.
 *
 * <pre>
 *   answer   ___eio[&lt;index&gt;]("&lt;payload as a JavaScript string&gt;");
 *   body     d=&lt;payload with \n for its line feeds and one more backslash for each \n, form-encoded&gt;
 * </pre>
 *
 * <p>Binary data is base64 both ways. The payloads are those of revision 3 (Engine.IO v3, Encoding).
 */
record JsonpFormat(byte[] head) implements PayloadFormat {
    private static final byte[] FOOT = "\");".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The format of a client that listens at that index. Of what it says, only the digits get into the script. */
    static JsonpFormat of(String index) {
        StringBuilder head = new StringBuilder("___eio[");
        index.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> head.append((char) c));
        return new JsonpFormat(head.append("](\"").toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Answer encode(Collection<EncodedPacket> packets) {
        byte[] payload = Revision3PayloadEncoder.encodeText(packets);
        ByteArrayOutputStream script = new ByteArrayOutputStream(head.length + payload.length * 5 / 4 + FOOT.length);
        script.writeBytes(head);
        for (int i = 0; i < payload.length; i++) {
            if (isLineSeparator(payload, i)) {
                // In JSON these two stand for themselves; in scripts before ECMAScript 2019 they end the line.
                writeEscape(0x2028 | (payload[i + 2] & 1), script);
                i += 2;
            } else {
                write(payload[i], script);
            }
        }
        script.writeBytes(FOOT);
        return new Answer(script.toByteArray(), TEXT);
    }

    /** A body that has no {@code d}, or several, has no packets; nor have octets. */
    @Override
    public PayloadDecoder decode(byte[] body, boolean octets) {
        List<String> data = new ArrayList<>(1);
        if (!octets) {
            UrlEncoded.forEach(body, 0, (name, value) -> {
                if (name.equals("d")) {
                    data.add(value);
                }
            });
        }
        return data.size() == 1
                ? PayloadDecoder.ofRevision3(withoutEscapes(data.get(0).getBytes(StandardCharsets.UTF_8)))
                : PayloadDecoder.ofNothing();
    }

    @Override
    public boolean takesOctets() {
        return true;
    }

    /** As {@code JSON.stringify} does it (ECMA-262, QuoteJSONString). */
    private static void write(byte b, ByteArrayOutputStream script) {
        int shorthand = "\b\t\n\f\r\"\\".indexOf(b);
        if (shorthand >= 0) {
            script.write('\\');
            script.write("btnfr\"\\".charAt(shorthand));
        } else if (b >= 0 && b < ' ') {
            writeEscape(b, script);
        } else {
            script.write(b);
        }
    }

    private static void writeEscape(int unit, ByteArrayOutputStream script) {
        script.write('\\');
        script.write('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            script.write(HEX[unit >>> shift & 0xf]);
        }
    }

    /** Whether U+2028 or U+2029 stands there: e2 80 a8 or a9. */
    private static boolean isLineSeparator(byte[] utf8, int i) {
        return utf8[i] == (byte) 0xe2
                && i + 2 < utf8.length
                && utf8[i + 1] == (byte) 0x80
                && (utf8[i + 2] == (byte) 0xa8 || utf8[i + 2] == (byte) 0xa9);
    }

    /** The text with a line feed for each {@code \n}, and with one backslash less in front of it where it has several. */
    private static byte[] withoutEscapes(byte[] text) {
        byte[] plain = new byte[text.length];
        int length = 0;
        int backslashes = 0;
        for (byte b : text) {
            if (b == 'n' && backslashes > 0) {
                length--;
                plain[length++] = backslashes == 1 ? (byte) '\n' : (byte) 'n';
            } else {
                plain[length++] = b;
            }
            backslashes = b == '\\' ? backslashes + 1 : 0;
        }
        return Arrays.copyOf(plain, length);
    }
}
