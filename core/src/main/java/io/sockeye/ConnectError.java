package io.sockeye;

import org.jspecify.annotations.Nullable;

/**
 * Refuses a client that wants to join a namespace. Thrown by a {@link Middleware}; the client's {@code connect_error} event
 * gets its message and data (Socket.IO v5, Connection to a namespace).
 */
public final class ConnectError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Object data;

    /** Refuses with a message that the client sees. */
    public ConnectError(String message) {
        this(message, null);
    }

    /**
     * Refuses with a message and further details that the client sees as {@code err.data}.
     *
     * @param data anything that Jackson can write; null for none
     */
    public ConnectError(String message, @Nullable Object data) {
        super(message);
        this.data = data;
    }

    /** What the client sees as {@code err.data}; null for none. */
    public @Nullable Object data() {
        return data;
    }
}
