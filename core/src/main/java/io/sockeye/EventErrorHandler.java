package io.sockeye;

/**
 * Learns of events of a socket that could not be handled ({@link Socket#onError}). Runs where handlers run. An exception of
 * its own goes to the server's error hooks.
 */
@FunctionalInterface
public interface EventErrorHandler {

    /**
     * Called when middleware refused the event, when its arguments do not fit the handler's types, or when a handler failed.
     *
     * @param event the event; its acknowledgement may still be sent, before the server answers for itself
     * @param error what was thrown: an {@link io.sockeye.protocol.socketio.ArgumentException} for arguments that do not fit
     */
    void handle(Event event, Throwable error) throws Exception;
}
