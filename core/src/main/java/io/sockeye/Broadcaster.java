package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What whole namespaces have in common as something to broadcast to. Everything goes through the {@link BroadcastOperator} for
 * all of their sockets. Thread-safe.
 */
abstract class Broadcaster implements EventEmitter {

    /** The operator for every socket. */
    abstract BroadcastOperator everybody();

    /** Broadcasts to every socket. See {@link BroadcastOperator#emit}. */
    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return everybody().emit(event, args);
    }

    @Override
    public boolean emit(String event, Arguments args) {
        return everybody().emit(event, args);
    }

    /** Broadcasts to every socket and waits for their acknowledgements. See {@link BroadcastOperator#emitWithAck}. */
    public CompletableFuture<Acknowledgements> emitWithAck(String event, @Nullable Object... args) {
        return everybody().emitWithAck(event, args);
    }

    /** Broadcasts to the sockets in these rooms. */
    public BroadcastOperator to(String... rooms) {
        return everybody().to(rooms);
    }

    /** Broadcasts to the sockets in these rooms. */
    public BroadcastOperator to(Collection<String> rooms) {
        return everybody().to(rooms);
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... rooms) {
        return everybody().to(rooms);
    }

    /** The same as {@link #to(Collection)}. */
    public BroadcastOperator in(Collection<String> rooms) {
        return everybody().to(rooms);
    }

    /** Emits to the sockets of these users, wherever they are. See {@link BroadcastOperator#toUser}. */
    public BroadcastOperator toUser(String... userIds) {
        return everybody().toUser(userIds);
    }

    /** Broadcasts to every socket but those in these rooms. */
    public BroadcastOperator except(String... rooms) {
        return everybody().except(rooms);
    }

    /** Broadcasts to every socket but those in these rooms. */
    public BroadcastOperator except(Collection<String> rooms) {
        return everybody().except(rooms);
    }

    /** Broadcasts what is dropped for sockets whose connection cannot take it at once. */
    public BroadcastOperator volatileFlag() {
        return everybody().volatileFlag();
    }

    /** Broadcasts with or without compression. Default: with, where the transport compresses at all. */
    public BroadcastOperator compress(boolean compress) {
        return everybody().compress(compress);
    }

    /** Broadcasts to this node's sockets only. */
    public BroadcastOperator local() {
        return everybody().local();
    }

    /** Waits that long for acknowledgements and other nodes. See {@link BroadcastOperator#timeout}. */
    public BroadcastOperator timeout(Duration timeout) {
        return everybody().timeout(timeout);
    }

    /** Every socket, on this node and on others. See {@link BroadcastOperator#fetchSockets}. */
    public CompletableFuture<FetchedSockets> fetchSockets() {
        return everybody().fetchSockets();
    }

    /** How many sockets there are, on this node and on others. See {@link BroadcastOperator#countSockets}. */
    public CompletableFuture<SocketCount> countSockets() {
        return everybody().countSockets();
    }

    /** Puts every socket into rooms. */
    public void socketsJoin(String... rooms) {
        everybody().socketsJoin(rooms);
    }

    /** Takes every socket out of rooms. */
    public void socketsLeave(String... rooms) {
        everybody().socketsLeave(rooms);
    }

    /** Disconnects every socket from its namespace; their connections stay. */
    public void disconnectSockets() {
        everybody().disconnectSockets();
    }

    /**
     * Disconnects every socket.
     *
     * @param close whether to close their connections, with all their namespaces
     */
    public void disconnectSockets(boolean close) {
        everybody().disconnectSockets(close);
    }
}
