package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Emits to the sockets of a namespace, or of some of its rooms, each socket once. Immutable and thread-safe. */
public final class BroadcastOperator implements EventEmitter {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final Namespace namespace;
    private final BroadcastOptions options;
    private final Duration timeout;

    BroadcastOperator(Namespace namespace, BroadcastOptions options) {
        this(namespace, options, DEFAULT_TIMEOUT);
    }

    private BroadcastOperator(Namespace namespace, BroadcastOptions options, Duration timeout) {
        this.namespace = namespace;
        this.options = options;
        this.timeout = timeout;
    }

    /** Adds rooms whose sockets receive the packet. Without any room, every socket of the namespace does. */
    public BroadcastOperator to(String... rooms) {
        return to(Arrays.asList(rooms));
    }

    /** Adds rooms whose sockets receive the packet. Without any room, every socket of the namespace does. */
    public BroadcastOperator to(Collection<String> rooms) {
        return with(options.to(rooms));
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... rooms) {
        return to(rooms);
    }

    /** The same as {@link #to(Collection)}. */
    public BroadcastOperator in(Collection<String> rooms) {
        return to(rooms);
    }

    /** Adds rooms whose sockets do not receive the packet. */
    public BroadcastOperator except(String... rooms) {
        return except(Arrays.asList(rooms));
    }

    /** Adds rooms whose sockets do not receive the packet. */
    public BroadcastOperator except(Collection<String> rooms) {
        return with(options.except(rooms));
    }

    /** Drops the packet for sockets whose connection cannot take it at once. */
    public BroadcastOperator volatileFlag() {
        return with(options.asVolatile());
    }

    /** Whether transports may compress the packet. Default: true. */
    public BroadcastOperator compress(boolean compress) {
        return with(options.compress(compress));
    }

    /** How long {@link #emitWithAck} waits for acknowledgements. Default: 5 s. */
    public BroadcastOperator timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
        return new BroadcastOperator(namespace, options, timeout);
    }

    /** Keeps the packet on this node. */
    public BroadcastOperator local() {
        return with(options.asLocal());
    }

    /**
     * Emits an event to everybody chosen. A socket whose send queue is full is treated by its own overflow policy.
     *
     * @return whether the adapter took it
     */
    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return namespace.broadcast(event, args, options);
    }

    /**
     * Emits an event to everybody chosen and waits for their acknowledgements until all are there or the time is up. Never
     * fails for want of an answer: the result tells who answered, and who did not.
     *
     * @return completes on a thread of its own, see {@link Acknowledgement}
     */
    public CompletableFuture<Acknowledgements> emitWithAck(String event, @Nullable Object... args) {
        return namespace.broadcastWithAck(event, args, options, timeout);
    }

    /** Puts everybody chosen into rooms. */
    public void socketsJoin(String... rooms) {
        namespace.adapter().socketsJoin(options, Arrays.asList(rooms));
    }

    /** Takes everybody chosen out of rooms. */
    public void socketsLeave(String... rooms) {
        namespace.adapter().socketsLeave(options, Arrays.asList(rooms));
    }

    /**
     * Disconnects everybody chosen.
     *
     * @param close whether to close their connections, with all their namespaces
     */
    public void disconnectSockets(boolean close) {
        namespace.adapter().disconnectSockets(options, close);
    }

    private BroadcastOperator with(BroadcastOptions changed) {
        return new BroadcastOperator(namespace, changed, timeout);
    }
}
