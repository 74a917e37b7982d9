package io.sockeye.http;

import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpHandler;
import java.util.Map;

/**
 * What every connection of a server uses. Immutable; the counters and the texts are thread-safe.
 *
 * @param movable the event loops between which a connection can move
 */
record HttpServices(
        HttpServerConfig config,
        HttpHandler routes,
        Counters counters,
        RecurringTexts texts,
        Map<EventLoop, LoopConnections> movable) {

    long keepAliveTimeoutNanos() {
        return config.keepAliveTimeout().toNanos();
    }

    long headTimeoutNanos() {
        return config.headTimeout().toNanos();
    }

    long bodyTimeoutNanos() {
        return config.bodyTimeout().toNanos();
    }
}
