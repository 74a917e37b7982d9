package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * How it works. A ring in the order of positions, which have gaps, so that a position is found by halving. `from` is the position
 * behind which nothing is left out.
 */

/**
 * What this node has read from the log last, within bounds of time, count and bytes, so that few returns of a client need the
 * broker.
 *
 * <p>Guarded by its adapter's monitor.
 */
final class RecentLog {
    private static final int INITIAL_CAPACITY = 16;
    /** About what an entry's objects take beside the packet's bytes. */
    private static final long ENTRY_OVERHEAD = 200;

    private final long lifeNanos;
    private final int maxPackets;
    private final long maxBytes;

    private @Nullable Logged[] ring = new @Nullable Logged[INITIAL_CAPACITY];
    private long first; // index of the oldest, counted from the beginning
    private long end; // index behind the youngest
    private long from;
    private long last;
    private long bytes;

    /**
     * An entry. Immutable.
     *
     * @param options whom it names
     * @param packet the event, with its offset; null for anything else
     * @param operation the message, where it is no event; null for an event
     * @param readNanos when this node read it
     */
    record Logged(
            StoredSession.Place place,
            BroadcastOptions options,
            @Nullable EncodedPacket packet,
            @Nullable ClusterMessage operation,
            long readNanos) {}

    RecentLog(RecoverySettings settings) {
        this.lifeNanos = settings.packetLife().toNanos();
        this.maxPackets = settings.maxPackets();
        this.maxBytes = settings.maxBytes();
    }

    /** The position of the last entry that was read; 0 before the log could be read. */
    long last() {
        return last;
    }

    /** Whether everything between that position and {@link #last} is here. */
    boolean holdsAllBehind(long position) {
        return position >= from && position <= last;
    }

    /** The position behind which everything is here. */
    long from() {
        return from;
    }

    /** Starts anew: the next entry is behind that position. */
    void restart(long position) {
        clear();
        from = position;
        last = position;
    }

    /** An entry was read that need not be kept. */
    void passed(long position) {
        last = position;
    }

    /** Adds an entry behind {@link #last}. */
    void add(Logged entry) {
        if (size() == ring.length) {
            grow();
        }
        last = entry.place().position();
        ring[index(end++)] = entry;
        bytes += cost(entry);
        trim(entry.readNanos());
        while (size() > maxPackets || bytes > maxBytes) {
            removeFirst();
        }
    }

    /** Drops what has outlived its time. */
    void trim(long nowNanos) {
        while (first < end && nowNanos - at(first).readNanos() > lifeNanos) {
            removeFirst();
        }
    }

    /** The index of the first entry behind a position; {@link #end} when there is none. */
    long firstBehind(long position) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).place().position() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The entry of an index from {@link #firstBehind}. */
    Logged at(long index) {
        return Objects.requireNonNull(ring[index(index)]);
    }

    /** The index behind the youngest entry. */
    long end() {
        return end;
    }

    /** The position of the last entry that was read before that time; 0 when none of those is kept. */
    long positionBefore(long nanos) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).readNanos() - nanos >= 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == first ? 0 : at(low - 1).place().position();
    }

    /** How many entries are kept. */
    int size() {
        return (int) (end - first);
    }

    /** How many bytes are kept. */
    long bytes() {
        return bytes;
    }

    /** Drops everything. */
    void clear() {
        while (first < end) {
            removeFirst();
        }
    }

    private void removeFirst() {
        Logged entry = at(first);
        ring[index(first++)] = null;
        bytes -= cost(entry);
        from = entry.place().position();
        if (first == end && ring.length > INITIAL_CAPACITY) {
            ring = new @Nullable Logged[INITIAL_CAPACITY];
        }
    }

    private int index(long count) {
        return (int) count & (ring.length - 1);
    }

    private void grow() {
        @Nullable Logged[] larger = new @Nullable Logged[2 * ring.length];
        for (long i = first; i < end; i++) {
            larger[(int) i & (larger.length - 1)] = ring[index(i)];
        }
        ring = larger;
    }

    private static long cost(Logged entry) {
        EncodedPacket packet = entry.packet();
        if (packet == null) {
            return ENTRY_OVERHEAD;
        }
        long cost = ENTRY_OVERHEAD + packet.array().length;
        for (EncodedPacket attachment : packet.attachments()) {
            cost += attachment.array().length;
        }
        return cost;
    }
}
