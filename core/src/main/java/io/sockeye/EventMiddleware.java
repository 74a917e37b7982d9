package io.sockeye;

import java.util.concurrent.CompletionStage;

/**
 * Decides whether an event of a client reaches the socket's handlers ({@link Socket#use}). Runs where handlers run, one event
 * after another, and may block.
 */
@FunctionalInterface
public interface EventMiddleware {

    /**
     * Lets the event pass by returning and refuses it by throwing. What it throws reaches the socket's error hooks
     * ({@link Socket#onError}), not the client; a middleware that wants to tell the client sends the event's
     * acknowledgement.
     */
    void accept(Event event) throws Exception;

    /** A middleware that decides later. */
    @FunctionalInterface
    interface Async {
        /**
         * Lets the event pass when the stage completes and refuses it when the stage fails or the call throws. Events that
         * came in behind it wait, so that they are handled in order. A stage that takes longer than the server's
         * {@code connectTimeout} refuses the event.
         */
        CompletionStage<?> accept(Event event) throws Exception;
    }
}
