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
     * exchange's event loop. Calls {@code opened} there, at once or later, before any packet is delivered, and reads no
     * packet before it returns; or answers the exchange itself when the request does not satisfy the transport.
     *
     * <p>For a transport that spans several requests, the engine passes the same exchange to {@link Transport#onRequest}
     * after {@code opened} returns.
     */
    void open(HttpExchange exchange, TransportConfig config, Consumer<Transport> opened);
}
