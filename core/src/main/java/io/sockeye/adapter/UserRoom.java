package io.sockeye.adapter;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The rooms by which users are addressed: a socket that is tied to the user {@code alice} is in the room {@code @user:alice}. To
 * adapters and to servers of other kinds it is a room like any other: a Node.js server in the cluster reaches the user with {@code
 * io.to("@user:alice")}, and ties a socket to one with {@code socket.join("@user:alice")}.
 *
 * <p>Thread-safe: without state.
 */
public final class UserRoom {
    /** What these rooms' names begin with. */
    public static final String PREFIX = "@user:";

    private UserRoom() {}

    /** The name of a user's room. */
    public static String of(String userId) {
        return PREFIX + userId;
    }

    /** Whether a room is some user's. */
    public static boolean is(String room) {
        return room.startsWith(PREFIX);
    }

    /**
     * Fails on rooms that sockets are in by their users alone.
     *
     * @throws IllegalArgumentException when one of them is some user's
     */
    public static void refuse(Collection<String> rooms) {
        for (String room : rooms) {
            if (is(room)) {
                throw new IllegalArgumentException(
                        "room: it begins with " + PREFIX + " (expected: another one; userId ties sockets to users)");
            }
        }
    }

    /** The user whose room is among these; null when there is none. */
    public static @Nullable String userIn(Collection<String> rooms) {
        for (String room : rooms) {
            if (is(room)) {
                return room.substring(PREFIX.length());
            }
        }
        return null;
    }
}
