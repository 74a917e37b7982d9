package io.sockeye.examples.chat;

import io.sockeye.examples.chat.Messages.Join;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rooms, which come to be when somebody enters. An empty room keeps its history until its place is needed.
 *
 * <p>Thread-safe: guarded by its monitor, under which rooms take theirs.
 */
final class Rooms {
    static final int MAX_ROOMS = 50;

    private final Clock clock;
    private final Map<String, Room> rooms = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

    Rooms(Clock clock) {
        this.clock = clock;
    }

    /** Throws a {@link io.sockeye.ConnectError} unless somebody may join. */
    synchronized void check(Join join) {
        String nickname = Rules.nickname(join);
        String key = Rules.key(join);
        Room room = rooms.get(Rules.room(join));
        if (room != null) {
            room.check(nickname, key);
        } else if (rooms.size() >= MAX_ROOMS && rooms.values().stream().noneMatch(Room::isEmpty)) {
            throw Rules.refusal("room", "There are too many rooms already. Please join one of them.");
        }
    }

    /** Lets somebody into a room. Throws as {@link #check} does. */
    synchronized Member enter(Join join, String socketId) {
        check(join);
        Room room = rooms.get(Rules.room(join));
        if (room == null) {
            makePlace();
            room = new Room(Rules.room(join), clock);
            rooms.put(room.name(), room);
        }
        return room.enter(Rules.nickname(join), Rules.key(join), socketId);
    }

    /** Forgets the empty room that nobody has asked for the longest time. */
    private void makePlace() {
        if (rooms.size() >= MAX_ROOMS) {
            rooms.values().stream().filter(Room::isEmpty).findFirst().ifPresent(room -> rooms.remove(room.name()));
        }
    }
}
