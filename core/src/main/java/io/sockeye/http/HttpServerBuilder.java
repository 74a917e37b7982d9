package io.sockeye.http;

import io.sockeye.transport.HttpHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds an {@link HttpServer}. Each setter checks its value at once. Confined to one thread. */
public final class HttpServerBuilder {
    private @Nullable String host; // null: every interface
    private int port;
    private @Nullable TlsConfig tls; // null: unencrypted
    private IoBackend ioBackend = IoBackend.AUTO;
    private int eventLoopThreads = Runtime.getRuntime().availableProcessors();
    private int backlog = 1024;
    private Duration keepAliveTimeout = Duration.ofSeconds(5);
    private Duration headTimeout = Duration.ofMinutes(1);
    private Duration bodyTimeout = Duration.ofMinutes(5);
    private int maxHeadSize = 16 * 1024;
    private int maxConnections = Integer.MAX_VALUE;
    private int maxConnectionsPerAddress = Integer.MAX_VALUE;
    private final List<HttpServerConfig.Mount> mounts = new ArrayList<>();
    private @Nullable HttpHandler handler; // null: 404

    HttpServerBuilder() {}

    /** The address or host name to listen on. Default: every interface. */
    public HttpServerBuilder host(String host) {
        this.host = Objects.requireNonNull(host, "host");
        return this;
    }

    /** The port to listen on; 0 takes a free one, see {@link HttpServer#port}. Default: 0. */
    public HttpServerBuilder port(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
        }
        this.port = port;
        return this;
    }

    /** Encrypts every connection. Default: none is. */
    public HttpServerBuilder tls(TlsConfig tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /** What the event loops wait for sockets with. Default: {@link IoBackend#AUTO}. */
    public HttpServerBuilder ioBackend(IoBackend ioBackend) {
        this.ioBackend = Objects.requireNonNull(ioBackend, "ioBackend");
        return this;
    }

    /** How many event loops share the connections. Default: the number of processors. */
    public HttpServerBuilder eventLoopThreads(int eventLoopThreads) {
        this.eventLoopThreads = positive("eventLoopThreads", eventLoopThreads);
        return this;
    }

    /** How many connections the operating system keeps waiting to be accepted. Default: 1024. */
    public HttpServerBuilder backlog(int backlog) {
        this.backlog = positive("backlog", backlog);
        return this;
    }

    /** How long a connection may stay idle between two requests; told to clients in whole seconds. Default: 5 s. */
    public HttpServerBuilder keepAliveTimeout(Duration keepAliveTimeout) {
        this.keepAliveTimeout = positive("keepAliveTimeout", keepAliveTimeout);
        return this;
    }

    /** How long a client may take over sending a request's head, and over a TLS handshake. Default: 60 s. */
    public HttpServerBuilder headTimeout(Duration headTimeout) {
        this.headTimeout = positive("headTimeout", headTimeout);
        return this;
    }

    /** How long a client may take over sending a request's body, after its head. Default: 300 s. */
    public HttpServerBuilder bodyTimeout(Duration bodyTimeout) {
        this.bodyTimeout = positive("bodyTimeout", bodyTimeout);
        return this;
    }

    /** How many bytes a request's line may have, and how many its headers together. Default: 16 KiB. */
    public HttpServerBuilder maxHeadSize(int maxHeadSize) {
        this.maxHeadSize = positive("maxHeadSize", maxHeadSize);
        return this;
    }

    /** How many connections may be open at once; further ones are closed as they come. Default: no limit. */
    public HttpServerBuilder maxConnections(int maxConnections) {
        this.maxConnections = positive("maxConnections", maxConnections);
        return this;
    }

    /** How many connections of one address may be open at once. Not for use behind a proxy. Default: no limit. */
    public HttpServerBuilder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
        this.maxConnectionsPerAddress = positive("maxConnectionsPerAddress", maxConnectionsPerAddress);
        return this;
    }

    /**
     * Hands every request whose target starts with the prefix and a slash to the handler: {@code /socket.io} takes
     * {@code /socket.io/?EIO=4} and {@code /socket.io/foo}, but not {@code /socket.io?EIO=4}. Of several prefixes the
     * longest wins.
     */
    public HttpServerBuilder mount(String pathPrefix, HttpHandler handler) {
        return mount(pathPrefix, /* addTrailingSlash= */ true, handler);
    }

    /**
     * As {@link #mount(String, HttpHandler)}.
     *
     * @param addTrailingSlash whether a slash must follow the prefix; without it {@code /socket.io} also takes
     *     {@code /socket.io?EIO=4} and {@code /socket.iofoo}
     */
    public HttpServerBuilder mount(String pathPrefix, boolean addTrailingSlash, HttpHandler handler) {
        if (!pathPrefix.startsWith("/")) {
            throw new IllegalArgumentException("pathPrefix: " + pathPrefix + " (expected: starts with /)");
        }
        String bare = pathPrefix.endsWith("/") ? pathPrefix.substring(0, pathPrefix.length() - 1) : pathPrefix;
        mounts.add(new HttpServerConfig.Mount(
                addTrailingSlash ? bare + '/' : bare, Objects.requireNonNull(handler, "handler")));
        return this;
    }

    /** Answers the requests that nothing is mounted for. Default: they get 404. */
    public HttpServerBuilder handler(HttpHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** The server, not yet started. */
    public HttpServer build() {
        return new HttpServer(config());
    }

    HttpServerConfig config() {
        return new HttpServerConfig(
                host,
                port,
                tls,
                ioBackend,
                eventLoopThreads,
                backlog,
                keepAliveTimeout,
                headTimeout,
                bodyTimeout,
                maxHeadSize,
                maxConnections,
                maxConnectionsPerAddress,
                List.copyOf(mounts),
                handler);
    }

    private static int positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
