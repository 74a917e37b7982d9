package io.sockeye.http;

import io.sockeye.transport.HttpHandler;

/** What every connection of a server uses. Immutable; the counters are thread-safe. */
record HttpServices(HttpServerConfig config, HttpHandler routes, Counters counters) {

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
