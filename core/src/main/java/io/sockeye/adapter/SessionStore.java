package io.sockeye.adapter;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one namespace, which outlive the connections of their sockets, and the packets that their clients may have
 * missed (Socket.IO documentation, "Connection state recovery").
 *
 * <p>An adapter that has one gives every event without an acknowledgement an <em>offset</em> as its last argument. A client
 * that comes back names the last offset it has seen. What it gets is decided by that alone, never by what the server believes
 * to have delivered.
 *
 * <p>States of a session: <em>live</em> after {@link #begin} or {@link Suspended#resume}; <em>suspended</em> after {@link
 * #suspend}; gone once its socket has {@linkplain Adapter#leaveAll left for good}, or it was not taken up in time. Whether a
 * broadcast falls before or after a change of state is the same for its delivery and for its replay: begin and resume change
 * who receives broadcasts, and look at what has been broadcast so far, in one step.
 *
 * <p>A store whose sessions must survive the sudden end of this node writes them down when they begin and when their rooms
 * change; one for this process alone keeps them in memory.
 *
 * <p>Thread-safe. Methods return without waiting for other nodes.
 */
public interface SessionStore {

    /**
     * Starts a session. On the socket's event loop.
     *
     * @param enter lets the socket in: from then on it receives broadcasts. To be called once, within the call, and between
     *     two broadcasts
     */
    void begin(SessionRecord session, Runnable enter);

    /**
     * The connection of a socket was lost: its session waits for the client, and the socket is in no room any more. The
     * namespace stays in use until {@link LocalNamespace#sessionGone} says otherwise. On the socket's event loop.
     *
     * @param unproven whether the heartbeat was not kept all the time, so that even a packet that has outlived {@link
     *     RecoverySettings#packetLife} may not have been received
     */
    void suspend(String socketId, boolean unproven);

    /** What is attached to a socket has changed. Often, so to be quick; on any thread. */
    default void dataChanged(String socketId) {}

    /**
     * Looks for a session whose client has come back. Never fails: a store that cannot be asked answers null.
     *
     * @param pid what the client says its session is; any text
     * @param offset the last one that the client has seen; null when it has seen none. Any text
     * @return the session; null when it cannot go on: it is unknown, over, not suspended, or packets are not kept any more
     */
    CompletionStage<@Nullable Suspended> find(String pid, @Nullable String offset);

    /**
     * Drops what has outlived its time. Called now and then.
     *
     * @return whether there is anything that will have to be dropped some day
     */
    boolean sweep();

    /** What is kept here. */
    RecoveryStats stats();

    /** A session that waits for its client. Thread-safe. */
    interface Suspended {
        /** What the socket was. */
        SessionRecord session();

        /**
         * Makes the session live again: its socket is in its rooms as before. On the new socket's event loop.
         *
         * @param enter lets the new socket in, see {@link SessionStore#begin}. Not called when the answer is null
         * @return the packets that the client has missed, in the order in which they were emitted; null when the session is
         *     not suspended any more, or packets are not kept any more
         */
        @Nullable List<EncodedPacket> resume(Runnable enter);
    }
}
