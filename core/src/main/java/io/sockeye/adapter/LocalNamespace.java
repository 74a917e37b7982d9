package io.sockeye.adapter;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an adapter sees of the namespace it serves: this node's rooms, and the delivery to this node's sockets. Thread-safe. */
public interface LocalNamespace {

    /** The namespace's name: {@code /} or {@code /admin}. */
    String name();

    /** The rooms of this node's sockets. */
    LocalRooms<?> rooms();

    /** The arguments, with live values written once, by the server's mapper, so that they can be sent on many ways. */
    Arguments written(Arguments args);

    /** Encodes the event once and sends it to this node's sockets that the options name. */
    void deliver(SocketPacket.Event packet, BroadcastOptions options);

    /**
     * Encodes the event once, under an acknowledgement id of this node's, and sends it to this node's sockets that the options
     * name.
     *
     * @param packet without an id
     * @param timeout how long clients have time; positive
     * @param receiver learns of the acknowledgements
     */
    void deliverWithAck(SocketPacket.Event packet, BroadcastOptions options, Duration timeout, AckReceiver receiver);

    /** Encodes the event once, for {@link #line}. Runs application code where an argument is written by it. */
    EncodedPacket encode(SocketPacket.Event packet, BroadcastOptions options);

    /**
     * Puts a packet in line for this node's sockets that the options name. Each socket gets such packets in the order of these
     * calls, whatever threads they come from. Quick, and calls nothing back, so that it can be done under a lock that decides
     * on the order.
     *
     * @param packet the event as the application has emitted it, for those who listen to what is sent
     * @param target the id of the only socket that receives it, whether it is in the room of its id or not; null when the
     *     options say who does
     * @return sends what is in line; to be run behind the lock
     */
    Runnable line(EncodedPacket encoded, SocketPacket.Event packet, BroadcastOptions options, @Nullable String target);

    /**
     * The same, for sockets that were looked up in {@link #rooms} before.
     *
     * @param volatileFlag whether it is dropped for sockets whose connection cannot take it at once
     */
    Runnable line(
            EncodedPacket encoded,
            SocketPacket.Event packet,
            boolean volatileFlag,
            LocalRooms.Recipients<?> recipients);

    /**
     * The data of a {@link SessionRecord}, written with the server's JSON mapper. Runs application code.
     *
     * @throws RuntimeException when it cannot be written
     */
    JsonNode toJson(Object data);

    /** How sessions are kept; null when they are not, and the adapter's {@link Adapter#sessions} is not asked for. */
    @Nullable RecoverySettings recovery();

    /** A clock in nanoseconds that starts anywhere and never goes back. */
    long nanoTime();

    /**
     * Runs a task once the delay has passed, on a thread of the server's that all timed tasks share: it must be short. It does
     * not run any more once the server has closed.
     */
    Scheduled schedule(Runnable task, Duration delay);

    /** A session that was {@linkplain SessionStore#suspend suspended} here is not kept any more, or was taken up again. */
    void sessionGone();

    /**
     * The session of a socket of this node was taken up by another one: ends its connection, which its client has given up, with all
     * its namespaces. Has no effect on an unknown socket.
     */
    void takenOver(String socketId);

    /**
     * Disconnects this node's sockets that the options name.
     *
     * @param close whether to close their connections too
     */
    void disconnectSockets(BroadcastOptions options, boolean close);

    /** This node's sockets that the options name, each a view of the socket itself. A snapshot. */
    List<SocketView> sockets(BroadcastOptions options);

    /** How many of this node's sockets the options name. */
    default int count(BroadcastOptions options) {
        return rooms().recipients(options.rooms(), options.except()).size();
    }

    /**
     * Runs this node's handlers of an event that another node has sent ({@link Adapter#serverSideEmit}), one event after
     * another in the order of the calls, on a thread of the server's.
     *
     * @param reply takes the answer, at most once, on any thread; null when the other node wants none
     */
    void serverSideEvent(String event, Arguments args, @Nullable Consumer<Arguments> reply);

    /** A task that can be called off. */
    @FunctionalInterface
    interface Scheduled {
        /** Calls it off. Has no effect once it has run. On any thread. */
        void cancel();
    }

    /** Learns of the acknowledgements of a broadcast, on any thread, which it must not hold up. */
    interface AckReceiver {
        /** To how many sockets the broadcast goes. Called first, once, within {@link #deliverWithAck}. */
        void sentTo(int count);

        /** The client of a socket has acknowledged. */
        void acknowledged(String socketId, Arguments args);

        /**
         * The client of a socket will not acknowledge any more.
         *
         * @param late whether its time was up; else it has gone
         */
        void missed(String socketId, boolean late);
    }
}
