package io.sockeye.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.sockeye.transport.HttpFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Writes an answer, head and body, into one buffer, as Node.js does but always with a length:
 *
 * <pre>
 *   HTTP/1.1 200 OK                        the status line, whatever version was asked
 *   Access-Control-Allow-Origin: *         what every answer to the request carries
 *   Content-Type: text/html                the answer's own headers
 *   Content-Length: 2                      unless the answer's own headers say so
 *   Date: Sat, 21 Nov 2026 07:59:13 GMT
 *   Connection: keep-alive
 *   Keep-Alive: timeout=5
 * </pre>
 *
 * <p>Confined to its event loop; one instance serves every connection of it.
 */
final class AnswerWriter implements BiConsumer<String, String> {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final int CR_LF = '\r' << 8 | '\n';
    private static final int COLON_SPACE = ':' << 8 | ' ';
    private static final int USUAL_HEAD = 320;

    private final InstantSource clock;
    private final byte[] keepAlive;
    private byte[] date = {};
    private long dateSecond = Long.MIN_VALUE; // the second that the date header was made for

    // While an answer is written.
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean hasLength;
    private boolean closes;

    AnswerWriter(InstantSource clock, long keepAliveSeconds) {
        this.clock = clock;
        this.keepAlive = ascii("Connection: keep-alive\r\nKeep-Alive: timeout=" + keepAliveSeconds + "\r\n");
    }

    /**
     * The answer's bytes.
     *
     * @param keepsAlive whether the connection is to stay open, as far as the request is concerned
     */
    ByteBuf write(
            ByteBufAllocator allocator,
            Exchange exchange,
            int status,
            HttpFields own,
            byte[] body,
            boolean keepsAlive) {
        begin(allocator, status, body.length);
        exchange.responseHeaders().forEach(this);
        own.forEach(this);
        boolean bodyPossible = status >= 200 && status != 204 && status != 304;
        if (bodyPossible) {
            writeLength(body.length);
        }
        out.writeBytes(date());
        if (!closes) {
            out.writeBytes(keepsAlive ? keepAlive : CLOSE);
            closes = !keepsAlive;
        }
        out.writeShort(CR_LF);
        if (bodyPossible && !exchange.isHead()) {
            out.writeBytes(body);
        }
        return end();
    }

    /** The answer to a refused upgrade: its own headers and the body, nothing else. The connection closes after it. */
    ByteBuf writeRefusal(ByteBufAllocator allocator, int status, HttpFields own, byte[] body) {
        begin(allocator, status, body.length);
        own.forEach(this);
        writeLength(body.length);
        out.writeShort(CR_LF);
        out.writeBytes(body);
        closes = true;
        return end();
    }

    /** Whether the connection closes after the answer that was written last. */
    boolean closes() {
        return closes;
    }

    /** One header. For {@link HttpFields#forEach}. */
    @Override
    public void accept(String name, String value) {
        ByteBufUtil.writeAscii(out, name);
        out.writeShort(COLON_SPACE);
        ByteBufUtil.writeAscii(out, value);
        out.writeShort(CR_LF);
        if (name.equalsIgnoreCase("Content-Length")) {
            hasLength = true;
        } else if (name.equalsIgnoreCase("Connection")) {
            closes = true; // the only thing that an answer may ask of the connection
        }
    }

    private void begin(ByteBufAllocator allocator, int status, int bodyLength) {
        out = allocator.directBuffer(USUAL_HEAD + bodyLength);
        hasLength = false;
        closes = false;
        ByteBufUtil.writeAscii(out, "HTTP/1.1 ");
        ByteBufUtil.writeAscii(out, Integer.toString(status));
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, reason(status));
        out.writeShort(CR_LF);
    }

    private ByteBuf end() {
        ByteBuf written = out;
        out = Unpooled.EMPTY_BUFFER;
        return written;
    }

    private void writeLength(int length) {
        if (!hasLength) {
            ByteBufUtil.writeAscii(out, "Content-Length: " + length + "\r\n");
        }
    }

    private byte[] date() {
        long second = Math.floorDiv(clock.millis(), 1000L);
        if (second != dateSecond) {
            dateSecond = second;
            date = ascii("Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(second)) + "\r\n");
        }
        return date;
    }

    /** The reason phrase, where RFC 9110 has renamed it the new one. */
    private static String reason(int status) {
        return switch (status) {
            case 413 -> "Payload Too Large";
            case 414 -> "URI Too Long";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
