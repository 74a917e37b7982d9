package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.UserRoom;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Emits to the sockets of a namespace, or of some of its rooms, each socket once. Immutable and thread-safe.
 *
 * <p>The official client takes at most ten binary attachments per event unless it is told otherwise.
 */
public final class BroadcastOperator implements EventEmitter {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final BroadcastTarget target;
    private final BroadcastOptions options;
    private final Duration timeout;

    BroadcastOperator(BroadcastTarget target, BroadcastOptions options) {
        this(target, options, DEFAULT_TIMEOUT);
    }

    private BroadcastOperator(BroadcastTarget target, BroadcastOptions options, Duration timeout) {
        this.target = target;
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

    /** Adds users whose sockets receive the packet, wherever they are ({@link Socket#userId(String)}). */
    public BroadcastOperator toUser(String... userIds) {
        return to(Stream.of(userIds).map(UserRoom::of).toList());
    }

    /** Adds users whose sockets do not receive the packet. */
    public BroadcastOperator exceptUser(String... userIds) {
        return except(Stream.of(userIds).map(UserRoom::of).toList());
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

    /**
     * How long {@link #emitWithAck} waits for acknowledgements, and {@link #fetchSockets} for other nodes. Default: 5 s.
     */
    public BroadcastOperator timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
        return new BroadcastOperator(target, options, timeout);
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
        return target.emit(event, Arguments.of(args), options);
    }

    @Override
    public boolean emit(String event, Arguments args) {
        return target.emit(event, args, options);
    }

    /**
     * Emits an event to everybody chosen and waits for their acknowledgements until all are there or the time is up. Never
     * fails for want of an answer: the result tells who answered, and who did not.
     *
     * @return completes on a thread of its own, see {@link Acknowledgement}
     */
    public CompletableFuture<Acknowledgements> emitWithAck(String event, @Nullable Object... args) {
        return target.emitWithAck(event, args, options, timeout);
    }

    /**
     * Who is chosen, on this node and on others. Never fails for want of an answer: the result tells how many nodes have not
     * answered within the {@link #timeout}. May complete within the call.
     */
    public CompletableFuture<FetchedSockets> fetchSockets() {
        return target.fetchSockets(options, timeout);
    }

    /**
     * How many sockets are chosen, on this node and on others, without fetching them. Never fails for want of an answer, like
     * {@link #fetchSockets}. May complete within the call.
     */
    public CompletableFuture<SocketCount> countSockets() {
        return target.countSockets(options, timeout);
    }

    /** Puts everybody chosen into rooms. */
    public void socketsJoin(String... rooms) {
        socketsJoin(Arrays.asList(rooms));
    }

    /** Puts everybody chosen into rooms. */
    public void socketsJoin(Collection<String> rooms) {
        UserRoom.refuse(rooms);
        target.forEach(adapter -> adapter.socketsJoin(options, rooms));
    }

    /** Takes everybody chosen out of rooms. */
    public void socketsLeave(String... rooms) {
        socketsLeave(Arrays.asList(rooms));
    }

    /** Takes everybody chosen out of rooms. */
    public void socketsLeave(Collection<String> rooms) {
        UserRoom.refuse(rooms);
        target.forEach(adapter -> adapter.socketsLeave(options, rooms));
    }

    /** Disconnects everybody chosen from the namespace; their connections stay. */
    public void disconnectSockets() {
        disconnectSockets(/* close= */ false);
    }

    /**
     * Disconnects everybody chosen.
     *
     * @param close whether to close their connections, with all their namespaces
     */
    public void disconnectSockets(boolean close) {
        target.forEach(adapter -> adapter.disconnectSockets(options, close));
    }

    private BroadcastOperator with(BroadcastOptions changed) {
        return new BroadcastOperator(target, changed, timeout);
    }
}
