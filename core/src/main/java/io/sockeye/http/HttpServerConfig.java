package io.sockeye.http;

import io.sockeye.transport.HttpHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link HttpServer} was built with, checked by its builder. Immutable. */
record HttpServerConfig(
        @Nullable String host,
        int port,
        @Nullable TlsConfig tls,
        IoBackend ioBackend,
        int eventLoopThreads,
        int backlog,
        Duration keepAliveTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        int maxHeadSize,
        int maxConnections,
        int maxConnectionsPerAddress,
        List<Mount> mounts,
        @Nullable HttpHandler handler) {

    /** A handler for every request whose target starts with the prefix. */
    record Mount(String prefix, HttpHandler handler) {}
}
