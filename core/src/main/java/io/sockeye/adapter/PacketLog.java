package io.sockeye.adapter;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * How it works. A ring of entries whose positions count up without a gap from `first` to `last`, so that a position is found
 * by arithmetic. Three things shorten it at its old end: an entry's age, the count, and the bytes. What age takes is harmless:
 * it has been received (see RecoverySettings). What the bounds take before its time has perhaps not been, so the log
 * remembers how far that went, for as long as it would have kept the youngest of them.
 */

/**
 * The last packets of a namespace, in the order in which they were emitted, within bounds of time, count and bytes.
 *
 * <p>Guarded by its adapter's monitor.
 */
final class PacketLog {
    private static final int INITIAL_CAPACITY = 16;
    /** About what an entry's objects take beside the packet's bytes. */
    private static final long ENTRY_OVERHEAD = 160;

    private final long lifeNanos;
    private final int maxPackets;
    private final long maxBytes;

    private @Nullable Entry[] ring = new @Nullable Entry[INITIAL_CAPACITY];
    /** The position of the oldest entry that is kept; behind {@link #last} when none is. */
    private long first = 1;
    /** The position of the youngest entry that there was; 0 before there was one. */
    private long last;

    private long bytes;
    /** The position of the youngest entry that had to go before its time; 0 when there is none. */
    private long lost;
    /** When that entry's time would have been over. */
    private long lostUntilNanos;

    /**
     * A packet, and for whom it was. Immutable.
     *
     * @param target the id of the one socket it was for; null when the options say
     */
    record Entry(
            EncodedPacket packet,
            BroadcastOptions options,
            @Nullable String target,
            long emittedNanos) {}

    PacketLog(RecoverySettings settings) {
        this.lifeNanos = settings.packetLife().toNanos();
        this.maxPackets = settings.maxPackets();
        this.maxBytes = settings.maxBytes();
    }

    /** The position of the youngest packet that there was; 0 before there was one. */
    long last() {
        return last;
    }

    /** The position of the oldest packet that is kept; one behind {@link #last} when none is. */
    long first() {
        return first;
    }

    /** The packet of a position between {@link #first} and {@link #last}. */
    Entry at(long position) {
        return Objects.requireNonNull(ring[index(position)]);
    }

    /** Adds a packet at the position behind {@link #last}. */
    void add(Entry entry) {
        if (size() == ring.length) {
            grow();
        }
        last++;
        ring[index(last)] = entry;
        bytes += cost(entry);
        trim(entry.emittedNanos());
        while (size() > maxPackets || bytes > maxBytes) {
            lost = first;
            lostUntilNanos = at(first).emittedNanos() + lifeNanos;
            removeFirst();
        }
    }

    /** Drops what has outlived its time. */
    void trim(long nowNanos) {
        while (first <= last && nowNanos - at(first).emittedNanos() > lifeNanos) {
            removeFirst();
        }
    }

    /** Whether everything behind that position is kept. */
    boolean keepsAllBehind(long position) {
        return position >= first - 1;
    }

    /** Whether what is not kept behind that position has merely outlived its time. */
    boolean hasLostNothingBehind(long position, long nowNanos) {
        return position >= lost || nowNanos - lostUntilNanos > 0;
    }

    /** How many packets are kept. */
    int size() {
        return (int) (last - first + 1);
    }

    /** How many bytes are kept. */
    long bytes() {
        return bytes;
    }

    /** Drops everything. */
    void clear() {
        while (first <= last) {
            removeFirst();
        }
    }

    private void removeFirst() {
        int index = index(first++);
        bytes -= cost(Objects.requireNonNull(ring[index]));
        ring[index] = null;
        if (first > last && ring.length > INITIAL_CAPACITY) {
            ring = new @Nullable Entry[INITIAL_CAPACITY];
        }
    }

    private int index(long position) {
        return (int) position & (ring.length - 1);
    }

    private void grow() {
        @Nullable Entry[] old = ring;
        @Nullable Entry[] larger = new @Nullable Entry[2 * old.length];
        for (long position = first; position <= last; position++) {
            larger[(int) position & (larger.length - 1)] = old[index(position)];
        }
        ring = larger;
    }

    private static long cost(Entry entry) {
        long cost = ENTRY_OVERHEAD + entry.packet().array().length;
        for (EncodedPacket attachment : entry.packet().attachments()) {
            cost += attachment.array().length;
        }
        return cost;
    }
}
