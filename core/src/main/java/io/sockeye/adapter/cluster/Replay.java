package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import io.sockeye.adapter.cluster.StoredSession.Place;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log for one session: what its client has missed, and what was done to its socket while it was away.
 *
 * <p>Not thread-safe.
 */
final class Replay {
    private static final long LONGEST_REPETITION_MILLIS = 5_000;

    private final ClusterSession session;
    private final RecoverySettings settings;
    /** The last position that the client has seen. */
    private final long seen;
    /** What was done to the socket before is known; null when nothing is to be done to it. */
    private final @Nullable Moment asOf;

    private final List<EncodedPacket> missed = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>(4);
    private long bytes;
    private long upTo;
    private boolean impossible;

    Replay(ClusterSession session, RecoverySettings settings, long seen, @Nullable Moment asOf) {
        this.session = session;
        this.settings = settings;
        this.seen = seen;
        this.asOf = asOf;
        this.upTo = asOf == null ? seen : Math.min(seen, asOf.position());
    }

    ClusterSession session() {
        return session;
    }

    /** The position up to which the log has been read. */
    long upTo() {
        return upTo;
    }

    /**
     * Where to begin to read the log: somewhat before what is needed, so that an entry that has come twice is known, though the
     * client has seen the first of them.
     */
    long readFrom() {
        return LogPosition.of(Math.max(0, LogPosition.millis(upTo) - LONGEST_REPETITION_MILLIS), 0);
    }

    /** Up to there the log has nothing more for this namespace. */
    void readUpTo(long position) {
        upTo = Math.max(upTo, position);
    }

    /** Whether the session cannot go on: its socket was disconnected, or too much was missed. */
    boolean impossible() {
        return impossible;
    }

    List<EncodedPacket> missed() {
        return missed;
    }

    /** Reads what this node has read. */
    void read(RecentLog recent) {
        for (long i = recent.firstBehind(upTo); i < recent.end() && !impossible; i++) {
            RecentLog.Logged entry = recent.at(i);
            EncodedPacket packet = entry.packet();
            ClusterMessage operation = entry.operation();
            if (isNew(entry.place())) {
                if (packet != null) {
                    event(entry.place(), entry.options(), () -> packet);
                } else if (operation != null) {
                    operation(entry.place(), operation);
                }
            }
        }
        readUpTo(recent.last());
    }

    /** Reads an entry. */
    void read(LogDriver.Entry entry, Encoding encoding) {
        Place place = Place.of(entry);
        ClusterMessage message =
                isNew(place) && place.position() > upTo ? entry.content().get() : null;
        if (message instanceof ClusterMessage.Broadcast broadcast) {
            if (broadcast.acks() == null && !broadcast.options().volatileFlag()) {
                event(place, broadcast.options(), () -> encoding.encode(broadcast, place.position()));
            }
        } else if (message != null) {
            operation(place, message);
        }
        readUpTo(place.position());
    }

    /** Makes the packet of an event that stands at a position. */
    interface Encoding {
        EncodedPacket encode(ClusterMessage.Broadcast broadcast, long position);
    }

    /** An entry that has come twice has the number of one before. */
    private boolean isNew(Place place) {
        if (place.sequence() == 0) {
            return true;
        }
        Long before = sequences.get(place.uid());
        if (before != null && before >= place.sequence()) {
            return false;
        }
        sequences.put(place.uid(), place.sequence());
        return true;
    }

    private void event(Place place, BroadcastOptions options, Supplier<EncodedPacket> packet) {
        if (place.position() > seen && session.isNamedBy(options, place)) {
            EncodedPacket encoded = packet.get();
            missed.add(encoded);
            bytes += encoded.size();
            impossible |= missed.size() > settings.maxPackets() || bytes > settings.maxBytes();
        }
    }

    private void operation(Place place, ClusterMessage message) {
        if (asOf == null || !asOf.precedes(place)) {
            return;
        }
        Moment then = new Moment(place.position(), /* uid= */ "", /* sequence= */ 0);
        if (message instanceof ClusterMessage.SocketsJoin join) {
            if (session.isNamedBy(join.options(), place)) {
                join.rooms().forEach(room -> session.join(room, then));
            }
        } else if (message instanceof ClusterMessage.SocketsLeave leave) {
            if (session.isNamedBy(leave.options(), place)) {
                leave.rooms().forEach(room -> session.leave(room, then));
            }
        } else if (message instanceof ClusterMessage.DisconnectSockets disconnect) {
            impossible |= session.isNamedBy(disconnect.options(), place);
        }
    }
}
