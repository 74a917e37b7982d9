package io.sockeye.http;

import java.time.Duration;

/**
 * An HTTP/1.1 server on Netty: accepts connections, parses requests and hands them to the handlers it was built with.
 *
 * <p>States: <em>new</em>, <em>listening</em> after {@link #start}, <em>draining</em> after {@link #stopAccepting},
 * <em>closed</em> after {@link #close}. Thread-safe; {@code close} must not be called on an event loop.
 */
public final class HttpServer implements AutoCloseable {
    private final HttpServerConfig config;

    HttpServer(HttpServerConfig config) {
        this.config = config;
    }

    /** A builder with the defaults. */
    public static HttpServerBuilder builder() {
        return new HttpServerBuilder();
    }

    /**
     * Starts the event loops and listens.
     *
     * @throws java.io.UncheckedIOException when the address cannot be listened on
     * @throws IllegalStateException when the server was started before, or the I/O backend or the certificate that was
     *     asked for cannot be used; the message says why
     */
    public HttpServer start() {
        throw new UnsupportedOperationException(config.toString());
    }

    /**
     * The port the server listens on.
     *
     * @throws IllegalStateException before {@link #start}
     */
    public int port() {
        throw new IllegalStateException();
    }

    /**
     * Accepts no further connections and closes idle ones; those with an exchange are closed as soon as it is answered,
     * and those taken over by a transport stay. Returns at once. Idempotent.
     */
    public void stopAccepting() {}

    /** Closes the server with 5 s for exchanges under way. See {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /**
     * Stops accepting, lets exchanges under way finish within the deadline, closes every connection and ends the event
     * loops. Returns when no thread of the server is left. Idempotent.
     */
    public void close(Duration deadline) {}

    /** What has been counted so far. */
    public HttpServerStats stats() {
        throw new UnsupportedOperationException();
    }
}
