package io.sockeye.adapter;

import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room of one namespace, and how a broadcast reaches them, on this node and on others.
 *
 * <p>States: <em>open</em> from creation until {@link #close}; after that broadcasts are dropped.
 *
 * <p>Thread-safe. Methods return without waiting for other nodes.
 */
public interface Adapter {

    /** Puts an admitted socket of this node into rooms. Has no effect on an unknown socket. */
    void join(String socketId, Collection<String> rooms);

    /** Takes a socket of this node out of a room. */
    void leave(String socketId, String room);

    /** Takes a socket of this node, which has disconnected, out of every room. */
    void leaveAll(String socketId);

    /** The rooms a socket of this node is in, its own among them; empty for an unknown one. A snapshot. */
    Set<String> rooms(String socketId);

    /** The ids of this node's sockets in any of the rooms; of all of them when {@code rooms} is empty. A snapshot. */
    Set<String> sockets(Set<String> rooms);

    /**
     * Sends an event to everybody whom the options name.
     *
     * @return false when it was refused: the adapter is closed, or its bounded way to other nodes is full
     */
    boolean broadcast(SocketPacket.Event packet, BroadcastOptions options);

    /**
     * Sends an event to everybody whom the options name, on this node and on others, and gathers the clients' acknowledgements.
     * The future never fails for want of an answer: its value says how many are missing. It may complete within the call, and on
     * any thread.
     *
     * @param packet without an id: each node gives it one of its own
     * @param timeout how long clients have time; positive
     */
    CompletableFuture<AckAnswers> broadcastWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout);

    /**
     * Sends an event to one socket. Asked for only where there are {@linkplain #sessions sessions}; otherwise sockets send by
     * themselves.
     *
     * @param options what is said about the packet beside its recipient
     * @return false when it was refused: the adapter is closed, or neither a socket nor a suspended session has that id
     */
    default boolean emit(String socketId, SocketPacket.Event packet, BroadcastOptions options) {
        return broadcast(packet, options.to(Set.of(socketId)));
    }

    /** The sessions that outlive their connections; null when this adapter keeps none. Always the same. */
    default @Nullable SessionStore sessions() {
        return null;
    }

    /** Puts every socket that the options name into rooms. */
    void socketsJoin(BroadcastOptions options, Collection<String> rooms);

    /** Takes every socket that the options name out of rooms. */
    void socketsLeave(BroadcastOptions options, Collection<String> rooms);

    /**
     * Disconnects every socket that the options name.
     *
     * @param close whether to close their connections too
     */
    void disconnectSockets(BroadcastOptions options, boolean close);

    /**
     * The sockets that the options name, on this node and on others. The future never fails for want of an answer: its value
     * says how many nodes have not answered in time. It may complete within the call.
     */
    CompletableFuture<NodeAnswers<SocketView>> fetchSockets(BroadcastOptions options, Duration timeout);

    /**
     * How many sockets the options name: a part of the number for each node that has answered. The future is as that of {@link
     * #fetchSockets}, which it asks unless an adapter knows better.
     */
    default CompletableFuture<NodeAnswers<Integer>> countSockets(BroadcastOptions options, Duration timeout) {
        return fetchSockets(options, timeout)
                .thenApply(found -> new NodeAnswers<>(List.of(found.received().size()), found.missing()));
    }

    /**
     * Watches who is in a room, on this node and on others whose adapters tell: not on those of other kinds of servers.
     *
     * @throws UnsupportedOperationException when this adapter cannot tell
     */
    default RoomWatch watchRoom(String room, RoomWatch.Listener listener) {
        throw new UnsupportedOperationException("watchRoom: this adapter does not tell who is in a room");
    }

    /** How many nodes there are, this one among them. May complete within the call. */
    CompletableFuture<Integer> serverCount();

    /**
     * Sends an event to the other nodes, where {@link LocalNamespace#serverSideEvent} takes it; not to this one.
     *
     * @return false when it was refused: the adapter is closed, or its bounded way to other nodes is full
     */
    boolean serverSideEmit(String event, Arguments args);

    /** Sends an event to the other nodes and gathers one answer of each. The future is as that of {@link #fetchSockets}. */
    CompletableFuture<NodeAnswers<Arguments>> serverSideEmitWithAck(String event, Arguments args, Duration timeout);

    /** What was exchanged with other nodes; null when this adapter knows of none. */
    default @Nullable ClusterStats clusterStats() {
        return null;
    }

    /**
     * Puts something in line behind everything that this node has emitted so far, as {@link LocalNamespace#line} does with packets.
     * Matters to an adapter that delivers later than it is asked to.
     *
     * @param task puts it in line, once that has been delivered, and answers what sends what is in line; on any thread, which
     *     neither must hold up
     * @return false, without running the task, when everything has been delivered; so it always is by default
     */
    default boolean defer(Supplier<Runnable> task) {
        return false;
    }

    /** Ends the adapter and tells the other nodes. Idempotent. */
    void close();
}
