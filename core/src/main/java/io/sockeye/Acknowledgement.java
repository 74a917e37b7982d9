package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The acknowledgement of one event by one client, which may still be on its way.
 *
 * <p>It fails with {@link AckTimeoutException} when the client does not answer within the timeout, where one was set, with
 * {@link SocketDisconnectedException} when the socket disconnects first, and with {@link SendQueueFullException} when the
 * event is dropped because the send queue is full. What is chained to the futures runs on a
 * thread of its own, not in the order of the socket's handlers; so a handler may wait for an acknowledgement.
 *
 * <p>Thread-safe.
 */
public final class Acknowledgement {
    private final CompletableFuture<Arguments> arguments;

    Acknowledgement() {
        this(new CompletableFuture<>());
    }

    /** One that completes as the future does. */
    Acknowledgement(CompletableFuture<Arguments> arguments) {
        this.arguments = arguments;
    }

    /** What completes it, on that executor. */
    PendingAcks.Receiver receiver(Executor completions) {
        return new PendingAcks.Receiver() {
            @Override
            public void acknowledged(Arguments args) {
                completions.execute(() -> arguments.complete(args));
            }

            @Override
            public void failed(RuntimeException reason) {
                completions.execute(() -> arguments.completeExceptionally(reason));
            }
        };
    }

    /** All arguments of the acknowledgement. */
    public CompletableFuture<Arguments> arguments() {
        return arguments.copy();
    }

    /**
     * The first argument, bound to the type; null when the client acknowledged without one. Fails with {@link
     * io.sockeye.protocol.socketio.ArgumentException} when it is of another type.
     */
    public <T> CompletableFuture<@Nullable T> as(Class<T> type) {
        return arguments.thenApply(args -> args.size() == 0 ? null : args.get(0, type));
    }

    /** As {@link #as(Class)}, for generic types. */
    public <T> CompletableFuture<@Nullable T> as(TypeReference<T> type) {
        return arguments.thenApply(args -> args.size() == 0 ? null : args.get(0, type));
    }
}
