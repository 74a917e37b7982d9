package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpHandler;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Engine.IO server (revision 4, and 3 where it is allowed): answers the requests of its path, and keeps the sessions they belong to.
 *
 * <p>States: <em>open</em> from creation, <em>draining</em> after {@link #close} while sessions end and no new one begins,
 * <em>closed</em> when none is left.
 *
 * <p>Thread-safe.
 */
public final class EngineServer implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(EngineServer.class);

    private static final int ID_BYTES = 15;
    private static final Pattern SESSION_ID = Pattern.compile("[A-Za-z0-9_-]{20}");
    private static final int PONG_TIMES = 6;
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);
    private static final long SHORTEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

    private final EngineConfig config;
    private final Environment environment;
    private final RequestCheck check;
    private final KnownTargets targets = new KnownTargets();
    private final EngineCounters counters = new EngineCounters();
    private final long tickNanos;
    private final String handshakeAfterId; // of a session whose transport can be bettered
    private final String finalHandshakeAfterId; // of one whose transport cannot
    private final ConcurrentMap<String, EngineSession> sessions = new ConcurrentHashMap<>();
    private final ConcurrentMap<EventLoop, EngineLoop> loops = new ConcurrentHashMap<>();
    private final AtomicInteger pendingHandshakes = new AtomicInteger();
    private final AtomicReference<@Nullable Drain> drain = new AtomicReference<>(); // null while open

    EngineServer(EngineConfig config, Environment environment) {
        this.config = config;
        this.environment = environment;
        this.check = new RequestCheck(config);
        long shortest = Math.min(config.pingIntervalNanos(), config.pingTimeoutNanos());
        this.tickNanos = Math.max(SHORTEST_TICK_NANOS, Math.min(shortest / 32, LONGEST_TICK_NANOS));
        this.handshakeAfterId = handshakeAfterId(config, config.allowUpgrades());
        this.finalHandshakeAfterId = handshakeAfterId(config, /* upgrades= */ false);
    }

    /** A builder with the defaults that its setters name. */
    public static EngineServerBuilder builder() {
        return new EngineServerBuilder();
    }

    /**
     * Answers a request. The caller has matched the path; only the query counts here. Called on the exchange's event loop.
     */
    @Override
    public void handle(HttpExchange exchange) {
        TransportFactory connections = config.connectionTransport();
        boolean upgrade = exchange.upgradeRequested() && connections != null;
        Refusal refusal = check.anyRequest(exchange);
        if (refusal != null) {
            refuse(exchange, upgrade, refusal);
            return;
        }
        TransportFactory factory = Objects.requireNonNull(config.transport(exchange.query("transport")));
        String id = exchange.query("sid");
        if (id == null || id.isEmpty()) {
            if (upgrade && connections != null && !factory.upgradesConnection()) {
                openAndClose(exchange, connections);
            } else {
                new Handshake(this, exchange, factory, upgrade).start();
            }
            return;
        }
        EngineSession session = sessions.get(id);
        if (session == null) {
            onForeignSession(exchange, upgrade, id);
        } else if (!upgrade) {
            session.execute(() -> onSessionRequest(session, exchange));
        } else if (connections != null) {
            onSessionUpgrade(session, exchange, factory.upgradesConnection() ? factory : null, connections);
        }
    }

    /** How many sessions are open or closing. */
    public int sessions() {
        return sessions.size();
    }

    /** The session of that identifier; null when there is none. */
    public @Nullable EngineSession session(String id) {
        return sessions.get(id);
    }

    /**
     * How long ago at most something was sent that a client, whose session is open, has not received. It is not longer, because
     * the client has answered a ping behind it: the ping interval, and twice the time for a pong, which may be given up to three
     * times per ping. Says nothing of sessions whose reading was paused.
     */
    public Duration longestSilence() {
        return Duration.ofNanos(config.pingIntervalNanos() + PONG_TIMES * config.pingTimeoutNanos());
    }

    /** What the server has done so far. */
    public EngineStats stats() {
        return counters.snapshot(sessions.size());
    }

    /** Like {@link #close(Duration, Duration)} with all sessions at once and a deadline of 10 s. */
    public CompletionStage<Void> close() {
        return close(Duration.ZERO, CLOSE_DEADLINE);
    }

    /**
     * Ends the server: refuses new handshakes with 503 from now on, and closes every session in order. Idempotent: only the
     * first call's times count.
     *
     * @param spread the time over which the sessions are closed, one after the other, so that their clients do not all
     *     reconnect at once; zero for all at once
     * @param deadline the time from now after which what is left is dropped; at least {@code spread}
     * @return completed when no session is left, on a thread that must not be blocked
     */
    public CompletionStage<Void> close(Duration spread, Duration deadline) {
        if (spread.isNegative()) {
            throw new IllegalArgumentException("spread: " + spread + " (expected: >= 0)");
        }
        if (deadline.compareTo(spread) < 0) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: >= spread)");
        }
        Drain mine = new Drain(spread, deadline);
        Drain first = drain.compareAndExchange(null, mine);
        if (first != null) {
            return first.done().minimalCompletionStage();
        }
        log.debug("Closing {} sessions", sessions.size());
        mine.start(sessions.values(), session -> onClosed(session, CloseReason.FORCED_CLOSE));
        completeDrain();
        return mine.done().minimalCompletionStage();
    }

    EngineConfig config() {
        return config;
    }

    RequestCheck check() {
        return check;
    }

    EngineCounters counters() {
        return counters;
    }

    EngineLoop loopOf(EventLoop eventLoop) {
        EngineLoop loop = loops.get(eventLoop);
        return loop != null ? loop : loops.computeIfAbsent(eventLoop, key -> new EngineLoop(key, tickNanos));
    }

    /** Whether the transport's session goes on over further requests, and so can move to a better transport. */
    boolean spansRequests(Transport transport) {
        TransportFactory factory = config.transport(transport.name());
        return factory != null && !factory.upgradesConnection();
    }

    /** What keeps the server from taking another session; null when nothing does. */
    @Nullable Refusal busy() {
        if (drain.get() != null) {
            return Refusal.busy("SERVER_CLOSING", "Server closing");
        }
        ForeignSessions foreign = config.foreignSessions();
        if (foreign != null && foreign.tag() == null) {
            return Refusal.busy("SERVER_STARTING", "Server starting");
        }
        return sessions.size() >= config.maxSessions() ? Refusal.busy("TOO_MANY_SESSIONS", "Too many sessions") : null;
    }

    /** Counts a handshake that waits for the application; false when there are too many. */
    boolean countPending() {
        if (pendingHandshakes.incrementAndGet() <= config.maxPendingHandshakes()) {
            return true;
        }
        pendingHandshakes.decrementAndGet();
        return false;
    }

    void uncountPending() {
        pendingHandshakes.decrementAndGet();
    }

    /** Engine.IO v4, Handshake: 20 characters that nobody can guess; in a cluster the tag, and 17 characters (102 bits). */
    String newSessionId() {
        byte[] bytes = new byte[ID_BYTES];
        environment.random().nextBytes(bytes);
        String id = Base64.getUrlEncoder().encodeToString(bytes);
        ForeignSessions foreign = config.foreignSessions();
        String tag = foreign == null ? null : foreign.tag();
        return tag == null ? id : tag + id.substring(ForeignSessions.TAG_LENGTH);
    }

    /** Opens a session on an admitted handshake's transport. Called on the transport's event loop. */
    void openSession(String id, Transport transport, TransportFactory factory, HttpExchange exchange) {
        EngineSession session = new EngineSession(
                this,
                loopOf(transport.eventLoop()),
                id,
                RequestCheck.revisionOf(exchange),
                HandshakeRequest.of(exchange, targets, environment.wallClock().instant()),
                transport);
        sessions.put(id, session);
        counters.opened();
        String afterId = factory.upgradesConnection() ? finalHandshakeAfterId : handshakeAfterId;
        session.open(EncodedPacket.control("0{\"sid\":\"" + id + afterId), config.initialPacket());
        try {
            config.openListener().accept(session);
        } catch (RuntimeException | Error e) {
            log.error("The listener for new sessions failed; the session ends", e);
            session.close();
        }
        if (!factory.upgradesConnection()) {
            transport.onRequest(exchange);
        }
        if (drain.get() != null) {
            session.abort(CloseReason.FORCED_CLOSE, "server closing"); // began before the drain, which may not know it
        }
    }

    void onClosed(EngineSession session, CloseReason reason) {
        if (sessions.remove(session.id(), session)) {
            counters.closed(reason);
            completeDrain();
        }
    }

    /** Refuses a request. Called on the exchange's event loop, or its session's. */
    void refuse(HttpExchange exchange, boolean upgrade, Refusal refusal) {
        log.debug("Refused a request: {} {}", refusal.error(), refusal.context().get("name"));
        counters.refused();
        try {
            config.connectionError()
                    .accept(new ConnectionError(refusal.error(), refusal.error().text(), refusal.context(), exchange));
        } catch (RuntimeException e) {
            log.error("The listener for refused requests failed", e);
        }
        refusal.answer(exchange, upgrade);
    }

    /** The session is not here. It may be elsewhere. */
    private void onForeignSession(HttpExchange exchange, boolean upgrade, String id) {
        ForeignSessions foreign = config.foreignSessions();
        Runnable unknown = () -> refuse(exchange, upgrade, Refusal.of(EngineError.UNKNOWN_SID, "sid", id));
        boolean taken = foreign != null
                && SESSION_ID.matcher(id).matches()
                && foreign.forward(new ForeignRequest(
                        exchange,
                        id.substring(0, ForeignSessions.TAG_LENGTH),
                        config.transport().maxPayload(),
                        config.maxAnswer(),
                        unknown));
        if (!taken) {
            unknown.run();
        }
    }

    private void onSessionRequest(EngineSession session, HttpExchange exchange) {
        Refusal refusal = check.sessionRequest(session, exchange);
        if (refusal != null) {
            refuse(exchange, /* upgrade= */ false, refusal);
            return;
        }
        Handshake.addHeaders(config.headers(), exchange);
        session.onRequest(exchange);
    }

    /** Engine.IO v4, Upgrade. */
    private void onSessionUpgrade(
            EngineSession session,
            HttpExchange exchange,
            @Nullable TransportFactory factory,
            TransportFactory connections) {
        Refusal refusal = check.sessionUpgrade(session, exchange);
        if (refusal != null) {
            refuse(exchange, /* upgrade= */ true, refusal);
        } else if (factory == null) {
            openAndClose(exchange, connections);
        } else {
            Handshake.addHeaders(config.headers(), exchange);
            factory.open(exchange, config.transport(), session.eventLoop(), transport -> onProbe(session, transport));
        }
    }

    private void onProbe(EngineSession session, Transport transport) {
        if (transport.eventLoop() == session.eventLoop()) {
            session.offerUpgrade(transport);
        } else {
            Transport near = LoopBridge.between(transport, session.loop(), loopOf(transport.eventLoop()));
            session.execute(() -> session.offerUpgrade(near));
        }
    }

    /** The reference's answer to an upgrade that names a transport without one: it switches protocols, and closes. */
    private void openAndClose(HttpExchange exchange, TransportFactory connections) {
        connections.open(exchange, config.transport(), exchange.eventLoop(), transport -> {
            transport.listener(Transport.Nobody.INSTANCE);
            transport.discard();
        });
    }

    private void completeDrain() {
        Drain current = drain.get();
        if (current != null && sessions.isEmpty()) {
            current.complete();
        }
    }

    /** Engine.IO v4, Handshake, keys in the reference's order. */
    private static String handshakeAfterId(EngineConfig config, boolean upgrades) {
        StringBuilder json = new StringBuilder(96).append("\",\"upgrades\":[");
        if (upgrades) {
            String separator = "";
            for (TransportFactory factory : config.transports()) {
                if (factory.upgradesConnection()) {
                    json.append(separator).append('"').append(factory.name()).append('"');
                    separator = ",";
                }
            }
        }
        return json.append("],\"pingInterval\":")
                .append(TimeUnit.NANOSECONDS.toMillis(config.pingIntervalNanos()))
                .append(",\"pingTimeout\":")
                .append(TimeUnit.NANOSECONDS.toMillis(config.pingTimeoutNanos()))
                .append(",\"maxPayload\":")
                .append(config.transport().maxPayload())
                .append('}')
                .toString();
    }
}
