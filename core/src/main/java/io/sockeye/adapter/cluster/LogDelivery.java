package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.LocalRooms;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import io.sockeye.adapter.cluster.StoredSession.Place;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * How it works. An event of this node's is appended to the log and delivered here, too, when it is read from there: so clients of
 * every node see the log's order, and an offset says what a client has seen. For whom it is has been settled when it was emitted.
 * What else goes to a socket waits for the events before it, so that one thread's packets keep their order.
 *
 * When an event does not come back in time, it and all that wait behind it are delivered without having a place in the log, and
 * from then on each event at once ("ahead of the log"), until one comes back in time again. It carries the offset of the last entry
 * that was read, because a client takes the last text of any event for its offset. Where such an event comes from the log later, it
 * is not delivered again. Those who got it are in doubt until an event comes from the log that was appended behind it: what their
 * clients have seen before cannot be told from an offset.
 */

/** Delivers the log's events to this node's sockets, in its order, while the broker answers. Guarded by {@link #order}. */
final class LogDelivery {
    private static final Logger log = LoggerFactory.getLogger(LogDelivery.class);
    private static final int MOST_KNOWN_NODES = 1_000;
    /** A process that stood still has not waited: it has to have looked several times. */
    private static final int LEAST_TICKS = 4;

    /** Orders everything that decides on what a client sees. */
    final Object order = new Object();

    final RecentLog recent;
    private final LocalNamespace local;
    private final LogDriver driver;
    private final Doubts doubts;
    private final long patienceNanos;
    private final OwnEvents own = new OwnEvents();
    /** The last number that was read of each node that numbers its entries. */
    private final Map<String, Long> sequences = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_KNOWN_NODES;
        }
    };

    /** What is to be done outside of the monitor, in this order. */
    private final Deque<Runnable> ready = new ArrayDeque<>();

    private boolean draining;
    /** The last number under which something was appended. */
    private long appended;
    /** The last number of an event that was delivered ahead of the log. */
    private long lastAhead;

    private boolean ahead;
    private boolean closed;
    /** What waited for the log at the last tick; null when nothing did. */
    private OwnEvents.@Nullable Event waitedFor;

    private int ticksWaited;

    /** Who has got what is not in the log. Called within the monitor. */
    interface Doubts {
        /** An event was delivered here that has no place in the log. */
        void arose(BroadcastOptions options, Place place);

        /** What is delivered from that position on is in the log again. */
        void ended(long position);
    }

    LogDelivery(LocalNamespace local, LogDriver driver, RecoverySettings settings, Duration patience, Doubts doubts) {
        this.local = local;
        this.driver = driver;
        this.recent = new RecentLog(settings);
        this.patienceNanos = patience.toNanos();
        this.doubts = doubts;
    }

    /** This moment, as this node sees it. Within the monitor. */
    Moment now() {
        return new Moment(recent.last(), driver.uid(), appended);
    }

    /**
     * Emits an event.
     *
     * @param toOne whether it is for the one socket whose id is the options' room, in that room or not
     * @return false when other nodes will not get it
     */
    boolean emit(SocketPacket.Event packet, BroadcastOptions options, boolean toOne) {
        SocketPacket.Event written =
                new SocketPacket.Event(packet.namespace(), packet.id(), packet.name(), local.written(packet.args()));
        EncodedPacket encoded = local.encode(withOffset(written, LogPosition.BLANK), options);
        LogDriver.Draft draft =
                options.local() ? null : driver.draft(new ClusterMessage.Broadcast(written, options, null));
        boolean accepted = true;
        synchronized (order) {
            if (closed) {
                return false;
            }
            LocalRooms.Recipients<?> recipients =
                    toOne ? null : local.rooms().recipients(options.rooms(), options.except());
            if (draft == null) {
                emitLocally(new OwnEvents.Event(0, packet, encoded, options, recipients, 0));
            } else {
                long sequence = ++appended;
                accepted = driver.append(draft, sequence);
                OwnEvents.Event event =
                        new OwnEvents.Event(sequence, packet, encoded, options, recipients, local.nanoTime());
                if (accepted && !ahead) {
                    own.add(event);
                } else {
                    goAhead();
                    deliverAhead(event, accepted);
                }
            }
        }
        drain();
        return accepted;
    }

    private void emitLocally(OwnEvents.Event event) {
        if (own.isEmpty()) {
            line(event, recent.last());
        } else {
            own.add(event);
        }
    }

    /** Appends what is no event; answers whether it was taken. Within the monitor. */
    boolean append(LogDriver.Draft draft) {
        return !closed && driver.append(draft, ++appended);
    }

    /** Does something behind what this node has emitted so far; false when that has all been delivered. */
    boolean defer(Supplier<Runnable> task) {
        synchronized (order) {
            if (own.isEmpty()) {
                if (!draining && ready.isEmpty()) {
                    return false;
                }
                ready.add(task.get());
            } else {
                own.add(new OwnEvents.Task(task));
            }
        }
        drain();
        return true;
    }

    /** The log is read from that position on. */
    void started(long position) {
        synchronized (order) {
            recent.restart(position);
        }
    }

    /**
     * The next entry was read. One call at a time.
     *
     * @return the message, where it is no event; null for anything else
     */
    @Nullable ClusterMessage logged(LogDriver.Entry entry) {
        Place place = Place.of(entry);
        ClusterMessage message = null;
        if (!comesBack(place)) {
            message = entry.content().get();
            EncodedPacket encoded = message instanceof ClusterMessage.Broadcast broadcast && broadcast.acks() == null
                    ? encoded(broadcast, place.position())
                    : null;
            synchronized (order) {
                if (closed || place.position() <= recent.last()) {
                    return null;
                }
                if (encoded != null) {
                    eventLogged(place, (ClusterMessage.Broadcast) message, encoded);
                } else if (message != null) {
                    keep(place, BroadcastOptions.DEFAULT, null, message);
                } else {
                    recent.passed(place.position());
                }
            }
            message = encoded != null ? null : message;
        }
        drain();
        return message;
    }

    /** An event of this node's, with what has been waiting for it; false when the entry is anything else. */
    private boolean comesBack(Place place) {
        synchronized (order) {
            if (closed || place.position() <= recent.last()) {
                return true;
            }
            if (place.sequence() > 0) {
                Long before = sequences.get(place.uid());
                if (before != null && before >= place.sequence()) {
                    recent.passed(place.position()); // has come twice
                    return true;
                }
                sequences.put(place.uid(), place.sequence());
            }
            if (!isOwn(place)) {
                return false;
            }
            OwnEvents.Event event = own.oldest();
            while (event != null && event.sequence < place.sequence()) {
                own.poll();
                deliverAhead(event, /* mayCome= */ false); // the broker has lost it
                takeWhatIsBehind();
                event = own.oldest();
            }
            if (event == null || event.sequence > place.sequence()) {
                return false;
            }
            own.poll();
            line(event, place.position());
            keep(place, event.options, event.encoded, null);
            takeWhatIsBehind();
            endDoubts(place);
            return true;
        }
    }

    private void eventLogged(Place place, ClusterMessage.Broadcast broadcast, EncodedPacket encoded) {
        OwnEvents.Event early = isOwn(place) ? own.takeEarly(place.sequence()) : null;
        BroadcastOptions options = broadcast.options();
        if (early != null) {
            deliverLate(early, encoded);
            if (ahead && local.nanoTime() - early.sentNanos < patienceNanos) {
                ahead = false;
                log.info("{}: the log can be waited for again", local.name());
            }
        } else if (!isOwn(place)) {
            ready.add(local.line(encoded, broadcast.packet(), options, null));
        }
        keep(place, options, encoded, null);
        endDoubts(place);
    }

    private void keep(
            Place place, BroadcastOptions options, @Nullable EncodedPacket packet, @Nullable ClusterMessage operation) {
        if (options.volatileFlag()) {
            recent.passed(place.position());
        } else {
            recent.add(new RecentLog.Logged(place, options, packet, operation, local.nanoTime()));
        }
    }

    private void endDoubts(Place place) {
        if (isOwn(place) && lastAhead > 0 && place.sequence() > lastAhead) {
            lastAhead = 0;
            doubts.ended(place.position());
        }
    }

    /** Entries were lost up to that position. */
    void gap(long position) {
        synchronized (order) {
            recent.restart(position);
        }
    }

    /** Time has passed. */
    void tick() {
        synchronized (order) {
            OwnEvents.Event oldest = own.oldest();
            if (oldest != waitedFor) {
                waitedFor = oldest;
                ticksWaited = 0;
            } else if (oldest != null
                    && ++ticksWaited >= LEAST_TICKS
                    && local.nanoTime() - oldest.sentNanos >= patienceNanos) {
                goAhead();
            }
        }
        drain();
    }

    /** Does something outside of the monitor, once this call into it is over. Within the monitor. */
    void whenReady(Runnable task) {
        ready.add(task);
    }

    /** A session has come back here. Within the monitor. */
    void cameBack(ClusterSession session) {
        own.cameBack(session, driver.uid());
    }

    EncodedPacket encoded(ClusterMessage.Broadcast broadcast, long position) {
        return local.encode(withOffset(broadcast.packet(), LogPosition.text(position)), broadcast.options());
    }

    void close() {
        synchronized (order) {
            if (!closed) {
                deliverAllAhead();
                closed = true;
                own.clear();
                recent.clear();
            }
        }
        drain();
    }

    /** What waited for the event that has just been delivered, and for no other. */
    private void takeWhatIsBehind() {
        while (!own.isEmpty() && own.oldest() == null) {
            OwnEvents.Item item = own.poll();
            if (item instanceof OwnEvents.Task task) {
                ready.add(task.task().get());
            } else if (item instanceof OwnEvents.Event event) {
                line(event, recent.last());
            }
        }
    }

    /** Does not wait for the log any more. */
    private void goAhead() {
        if (!ahead) {
            ahead = true;
            log.warn("{}: the log does not take in time what is emitted; it is delivered ahead of it", local.name());
        }
        deliverAllAhead();
    }

    private void deliverAllAhead() {
        takeWhatIsBehind();
        for (OwnEvents.Event event = own.oldest(); event != null; event = own.oldest()) {
            own.poll();
            deliverAhead(event, /* mayCome= */ true);
            takeWhatIsBehind();
        }
    }

    private void deliverAhead(OwnEvents.Event event, boolean mayCome) {
        line(event, recent.last());
        if (!event.options.volatileFlag()) {
            lastAhead = Math.max(lastAhead, event.sequence);
            doubts.arose(event.options, new Place(Long.MAX_VALUE, driver.uid(), event.sequence));
        }
        if (mayCome) {
            own.addEarly(event);
        }
    }

    private void line(OwnEvents.Event event, long position) {
        LogPosition.write(event.encoded, position);
        if (event.recipients == null) {
            for (String sid : event.options.rooms()) {
                ready.add(local.line(event.encoded, event.packet, event.options, sid));
            }
        } else {
            ready.add(local.line(event.encoded, event.packet, event.options.volatileFlag(), event.recipients));
            deliverLate(event, event.encoded);
        }
    }

    private void deliverLate(OwnEvents.Event event, EncodedPacket encoded) {
        for (String sid : event.late()) {
            ready.add(local.line(encoded, event.packet, event.options, sid));
        }
    }

    private boolean isOwn(Place place) {
        return place.sequence() > 0 && place.uid().equals(driver.uid());
    }

    private static SocketPacket.Event withOffset(SocketPacket.Event packet, String offset) {
        return new SocketPacket.Event(
                packet.namespace(), packet.id(), packet.name(), packet.args().plus(offset));
    }

    /** Does what is ready, outside of the monitor; by one thread at a time, so that the order is kept. */
    private void drain() {
        synchronized (order) {
            if (draining) {
                return;
            }
            draining = true;
        }
        while (true) {
            Runnable next;
            synchronized (order) {
                next = ready.poll();
                if (next == null) {
                    draining = false;
                    return;
                }
            }
            try {
                next.run();
            } catch (RuntimeException e) {
                log.error("a packet could not be sent on", e);
            }
        }
    }
}
