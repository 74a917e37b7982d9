package io.sockeye.adapter;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.ArrayList;
import java.util.List;

/** A session of {@link RecoveringAdapter}, whether it has a connection or waits for one. Guarded by the adapter's monitor. */
final class RecoverableSession {
    private final SessionRecord first;
    private final long start;
    private final Stays stays = new Stays();
    /** The position of the last packet that a return of the client has brought up again; 0 when there was none. */
    private long replayedTo;
    /** Whether a heartbeat was missing at some time: see {@link SessionStore#suspend}. Stays true. */
    private boolean unproven;

    /** A session that starts behind that position. */
    RecoverableSession(SessionRecord first, long start) {
        this.first = first;
        this.start = start;
    }

    String sid() {
        return first.sid();
    }

    String pid() {
        return first.pid();
    }

    /** The position behind which it started. */
    long start() {
        return start;
    }

    Stays stays() {
        return stays;
    }

    /** What it is now. */
    SessionRecord record() {
        return new SessionRecord(sid(), pid(), stays.rooms(), first.data());
    }

    void lostConnection(boolean unproven) {
        this.unproven |= unproven;
    }

    /**
     * Whether a client that has seen that position cannot have missed a packet behind it that is not kept because of its age.
     * Such a packet was followed by a heartbeat that the client has answered, unless the packet was sent again later than it
     * was emitted.
     */
    boolean hasReceivedWhatIsOld(long position) {
        return !unproven && position >= replayedTo;
    }

    /** What its client has missed, which is behind that position. It is about to be sent. */
    List<EncodedPacket> missed(PacketLog log, long position) {
        List<EncodedPacket> missed = new ArrayList<>();
        for (long each = Math.max(position + 1, log.first()); each <= log.last(); each++) {
            PacketLog.Entry entry = log.at(each);
            boolean forUs = entry.target() == null ? isNamedBy(entry.options(), each) : sid().equals(entry.target());
            if (forUs) {
                missed.add(entry.packet());
                replayedTo = each;
            }
        }
        return missed;
    }

    /** Whether the options name its socket, at the time of that position. */
    boolean isNamedBy(BroadcastOptions options, long position) {
        return (options.rooms().isEmpty() || isInAny(options.rooms(), position))
                && !isInAny(options.except(), position);
    }

    private boolean isInAny(Iterable<String> rooms, long position) {
        for (String room : rooms) {
            if (stays.during(position, room)) {
                return true;
            }
        }
        return false;
    }
}
