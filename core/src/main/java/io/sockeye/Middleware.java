package io.sockeye;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides whether a client may join a namespace, before it is in any room, receives any broadcast or runs any handler. */
@FunctionalInterface
public interface Middleware {
    /** What middleware returns that accepts at once. */
    CompletionStage<?> ACCEPTED = CompletableFuture.completedFuture(null);

    /**
     * Accepts the socket by returning and refuses it by throwing. A {@link ConnectError} tells the client why; any other
     * exception is logged and reaches the client as {@code internal error}. Runs where the socket's handlers run, and may
     * block. Middleware runs in the order in which it was added.
     */
    void accept(Socket socket) throws Exception;

    /** A middleware that decides later. */
    @FunctionalInterface
    interface Async {
        /**
         * Accepts the socket when the stage completes and refuses it when the stage fails or the call throws, as with
         * {@link Middleware#accept}. The next middleware runs afterwards.
         */
        CompletionStage<?> accept(Socket socket) throws Exception;
    }
}
