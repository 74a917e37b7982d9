package io.sockeye.adapter;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rooms on their way to the {@link RoomListener}: noted under the lock that orders the changes of a room, told
 * outside of it. Whoever comes first tells what others have noted meanwhile. Thread-safe.
 */
final class RoomChanges {
    /** Null until there is one. */
    private volatile @Nullable RoomListener listener;

    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final Queue<Consumer<RoomListener>> noted = new ConcurrentLinkedQueue<>();
    /** How often {@link #tell} was called and has not been done; who raises it from zero does it for all. */
    private final AtomicInteger calls = new AtomicInteger();

    void listen(RoomListener to) {
        listener = to;
    }

    /** Under the room's lock. */
    void watch(String room, Supplier<Set<String>> socketIds) {
        if (watched.add(room)) {
            Set<String> now = socketIds.get();
            noted.add(to -> to.watched(room, now));
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
            noted.add(told -> told.created(socketId));
        }
    }

    /** A socket has gone, with its own-id room. Under the socket's lock. */
    void removed(String socketId) {
        RoomListener to = listener;
        if (to != null && to.wantsOwnRooms()) {
            noted.add(told -> told.deleted(socketId));
        }
    }

    /** Under the room's lock. */
    void joined(String room, String socketId, boolean first) {
        if (listener == null) {
            return;
        }
        if (first) {
            noted.add(to -> to.created(room));
        }
        if (watched.contains(room)) {
            noted.add(to -> to.joined(room, socketId));
        }
    }

    /** Under the room's lock. */
    void left(String room, String socketId, boolean last) {
        if (listener == null) {
            return;
        }
        if (watched.contains(room)) {
            noted.add(to -> to.left(room, socketId));
        }
        if (last) {
            noted.add(to -> to.deleted(room));
        }
    }

    /** Tells what was noted. Under no lock. */
    void tell() {
        RoomListener to = listener;
        if (to == null || noted.isEmpty() || calls.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            for (Consumer<RoomListener> next = noted.poll(); next != null; next = noted.poll()) {
                next.accept(to);
            }
            done = calls.addAndGet(-done);
        } while (done != 0);
    }
}
