package io.sockeye.protocol.socketio;

/**
 * The event names that carry a meaning of their own on one of the two sides and can be neither sent nor received
 * (Socket.IO v5, reference implementation).
 *
 * <p>Thread-safe: without state.
 */
public final class ReservedEvents {
    private ReservedEvents() {}

    /** Whether the name is reserved. */
    public static boolean isReserved(String name) {
        return switch (name) {
            case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener" -> true;
            default -> false;
        };
    }

    /**
     * Refuses a reserved name.
     *
     * @throws IllegalArgumentException {@code "connect" is a reserved event name}
     */
    public static void check(String name) {
        if (isReserved(name)) {
            throw new IllegalArgumentException('"' + name + "\" is a reserved event name");
        }
    }
}
