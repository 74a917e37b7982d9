package io.sockeye.adapter;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rooms on their way to the {@link RoomListener}: noted under the lock that orders the changes of a room, told
 * outside of it. Thread-safe.
 */
final class RoomChanges {
    /** Null until there is one. */
    private volatile @Nullable RoomListener listener;

    private volatile boolean byHand;

    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final OrderedCalls calls = new OrderedCalls();

    void listen(RoomListener to) {
        listener = to;
    }

    /** Under the room's lock. */
    void watch(String room, Supplier<Set<String>> socketIds) {
        if (watched.add(room)) {
            Set<String> now = socketIds.get();
            note(to -> to.watched(room, now));
        }
    }

    /** Under the room's lock. */
    void unwatch(String room) {
        watched.remove(room);
    }

    /** A socket has come, with its own-id room. Under the socket's lock. */
    void added(String socketId) {
        RoomListener to = listener;
        if (to != null && to.wantsOwnRooms()) {
            note(told -> told.created(socketId));
        }
    }

    /** A socket has gone, with its own-id room. Under the socket's lock. */
    void removed(String socketId) {
        RoomListener to = listener;
        if (to != null && to.wantsOwnRooms()) {
            note(told -> told.deleted(socketId));
        }
    }

    /** Under the room's lock. */
    void joined(String room, String socketId, boolean first) {
        if (listener == null) {
            return;
        }
        if (first) {
            note(to -> to.created(room));
        }
        if (watched.contains(room)) {
            note(to -> to.joined(room, socketId));
        }
    }

    /** Under the room's lock. */
    void left(String room, String socketId, boolean last) {
        if (listener == null) {
            return;
        }
        if (watched.contains(room)) {
            note(to -> to.left(room, socketId));
        }
        if (last) {
            note(to -> to.deleted(room));
        }
    }

    void tellByHand() {
        byHand = true;
    }

    /** Tells what was noted, unless somebody else does. */
    void tellByItself() {
        if (!byHand) {
            tell();
        }
    }

    /** Tells what was noted. Under no lock. */
    void tell() {
        calls.make();
    }

    private void note(Consumer<RoomListener> change) {
        RoomListener to = listener;
        if (to != null) {
            calls.add(() -> change.accept(to));
        }
    }
}
