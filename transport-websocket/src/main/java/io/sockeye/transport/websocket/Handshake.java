package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.TransportConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake (RFC 6455, 4.2), with the checks, the order of them and the answers of the
 * reference's {@code ws}. Immutable.
 *
 * @param accept the value of {@code Sec-WebSocket-Accept}
 * @param protocol the subprotocol, the first that the client offers; null when it offers none
 * @param extensions the answer to the offered extensions; null when none is accepted
 */
record Handshake(
        String accept, @Nullable String protocol, @Nullable String extensions) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern KEY = Pattern.compile("[+/0-9A-Za-z]{22}==");
    private static final Pattern VERSION = Pattern.compile("0*(13|8)");

    /** Why a request is refused: the status, the body and perhaps one more header. */
    record Refusal(int status, String text, String... header) {
        void answer(HttpExchange exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            HttpFields headers = HttpFields.of(
                    "Connection",
                    "close",
                    "Content-Type",
                    "text/html",
                    "Content-Length",
                    Integer.toString(body.length));
            for (int i = 0; i < header.length; i += 2) {
                headers.add(header[i], header[i + 1]);
            }
            exchange.respond(status, headers, body);
        }
    }

    /** What is wrong with a request; null when it can be accepted but for its subprotocols and extensions. */
    static @Nullable Refusal refusal(HttpExchange exchange) {
        if (!exchange.method().equals("GET")) {
            return new Refusal(405, "Invalid HTTP method");
        }
        String upgrade = value(exchange, "Upgrade");
        if (!exchange.upgradeRequested() || upgrade == null || !upgrade.equalsIgnoreCase("websocket")) {
            return new Refusal(400, "Invalid Upgrade header");
        }
        String key = value(exchange, "Sec-WebSocket-Key");
        if (key == null || !KEY.matcher(key).matches()) {
            return new Refusal(400, "Missing or invalid Sec-WebSocket-Key header");
        }
        String version = value(exchange, "Sec-WebSocket-Version");
        if (version == null || !VERSION.matcher(version).matches()) {
            return new Refusal(
                    400, "Missing or invalid Sec-WebSocket-Version header", "Sec-WebSocket-Version", "13, 8");
        }
        return null;
    }

    /** The handshake to answer a request with; null when the request was refused, and answered, instead. */
    static @Nullable Handshake accept(HttpExchange exchange, TransportConfig config) {
        Refusal refusal = refusal(exchange);
        String protocol = null;
        String extensions = null;
        if (refusal == null) {
            try {
                protocol = protocol(value(exchange, "Sec-WebSocket-Protocol"));
            } catch (ProtocolException e) {
                refusal = new Refusal(400, "Invalid Sec-WebSocket-Protocol header");
            }
        }
        String offers = value(exchange, "Sec-WebSocket-Extensions");
        if (refusal == null && offers != null && config.perMessageDeflateThreshold() < Integer.MAX_VALUE) {
            try {
                extensions = DeflateNegotiation.answer(ExtensionOffer.parse(offers));
            } catch (ProtocolException e) {
                refusal = new Refusal(400, "Invalid or unacceptable Sec-WebSocket-Extensions header");
            }
        }
        if (refusal != null) {
            refusal.answer(exchange);
            return null;
        }
        return new Handshake(acceptOf(String.valueOf(value(exchange, "Sec-WebSocket-Key"))), protocol, extensions);
    }

    /** Whether messages may be compressed. */
    boolean compression() {
        return extensions != null;
    }

    /** The answer's head: these headers and those that every answer to the request carries, nothing else. */
    ByteBuf head(ByteBufAllocator allocator, HttpFields responseHeaders) {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                .append("Sec-WebSocket-Accept: ")
                .append(accept)
                .append("\r\n");
        if (protocol != null) {
            head.append("Sec-WebSocket-Protocol: ").append(protocol).append("\r\n");
        }
        if (extensions != null) {
            head.append("Sec-WebSocket-Extensions: ").append(extensions).append("\r\n");
        }
        responseHeaders.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        ByteBuf bytes = allocator.directBuffer(head.length());
        ByteBufUtil.writeAscii(bytes, head);
        return bytes;
    }

    /** RFC 6455, 4.2.2: proves that the request was understood as a WebSocket handshake. */
    private static String acceptOf(String key) {
        byte[] hash = LoopResources.local().sha1().digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    /** The first of the offered subprotocols. */
    private static @Nullable String protocol(@Nullable String header) throws ProtocolException {
        if (header == null) {
            return null;
        }
        HeaderScanner scanner = new HeaderScanner(header);
        String first = scanner.token();
        Set<String> seen = new HashSet<>(Set.of(first));
        while (scanner.skip(',')) {
            if (!seen.add(scanner.token())) {
                throw new ProtocolException("duplicate subprotocol");
            }
        }
        scanner.requireEnd();
        return first;
    }

    /** A header's value, joined where the header is repeated, as Node.js joins it; null when absent. */
    private static @Nullable String value(HttpExchange exchange, String name) {
        return exchange.headers().joined(name);
    }
}
