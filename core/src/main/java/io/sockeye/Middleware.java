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
     * exception is logged and reaches the client as {@code internal error}; an {@link
     * io.sockeye.protocol.socketio.ArgumentException}, as {@code handshake().auth(Token.class)} throws for what a client should
     * not have sent, is the client's fault: it is not logged as an error, and reaches the client as {@code invalid arguments}. Runs where the socket's handlers run, and may
     * block. Middleware runs in the order in which it was added.
     *
     * <p>What middleware reserves for the socket is given back with {@link Socket#onRelease}: a connection may end before the
     * socket has joined, and then there is no {@link Socket#onDisconnect}.
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
