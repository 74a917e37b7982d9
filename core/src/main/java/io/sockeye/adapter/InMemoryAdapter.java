package io.sockeye.adapter;

import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The adapter of a server that stands alone: this node is all there is. Thread-safe. */
public final class InMemoryAdapter implements Adapter {
    private final LocalNamespace local;

    /** Null until a room is watched. Guarded by this. */
    private @Nullable RoomPresence presence;

    private volatile boolean closed;

    private InMemoryAdapter(LocalNamespace local) {
        this.local = local;
    }

    /** Makes one adapter per namespace. It keeps sessions if the server has been told to. */
    public static AdapterFactory factory() {
        return local -> {
            RecoverySettings recovery = local.recovery();
            InMemoryAdapter plain = new InMemoryAdapter(local);
            return recovery == null ? plain : new RecoveringAdapter(local, plain, recovery);
        };
    }

    /** Makes one adapter per namespace that keeps no sessions: for adapters of clusters, which leave this node to it. */
    public static AdapterFactory withoutSessions() {
        return InMemoryAdapter::new;
    }

    @Override
    public void join(String socketId, Collection<String> rooms) {
        local.rooms().join(socketId, rooms);
    }

    @Override
    public void leave(String socketId, String room) {
        local.rooms().leave(socketId, room);
    }

    @Override
    public void leaveAll(String socketId) {
        local.rooms().remove(socketId);
    }

    @Override
    public Set<String> rooms(String socketId) {
        return local.rooms().roomsOf(socketId);
    }

    @Override
    public Set<String> sockets(Set<String> rooms) {
        return local.rooms().sockets(rooms, Set.of());
    }

    @Override
    public boolean broadcast(SocketPacket.Event packet, BroadcastOptions options) {
        if (closed) {
            return false;
        }
        local.deliver(packet, options);
        return true;
    }

    @Override
    public CompletableFuture<AckAnswers> broadcastWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout) {
        AckCollector collector = new AckCollector();
        if (closed) {
            collector.sentTo(0);
        } else {
            local.deliverWithAck(packet, options, timeout, collector);
        }
        return collector.future();
    }

    @Override
    public void socketsJoin(BroadcastOptions options, Collection<String> rooms) {
        for (String id : local.rooms().sockets(options.rooms(), options.except())) {
            local.rooms().join(id, rooms);
        }
    }

    @Override
    public void socketsLeave(BroadcastOptions options, Collection<String> rooms) {
        for (String id : local.rooms().sockets(options.rooms(), options.except())) {
            rooms.forEach(room -> local.rooms().leave(id, room));
        }
    }

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        local.disconnectSockets(options, close);
    }

    @Override
    public CompletableFuture<NodeAnswers<SocketView>> fetchSockets(BroadcastOptions options, Duration timeout) {
        return CompletableFuture.completedFuture(NodeAnswers.complete(local.sockets(options)));
    }

    @Override
    public CompletableFuture<NodeAnswers<Integer>> countSockets(BroadcastOptions options, Duration timeout) {
        return CompletableFuture.completedFuture(NodeAnswers.complete(List.of(local.count(options))));
    }

    @Override
    public RoomWatch watchRoom(String room, RoomWatch.Listener listener) {
        return presence().watch(room, listener);
    }

    private synchronized RoomPresence presence() {
        RoomPresence present = presence;
        if (present == null) {
            present = RoomPresence.of(local.rooms(), RoomPresence.NONE);
            presence = present;
            local.rooms().listen(present);
        }
        return present;
    }

    @Override
    public CompletableFuture<Integer> serverCount() {
        return CompletableFuture.completedFuture(1);
    }

    /** Takes it: there is no other node that could miss it. */
    @Override
    public boolean serverSideEmit(String event, Arguments args) {
        return !closed;
    }

    @Override
    public CompletableFuture<NodeAnswers<Arguments>> serverSideEmitWithAck(
            String event, Arguments args, Duration timeout) {
        return CompletableFuture.completedFuture(NodeAnswers.complete(List.of()));
    }

    @Override
    public void close() {
        closed = true;
    }
}
