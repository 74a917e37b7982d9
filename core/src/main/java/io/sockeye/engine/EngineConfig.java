package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an {@link EngineServerBuilder} was told, checked. Immutable; the builder's setters say what each setting means. */
record EngineConfig(
        long pingIntervalNanos,
        long pingTimeoutNanos,
        long upgradeTimeoutNanos,
        long allowRequestTimeoutNanos,
        TransportConfig transport,
        List<TransportFactory> transports,
        boolean allowUpgrades,
        boolean allowEio3,
        Predicate<HttpExchange> allowOrigin,
        @Nullable RequestGuard allowRequest,
        @Nullable SessionCookie cookie,
        @Nullable EncodedPacket initialPacket,
        long sendQueueLimit,
        OverflowPolicy overflow,
        int maxSessions,
        int maxPendingHandshakes,
        @Nullable BiConsumer<HttpFields, HttpExchange> initialHeaders,
        @Nullable BiConsumer<HttpFields, HttpExchange> headers,
        Consumer<ConnectionError> connectionError,
        Consumer<EngineSession> openListener,
        @Nullable ForeignSessions foreignSessions) {

    /** How long the body of an answer can be: a whole send queue, which base64 and escapes may double. */
    int maxAnswer() {
        return (int) Math.min(Integer.MAX_VALUE, 2 * sendQueueLimit + transport.maxPayload());
    }

    /** The enabled transport of that name; null when there is none. */
    @Nullable TransportFactory transport(@Nullable String name) {
        for (TransportFactory factory : transports) {
            if (factory.name().equals(name)) {
                return factory;
            }
        }
        return null;
    }

    /** The first enabled transport that takes a connection over; null when only requests are served. */
    @Nullable TransportFactory connectionTransport() {
        for (TransportFactory factory : transports) {
            if (factory.upgradesConnection()) {
                return factory;
            }
        }
        return null;
    }
}
