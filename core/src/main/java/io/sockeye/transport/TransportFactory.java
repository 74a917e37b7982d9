package io.sockeye.transport;

import java.util.function.Consumer;

/**
 * Makes the transports of one kind. Found with {@link java.util.ServiceLoader} or set by hand on the builder.
 *
 * <p>Thread-safe and without state of its own.
 */
public interface TransportFactory {

    /** The value of the {@code transport} query parameter that selects this kind. */
    String name();

    /** Whether a client may move to this transport from another one; such a transport's request asks for an upgrade. */
    boolean upgradesConnection();

    /**
     * Opens a transport for a request that the engine has admitted: a handshake, or the probe of an upgrade. Called on the
     * exchange's event loop.
     *
     * <p>Calls {@code opened} once, now or later, on the {@linkplain Transport#eventLoop() transport's event loop}, and
     * delivers no packet before it returns; or answers the exchange itself when the request does not satisfy the
     * transport. For a transport that spans several requests, the engine passes the same exchange to
     * {@link Transport#onRequest} before {@code opened} returns.
     *
     * <p>A session stays on the loop it began on, and a probe's connection may have been accepted by another one. A factory
     * that can move a connection moves it to {@code sessionLoop} before it opens the transport there. One that cannot opens
     * it on the exchange's loop, and the engine hands every packet over.
     *
     * @param sessionLoop where the session lives that the transport is a probe for; the exchange's loop for a handshake
     */
    void open(HttpExchange exchange, TransportConfig config, EventLoop sessionLoop, Consumer<Transport> opened);
}
