package io.sockeye;

import java.util.function.Consumer;

/**
 * The connection below a socket, which it may share with sockets of other namespaces. Its identifier stays with the server:
 * who knows it could take the connection over.
 *
 * <p>Thread-safe.
 */
public final class Connection {
    private final Socket socket;

    Connection(Socket socket) {
        this.socket = socket;
    }

    /** The name of the transport at this moment: {@code websocket} or {@code polling}. */
    public String transport() {
        return socket.transport();
    }

    /** The revision of the Engine.IO protocol that the client speaks. */
    public int protocol() {
        return socket.connection().session().protocol();
    }

    /** How many bytes wait to be sent, and 64 more for each packet. */
    public long queuedBytes() {
        return socket.connection().session().queuedBytes();
    }

    /**
     * Runs the handler with the transport's name when the connection moves to a better one, once at most. It runs where the
     * socket's handlers run, in order with them. Not called when the connection has moved before.
     */
    public void onUpgrade(Consumer<String> handler) {
        socket.connection()
                .onUpgrade(transport -> socket.mailbox().add(() -> {
                    try {
                        handler.accept(transport);
                    } catch (Throwable e) { // application code: one hook learns of whatever it throws
                        socket.namespace().handlerFailed(socket, "upgrade", e);
                    }
                }));
    }

    /** Closes the connection with all its sockets, which are told nothing but that: as {@code socket.disconnect(true)}. */
    public void close() {
        socket.disconnect(/* close= */ true);
    }

    @Override
    public String toString() {
        return "Connection over " + transport();
    }
}
