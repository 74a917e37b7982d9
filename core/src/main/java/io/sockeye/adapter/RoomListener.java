package io.sockeye.adapter;

import java.util.Set;

/**
 * Learns which rooms there are on this node, and who is in those that are {@linkplain LocalRooms#watch watched}. One call at a
 * time, in the order of the changes, outside of all locks of the rooms, on the thread of one of those who change them, which it
 * must not hold up. Sockets' own-id rooms are told of only where they are {@linkplain #wantsOwnRooms wanted}.
 */
public interface RoomListener {

    /** A room has got its first socket. */
    void created(String room);

    /** A room has lost its last socket. */
    void deleted(String room);

    /**
     * Whether {@link #created} and {@link #deleted} are to tell of sockets' own-id rooms too, beside rooms of the same names that
     * other sockets have joined. Always the same.
     */
    default boolean wantsOwnRooms() {
        return false;
    }

    /** A room is being watched from now on. */
    default void watched(String room, Set<String> socketIds) {}

    /** A socket has joined a watched room. */
    default void joined(String room, String socketId) {}

    /** A socket has left a watched room. */
    default void left(String room, String socketId) {}
}
