package io.sockeye;

/** Receives a socket that has joined a namespace. Runs before any of the socket's event handlers, and may block. */
@FunctionalInterface
public interface SocketHandler {
    /** Handles the socket: typically by adding handlers for its events. */
    void handle(Socket socket) throws Exception;
}
