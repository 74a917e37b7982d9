package io.sockeye.adapter;

import io.sockeye.protocol.socketio.SocketPacket;

/** What an adapter sees of the namespace it serves: this node's rooms, and the delivery to this node's sockets. Thread-safe. */
public interface LocalNamespace {

    /** The namespace's name: {@code /} or {@code /admin}. */
    String name();

    /** The rooms of this node's sockets. */
    LocalRooms<?> rooms();

    /** Encodes the event once and sends it to this node's sockets that the options name. */
    void deliver(SocketPacket.Event packet, BroadcastOptions options);

    /**
     * Disconnects this node's sockets that the options name.
     *
     * @param close whether to close their connections too
     */
    void disconnectSockets(BroadcastOptions options, boolean close);
}
