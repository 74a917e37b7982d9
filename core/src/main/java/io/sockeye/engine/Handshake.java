package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.TransportFactory;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that asks for a new session (Engine.IO v4, Handshake). Confined to the exchange's event loop.
 *
 * <p>States: <em>checking</em>, then <em>waiting</em> for {@link RequestGuard} if there is one, then <em>settled</em>:
 * refused, aborted by the client, or handed to a transport.
 */
final class Handshake extends Timer {
    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    private final EngineServer server;
    private final HttpExchange exchange;
    private final TransportFactory factory;
    private final boolean upgrade;
    private final EngineLoop loop;
    private boolean waiting;

    Handshake(EngineServer server, HttpExchange exchange, TransportFactory factory, boolean upgrade) {
        this.server = server;
        this.exchange = exchange;
        this.factory = factory;
        this.upgrade = upgrade;
        this.loop = server.loopOf(exchange.eventLoop());
    }

    void start() {
        Refusal refusal = server.check().handshake(exchange, factory, upgrade);
        if (refusal == null) {
            refusal = server.busy();
        }
        if (refusal != null) {
            server.refuse(exchange, upgrade, refusal);
            return;
        }
        RequestGuard guard = server.config().allowRequest();
        if (guard == null) {
            admit();
        } else {
            ask(guard);
        }
    }

    @Override
    void expire() {
        log.warn("allowRequest took too long; the handshake is refused");
        settle(Admission.refuse());
    }

    private void ask(RequestGuard guard) {
        if (!server.countPending()) {
            server.refuse(exchange, upgrade, Refusal.busy("TOO_MANY_HANDSHAKES", "Too many handshakes"));
            return;
        }
        waiting = true;
        try {
            guard.admit(exchange)
                    .whenComplete((admission, failure) -> loop.execute(() -> onAnswer(admission, failure)));
        } catch (RuntimeException | Error e) {
            onFailure(e);
        }
        if (waiting) {
            loop.timers.arm(this, server.config().allowRequestTimeoutNanos());
            exchange.onAbort(() -> settle(null));
        }
    }

    private void onAnswer(@Nullable Admission admission, @Nullable Throwable failure) {
        if (failure != null || admission == null) {
            onFailure(failure);
        } else {
            settle(admission);
        }
    }

    private void onFailure(@Nullable Throwable failure) {
        if (waiting) {
            // The exception's text may hold what the peer sent.
            log.warn(
                    "allowRequest failed with {}; the handshake is refused",
                    failure == null ? "null" : failure.getClass().getName());
            log.debug("allowRequest failed", failure);
            settle(Admission.refuse());
        }
    }

    /** Ends the waiting; null when the client has gone. */
    private void settle(@Nullable Admission admission) {
        if (!waiting) {
            return;
        }
        waiting = false;
        loop.timers.cancel(this);
        server.uncountPending();
        if (admission == null) {
            log.debug("A client went away during its handshake");
        } else if (admission.accepted()) {
            Refusal busy = server.busy();
            if (busy == null) {
                admit();
            } else {
                server.refuse(exchange, upgrade, busy);
            }
        } else {
            server.refuse(exchange, upgrade, Refusal.byGuard(admission.message()));
        }
    }

    private void admit() {
        Refusal refusal = server.check().revision(exchange);
        if (refusal != null) {
            server.refuse(exchange, upgrade, refusal);
            return;
        }
        String id = server.newSessionId();
        EngineConfig config = server.config();
        HttpFields headers = exchange.responseHeaders();
        SessionCookie cookie = config.cookie();
        if (cookie != null && !factory.upgradesConnection()) {
            headers.add("Set-Cookie", cookie.header(id));
        }
        addHeaders(config.initialHeaders(), exchange);
        addHeaders(config.headers(), exchange);
        try {
            factory.open(
                    exchange,
                    config.transport(),
                    exchange.eventLoop(),
                    transport -> server.openSession(id, transport, factory, exchange));
        } catch (RuntimeException | Error e) {
            log.error("The {} transport failed to open", factory.name(), e);
            server.refuse(exchange, upgrade, Refusal.of(EngineError.BAD_REQUEST, "name", "TRANSPORT_HANDSHAKE_ERROR"));
        }
    }

    /** Lets the application add headers to an answer; what it throws costs its headers only. */
    static void addHeaders(@Nullable BiConsumer<HttpFields, HttpExchange> hook, HttpExchange exchange) {
        if (hook != null) {
            try {
                hook.accept(exchange.responseHeaders(), exchange);
            } catch (RuntimeException e) {
                log.error("A listener that adds headers failed", e);
            }
        }
    }
}
