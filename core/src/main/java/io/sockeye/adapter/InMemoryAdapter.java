package io.sockeye.adapter;

import io.sockeye.protocol.socketio.SocketPacket;
import java.util.Collection;
import java.util.Set;

/** The adapter of a server that stands alone: this node is all there is. Thread-safe. */
public final class InMemoryAdapter implements Adapter {
    private final LocalNamespace local;

    private volatile boolean closed;

    private InMemoryAdapter(LocalNamespace local) {
        this.local = local;
    }

    /** Makes one adapter per namespace. */
    public static AdapterFactory factory() {
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
    public void close() {
        closed = true;
    }
}
