package io.sockeye.adapter;

import java.util.List;

/** Who is in a room, on every node whose adapter tells; until it is closed. Thread-safe. */
public interface RoomWatch extends AutoCloseable {

    /** The sockets in the room. A snapshot. */
    List<RoomMember> members();

    /** How many nodes are known to be there and have not told yet who is in the room. */
    int missingNodes();

    /** Watches no more. Idempotent. */
    @Override
    void close();

    /**
     * Learns of changes, one at a time and in their order, on the thread of one of those who make them, which it must not hold up.
     * Those who are in the room when the watch begins are told of as having joined.
     */
    interface Listener {
        /** A socket is in the room. */
        void joined(RoomMember member);

        /** A socket is not there any more: it has left or gone, or its node has. */
        void left(RoomMember member);
    }
}
