package io.sockeye.adapter.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A session as a {@link LogDriver} keeps it, for any node to take up. A node of the reference writes and reads {@code sid}, {@code
 * pid}, {@link #rooms rooms} and {@code data}; the rest makes what is replayed exact. Immutable.
 *
 * @param sid the socket's id
 * @param pid the session's id, which only its client knows
 * @param owner the {@linkplain ClusterDriver#uid uid} of the node that has written it; empty for one of the reference
 * @param live whether its owner believed in its connection when it was written
 * @param start when it began: it gets nothing from before
 * @param asOf when it was written; null when that is not known
 * @param floor the position from which on it is known what its client has been sent: one that has not come that far cannot be
 *     brought up to date
 * @param proven the position up to which its client has received everything, whatever its offset says
 * @param stays in which rooms it was when
 * @param data what the application has attached to the socket, one JSON object
 */
public record StoredSession(
        String sid,
        String pid,
        String owner,
        boolean live,
        Moment start,
        @Nullable Moment asOf,
        long floor,
        long proven,
        List<Stay> stays,
        JsonNode data) {

    /** Copies the list. */
    public StoredSession {
        stays = List.copyOf(stays);
    }

    /** As a node of the reference has written it: with nothing but the rooms at its end. */
    public static StoredSession ofReference(String sid, String pid, Set<String> rooms, JsonNode data) {
        return new StoredSession(
                sid,
                pid,
                /* owner= */ "",
                /* live= */ false,
                Moment.BEGINNING,
                /* asOf= */ null,
                /* floor= */ 0,
                /* proven= */ 0,
                rooms.stream()
                        .map(room -> new Stay(room, Moment.BEGINNING, null))
                        .toList(),
                data);
    }

    /** The rooms that the socket is in. */
    public Set<String> rooms() {
        Set<String> rooms = new LinkedHashSet<>();
        for (Stay stay : stays) {
            if (stay.to() == null) {
                rooms.add(stay.room());
            }
        }
        return rooms;
    }

    /** The same, of another owner who has no connection of it. */
    StoredSession suspendedBy(String uid) {
        return new StoredSession(sid, pid, uid, /* live= */ false, start, asOf, floor, proven, stays, data);
    }

    /** For the log: the private id and the data stay out of it. */
    @Override
    public String toString() {
        return "session of socket " + sid;
    }

    /**
     * A point in time as one node sees it: what others have appended is before it when the node has read it, what the node itself
     * has appended when it has appended it. Immutable.
     *
     * @param position the last entry that the node had read
     * @param uid the node
     * @param sequence the last number under which it had appended
     */
    public record Moment(long position, String uid, long sequence) {
        /** Before everything. */
        public static final Moment BEGINNING = new Moment(0, "", 0);

        /** Whether an entry is behind it. */
        boolean precedes(Place entry) {
            return (entry.sequence() > 0 && entry.uid().equals(uid))
                    ? entry.sequence() > sequence
                    : entry.position() > position;
        }
    }

    /**
     * A stay in a room. Immutable.
     *
     * @param from it is behind this
     * @param to it ends with this; null when it has not ended
     */
    public record Stay(String room, Moment from, @Nullable Moment to) {
        boolean covers(Place entry) {
            return from.precedes(entry) && (to == null || !to.precedes(entry));
        }
    }

    /** Where an entry stands, in the log and in what its node has appended: see {@link LogDriver.Entry}. Immutable. */
    record Place(long position, String uid, long sequence) {
        static Place of(LogDriver.Entry entry) {
            return new Place(entry.position(), entry.uid(), entry.sequence());
        }
    }
}
