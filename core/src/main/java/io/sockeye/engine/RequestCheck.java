package io.sockeye.engine;

import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.TransportFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request must satisfy before it reaches a transport, in the reference's order. Each check returns null when it has
 * nothing against the request. Thread-safe, but {@link #sessionRequest} is for the session's event loop.
 */
final class RequestCheck {
    private static final Logger log = LoggerFactory.getLogger(RequestCheck.class);
    private static final int LONGEST_LOGGED_ORIGIN = 200;

    private final EngineConfig config;

    RequestCheck(EngineConfig config) {
        this.config = config;
    }

    /** Checks what holds for every request. */
    @Nullable Refusal anyRequest(HttpExchange exchange) {
        String transport = exchange.query("transport");
        if (config.transport(transport) == null) {
            return Refusal.of(EngineError.UNKNOWN_TRANSPORT, "transport", transport);
        }
        String origin = exchange.header("Origin");
        if (origin != null && !isFieldValue(origin)) {
            return Refusal.of(EngineError.BAD_REQUEST, "name", "INVALID_ORIGIN", "origin", origin);
        }
        return null;
    }

    /** Checks a handshake, but for {@link EngineConfig#allowRequest}. */
    @Nullable Refusal handshake(HttpExchange exchange, TransportFactory factory, boolean upgrade) {
        if (!exchange.method().equals("GET")) {
            return Refusal.of(EngineError.BAD_HANDSHAKE_METHOD, "method", exchange.method());
        }
        if (factory.upgradesConnection() && !upgrade) {
            return Refusal.of(EngineError.BAD_REQUEST, "name", "TRANSPORT_HANDSHAKE_ERROR");
        }
        return origin(exchange);
    }

    /** Checks the protocol's revision, which the reference does last. */
    @Nullable Refusal revision(HttpExchange exchange) {
        int revision = revisionOf(exchange);
        return revision == 4 || config.allowEio3()
                ? null
                : Refusal.of(EngineError.UNSUPPORTED_PROTOCOL_VERSION, "protocol", Integer.toString(revision));
    }

    /** Checks a further request of a session. */
    @Nullable Refusal sessionRequest(EngineSession session, HttpExchange exchange) {
        if (session.state() == EngineSession.State.CLOSED) {
            return Refusal.of(EngineError.UNKNOWN_SID, "sid", session.id());
        }
        String transport = exchange.query("transport");
        if (!session.transportName().equals(transport)) {
            return transportMismatch(session, transport);
        }
        Refusal mismatch = sessionRevision(session, exchange);
        if (mismatch != null) {
            return mismatch;
        }
        TransportFactory factory = config.transport(transport);
        return factory != null && factory.upgradesConnection()
                ? Refusal.of(EngineError.BAD_REQUEST, "name", "TRANSPORT_HANDSHAKE_ERROR")
                : null;
    }

    /** Checks a request that asks for an upgrade of a session. Any thread. */
    @Nullable Refusal sessionUpgrade(EngineSession session, HttpExchange exchange) {
        Refusal mismatch = sessionRevision(session, exchange);
        if (mismatch != null) {
            return mismatch;
        }
        return config.allowUpgrades() ? origin(exchange) : transportMismatch(session, exchange.query("transport"));
    }

    /** The revision that the request speaks. */
    static int revisionOf(HttpExchange exchange) {
        return Dialect.of(exchange.query("EIO"), null).revision();
    }

    private static @Nullable Refusal sessionRevision(EngineSession session, HttpExchange exchange) {
        int revision = revisionOf(exchange);
        return revision == session.protocol()
                ? null
                : Refusal.of(
                        EngineError.BAD_REQUEST,
                        "name",
                        "PROTOCOL_MISMATCH",
                        "protocol",
                        Integer.toString(revision),
                        "previousProtocol",
                        Integer.toString(session.protocol()));
    }

    private static Refusal transportMismatch(EngineSession session, @Nullable String transport) {
        return Refusal.of(
                EngineError.BAD_REQUEST,
                "name",
                "TRANSPORT_MISMATCH",
                "transport",
                transport,
                "previousTransport",
                session.transportName());
    }

    private @Nullable Refusal origin(HttpExchange exchange) {
        boolean allowed;
        try {
            allowed = config.allowOrigin().test(exchange);
        } catch (RuntimeException e) {
            log.error("allowOrigin failed; the request is refused", e);
            allowed = false;
        }
        if (allowed) {
            return null;
        }
        String origin = exchange.origin();
        log.info("Refused a request of origin {}; allow it with corsOrigins", printable(origin));
        return Refusal.of(EngineError.FORBIDDEN, "name", "ORIGIN_NOT_ALLOWED", "origin", origin);
    }

    /** RFC 9110, 5.5: printable, space, tab, or beyond ASCII. */
    private static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static String printable(@Nullable String text) {
        if (text == null) {
            return "none";
        }
        String start = text.length() > LONGEST_LOGGED_ORIGIN ? text.substring(0, LONGEST_LOGGED_ORIGIN) + "…" : text;
        StringBuilder safe = new StringBuilder(start.length());
        start.chars().forEach(c -> safe.append((c > ' ' && c < 0x7f) || c == '…' ? (char) c : '?'));
        return safe.toString();
    }
}
