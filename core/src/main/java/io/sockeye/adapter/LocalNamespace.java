package io.sockeye.adapter;

import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** This node's sockets that the options name, each a view of the socket itself. A snapshot. */
    List<SocketView> sockets(BroadcastOptions options);

    /**
     * Runs this node's handlers of an event that another node has sent ({@link Adapter#serverSideEmit}), one event after
     * another in the order of the calls, on a thread of the server's.
     *
     * @param reply takes the answer, at most once, on any thread; null when the other node wants none
     */
    void serverSideEvent(String event, Arguments args, @Nullable Consumer<Arguments> reply);
}
