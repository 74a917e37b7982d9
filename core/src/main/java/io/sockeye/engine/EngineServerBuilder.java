package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Builds an {@link EngineServer}. Each setter checks its value at once. Confined to one thread. */
public final class EngineServerBuilder {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    private Duration pingInterval = Duration.ofSeconds(25);
    private Duration pingTimeout = Duration.ofSeconds(20);
    private Duration upgradeTimeout = Duration.ofSeconds(10);
    private Duration allowRequestTimeout = Duration.ofSeconds(10);
    private int maxPayload = 1_000_000;
    private int httpCompressionThreshold = 1024;
    private int perMessageDeflateThreshold = Integer.MAX_VALUE;
    private @Nullable List<TransportFactory> transports; // null: those that the ServiceLoader finds
    private boolean allowUpgrades = true;
    private boolean allowEio3;
    private Predicate<HttpExchange> allowOrigin = new SameOrigin();
    private @Nullable RequestGuard allowRequest;
    private @Nullable SessionCookie cookie;
    private @Nullable EncodedPacket initialPacket;
    private int sendQueueLimit = 16 << 20;
    private OverflowPolicy overflow = OverflowPolicy.DISCONNECT;
    private int maxSessions = Integer.MAX_VALUE;
    private int maxPendingHandshakes = 10_000;
    private @Nullable BiConsumer<HttpFields, HttpExchange> initialHeaders;
    private @Nullable BiConsumer<HttpFields, HttpExchange> headers;
    private Consumer<ConnectionError> connectionError = error -> {};
    private Consumer<EngineSession> openListener = session -> {};
    private @Nullable ForeignSessions foreignSessions; // null: every session is here

    EngineServerBuilder() {}

    /** How long after a pong the server sends its next ping (Engine.IO v4, Heartbeat). Default: 25 s. */
    public EngineServerBuilder pingInterval(Duration pingInterval) {
        this.pingInterval = requireInRange("pingInterval", pingInterval);
        return this;
    }

    /** How long the server waits for the pong before it ends the session (Engine.IO v4, Heartbeat). Default: 20 s. */
    public EngineServerBuilder pingTimeout(Duration pingTimeout) {
        this.pingTimeout = requireInRange("pingTimeout", pingTimeout);
        return this;
    }

    /** How long a client may take from its probe to the end of the upgrade; then the probe is closed. Default: 10 s. */
    public EngineServerBuilder upgradeTimeout(Duration upgradeTimeout) {
        this.upgradeTimeout = requireInRange("upgradeTimeout", upgradeTimeout);
        return this;
    }

    /** The longest message or request body in bytes that a client may send. Default: 1,000,000. */
    public EngineServerBuilder maxPayload(int maxPayload) {
        this.maxPayload = requirePositive("maxPayload", maxPayload);
        return this;
    }

    /**
     * The enabled transports, most widely usable first. Default: those that the {@link java.util.ServiceLoader} finds,
     * {@code polling} and {@code websocket} first.
     */
    public EngineServerBuilder transports(TransportFactory... transports) {
        Set<String> names = new HashSet<>();
        for (TransportFactory transport : transports) {
            if (!names.add(transport.name())) {
                throw new IllegalArgumentException("transports: " + transport.name() + " twice (expected: once each)");
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("transports: none (expected: at least one)");
        }
        this.transports = List.of(transports);
        return this;
    }

    /** Whether sessions may move from polling to a better transport. Default: true. */
    public EngineServerBuilder allowUpgrades(boolean allowUpgrades) {
        this.allowUpgrades = allowUpgrades;
        return this;
    }

    /**
     * Whether clients of the protocol's revision 3 are served, such as {@code socket.io-client} 1.x and 2.x, over
     * long-polling with all its forms (JSONP, octets, base64) and over WebSocket. Without it they are refused with code 5.
     * Default: false.
     */
    public EngineServerBuilder allowEio3(boolean allowEio3) {
        this.allowEio3 = allowEio3;
        return this;
    }

    /** Decides on handshakes, after everything else was checked. Default: none, every handshake is accepted. */
    public EngineServerBuilder allowRequest(RequestGuard allowRequest) {
        this.allowRequest = Objects.requireNonNull(allowRequest, "allowRequest");
        return this;
    }

    /** How long {@link #allowRequest} may take before the handshake is refused. Default: 10 s. */
    public EngineServerBuilder allowRequestTimeout(Duration allowRequestTimeout) {
        this.allowRequestTimeout = requireInRange("allowRequestTimeout", allowRequestTimeout);
        return this;
    }

    /**
     * Decides whether the {@linkplain HttpExchange#origin origin} of a handshake or an upgrade is welcome; false refuses with 403, code 4. Called on
     * event loops, must not block; an exception refuses. Default: there is no {@code Origin}, or it is the request's own
     * {@code Host}.
     */
    public EngineServerBuilder allowOrigin(Predicate<HttpExchange> allowOrigin) {
        this.allowOrigin = Objects.requireNonNull(allowOrigin, "allowOrigin");
        return this;
    }

    /** Sets a cookie to the session's identifier in the answer to a polling handshake. Default: none. */
    public EngineServerBuilder cookie(SessionCookie cookie) {
        this.cookie = Objects.requireNonNull(cookie, "cookie");
        return this;
    }

    /**
     * Answers to polls of at least this many bytes are compressed with gzip or deflate when the client accepts it.
     * Default: 1024 bytes; {@link Integer#MAX_VALUE} turns compression off.
     */
    public EngineServerBuilder httpCompressionThreshold(int bytes) {
        this.httpCompressionThreshold = requireNotNegative("httpCompressionThreshold", bytes);
        return this;
    }

    /**
     * WebSocket messages of at least this many bytes are compressed when the client offers {@code permessage-deflate}
     * (RFC 7692). Default: {@link Integer#MAX_VALUE}, the extension is off.
     */
    public EngineServerBuilder perMessageDeflateThreshold(int bytes) {
        this.perMessageDeflateThreshold = requireNotNegative("perMessageDeflateThreshold", bytes);
        return this;
    }

    /** A packet that every session gets right behind the handshake's. Default: none. */
    public EngineServerBuilder initialPacket(EncodedPacket initialPacket) {
        this.initialPacket = Objects.requireNonNull(initialPacket, "initialPacket");
        return this;
    }

    /**
     * The most bytes that may wait in one session's send queue, counted as {@link EngineSession#queuedBytes} says. A longer
     * message can never be sent. Default: 16 MiB: enough for sixteen messages as long as {@link #maxPayload}'s default to
     * wait out a client's short stall, and little enough that a few stalled clients do not fill an ordinary heap. What a
     * broadcast queues is counted for each recipient, though they share its bytes.
     */
    public EngineServerBuilder sendQueueLimit(int bytes) {
        this.sendQueueLimit = requirePositive("sendQueueLimit", bytes);
        return this;
    }

    /** What happens to a packet that does not fit the send queue. Default: {@link OverflowPolicy#DISCONNECT}. */
    public EngineServerBuilder overflow(OverflowPolicy overflow) {
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        return this;
    }

    /** The most sessions at a time; a handshake beyond them is answered with 503. Default: no limit. */
    public EngineServerBuilder maxSessions(int maxSessions) {
        this.maxSessions = requirePositive("maxSessions", maxSessions);
        return this;
    }

    /** The most handshakes that may wait for {@link #allowRequest}; one beyond them is answered with 503. Default: 10,000. */
    public EngineServerBuilder maxPendingHandshakes(int maxPendingHandshakes) {
        this.maxPendingHandshakes = requirePositive("maxPendingHandshakes", maxPendingHandshakes);
        return this;
    }

    /**
     * Adds headers to the answer of an accepted handshake, WebSocket included. Called on event loops before
     * {@link #headers}'s; must not block. Default: none.
     */
    public EngineServerBuilder initialHeaders(BiConsumer<HttpFields, HttpExchange> initialHeaders) {
        this.initialHeaders = Objects.requireNonNull(initialHeaders, "initialHeaders");
        return this;
    }

    /**
     * Adds headers to the answer of every request that a transport answers, handshakes included. Called on event loops;
     * must not block. Default: none.
     */
    public EngineServerBuilder headers(BiConsumer<HttpFields, HttpExchange> headers) {
        this.headers = Objects.requireNonNull(headers, "headers");
        return this;
    }

    /** Learns of every request that is refused. Called on event loops; must not block. Default: nobody. */
    public EngineServerBuilder onConnectionError(Consumer<ConnectionError> listener) {
        this.connectionError = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Learns of every new session, on the session's event loop, before any packet is delivered: the place to set
     * {@link EngineSession#listener}. Must not block; an exception ends the session. Default: nobody.
     */
    public EngineServerBuilder onSession(Consumer<EngineSession> listener) {
        this.openListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Serves requests of sessions that other servers have; identifiers then begin with the server's tag. Default: nobody, a
     * session that is not here is unknown.
     */
    public EngineServerBuilder foreignSessions(ForeignSessions foreignSessions) {
        this.foreignSessions = Objects.requireNonNull(foreignSessions, "foreignSessions");
        return this;
    }

    /**
     * The server, with the settings as they are now.
     *
     * @throws IllegalStateException when no transport is set and none is found
     */
    public EngineServer build() {
        return build(Environment.system());
    }

    EngineServer build(Environment environment) {
        return new EngineServer(config(), environment);
    }

    /** A client that does not come for its farewell in the time it has for a pong is gone. */
    private long closeTimeoutNanos() {
        return Math.min(pingTimeout.toNanos(), LONGEST_CLOSE.toNanos());
    }

    private EngineConfig config() {
        return new EngineConfig(
                pingInterval.toNanos(),
                pingTimeout.toNanos(),
                upgradeTimeout.toNanos(),
                allowRequestTimeout.toNanos(),
                new TransportConfig(
                        maxPayload, httpCompressionThreshold, perMessageDeflateThreshold, closeTimeoutNanos()),
                List.copyOf(transports != null ? transports : InstalledTransports.find()),
                allowUpgrades,
                allowEio3,
                allowOrigin,
                allowRequest,
                cookie,
                initialPacket,
                sendQueueLimit,
                overflow,
                maxSessions,
                maxPendingHandshakes,
                initialHeaders,
                headers,
                connectionError,
                openListener,
                foreignSessions);
    }

    private static Duration requireInRange(String setting, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: 1 ms to 1 day)");
        }
        return value;
    }

    private static int requirePositive(String setting, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    private static int requireNotNegative(String setting, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: >= 0)");
        }
        return value;
    }
}
