package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalRooms;
import io.sockeye.adapter.cluster.StoredSession.Place;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has emitted and has not read from the log yet, in order, with what is to happen behind it.
 *
 * <p>Guarded by the adapter's monitor.
 */
final class OwnEvents {
    /** Not delivered yet. Starts with an event, if there is anything. */
    private final Deque<Item> waiting = new ArrayDeque<>();
    /** Delivered, and perhaps to come from the log. */
    private final Deque<Event> early = new ArrayDeque<>();

    /** Something that waits. */
    sealed interface Item {}

    /** What is to happen behind the events before it. */
    record Task(Supplier<Runnable> task) implements Item {}

    /** An event of this node's. */
    static final class Event implements Item {
        final long sequence;
        final SocketPacket.Event packet;
        final EncodedPacket encoded;
        final BroadcastOptions options;
        final LocalRooms.@Nullable Recipients<?> recipients;
        final long sentNanos;
        /** The ids of sockets that have come back since; null when there are none. */
        private @Nullable Set<String> late;

        /**
         * An event.
         *
         * @param sequence its number in the log; 0 for one that is for this node alone
         * @param encoded with a blank for the offset
         * @param recipients who gets it of those who were here then; null when it is for one socket, whose id is the options' room
         */
        Event(
                long sequence,
                SocketPacket.Event packet,
                EncodedPacket encoded,
                BroadcastOptions options,
                LocalRooms.@Nullable Recipients<?> recipients,
                long sentNanos) {
            this.sequence = sequence;
            this.packet = packet;
            this.encoded = encoded;
            this.options = options;
            this.recipients = recipients;
            this.sentNanos = sentNanos;
        }

        Set<String> late() {
            return late == null ? Set.of() : late;
        }

        private void alsoFor(String sid) {
            if (late == null) {
                late = new LinkedHashSet<>(2);
            }
            late.add(sid);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(Item item) {
        waiting.add(item);
    }

    /** The first that waits, if it waits for the log; null for what only waits for something before it. */
    @Nullable Event oldest() {
        return waiting.peek() instanceof Event event && event.sequence > 0 ? event : null;
    }

    /** Takes the first that waits. */
    @Nullable Item poll() {
        return waiting.poll();
    }

    /** An event was delivered that may still come from the log. */
    void addEarly(Event event) {
        early.add(event);
    }

    /** Takes the event of that number, which was delivered before; null when there is none. Those before it will not come. */
    @Nullable Event takeEarly(long sequence) {
        while (!early.isEmpty() && early.element().sequence < sequence) {
            early.remove();
        }
        return !early.isEmpty() && early.element().sequence == sequence ? early.remove() : null;
    }

    /** A session has come back here: it is to get what is behind all that it gets from the log. */
    void cameBack(ClusterSession session, String uid) {
        for (Item item : waiting) {
            if (item instanceof Event event) {
                addIfNamed(event, session, uid);
            }
        }
        early.forEach(event -> addIfNamed(event, session, uid));
    }

    private static void addIfNamed(Event event, ClusterSession session, String uid) {
        if (session.isNamedBy(event.options, new Place(Long.MAX_VALUE, uid, event.sequence))) {
            event.alsoFor(session.sid());
        }
    }

    void clear() {
        waiting.clear();
        early.clear();
    }
}
