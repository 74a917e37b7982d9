package io.sockeye.adapter;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which rooms one socket was when: what it has missed is what was emitted to rooms that it was in then, not to those that
 * it is in now. Time is counted in positions of the {@link PacketLog}; a stay begins and ends behind a position.
 *
 * <p>Guarded by the adapter's monitor.
 */
final class Stays {
    private static final long OPEN = Long.MAX_VALUE;

    private static final int ENDS_PER_CLEANING = 32;

    /** The latest stay in each room. */
    private final Map<String, Stay> byRoom = new HashMap<>(4);

    private int ends;

    private static final class Stay {
        final long from;
        long to = OPEN;
        /** The stay before in the same room; null when there is none that matters. */
        @Nullable Stay earlier;

        Stay(long from, @Nullable Stay earlier) {
            this.from = from;
            this.earlier = earlier;
        }
    }

    /** Begins a stay, unless one has begun. */
    void join(String room, long position) {
        Stay latest = byRoom.get(room);
        if (latest != null && latest.to == position) {
            latest.to = OPEN; // nothing was emitted meanwhile
        } else if (latest == null || latest.to != OPEN) {
            byRoom.put(room, new Stay(position, latest));
        }
    }

    /**
     * Ends a stay.
     *
     * @param oldest the position of the oldest packet that is kept: stays that ended before are forgotten now and then
     */
    void leave(String room, long position, long oldest) {
        Stay latest = byRoom.get(room);
        if (latest != null && latest.to == OPEN) {
            latest.to = position;
            if (++ends % ENDS_PER_CLEANING == 0) {
                forgetBefore(oldest);
            }
        }
    }

    private void forgetBefore(long position) {
        byRoom.values().removeIf(stay -> stay.to < position);
        for (Stay latest : byRoom.values()) {
            for (Stay stay = latest; stay.earlier != null; stay = stay.earlier) {
                if (stay.earlier.to < position) {
                    stay.earlier = null;
                    break;
                }
            }
        }
    }

    /** Whether it was in the room when the packet at that position was emitted. */
    boolean during(long position, String room) {
        for (Stay stay = byRoom.get(room); stay != null; stay = stay.earlier) {
            if (stay.from < position) {
                return position <= stay.to;
            }
        }
        return false;
    }

    /** The rooms it is in now. */
    Set<String> rooms() {
        Set<String> rooms = new LinkedHashSet<>();
        byRoom.forEach((room, stay) -> {
            if (stay.to == OPEN) {
                rooms.add(room);
            }
        });
        return rooms;
    }

    /** How many stays are remembered. */
    int size() {
        int size = 0;
        for (Stay latest : byRoom.values()) {
            for (Stay stay = latest; stay != null; stay = stay.earlier) {
                size++;
            }
        }
        return size;
    }
}
