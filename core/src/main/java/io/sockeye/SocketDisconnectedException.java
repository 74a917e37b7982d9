package io.sockeye;

/** The client disconnected before it acknowledged an event, or the event was not accepted for sending. */
public final class SocketDisconnectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SocketDisconnectedException() {
        super("socket has been disconnected");
    }
}
