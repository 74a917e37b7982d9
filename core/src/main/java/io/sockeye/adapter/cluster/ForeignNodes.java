package io.sockeye.adapter.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/*
 * How it works. A broker counts subscribers and does not say who they are; heartbeats say who is alive, but Node.js servers send
 * none over Redis. What the broker counts beyond this node and the living peers are foreign nodes, or peers that have died without
 * the broker's noticing (they hang, or the network to them is gone). The two are told apart by time: a peer that dies and stays
 * in the broker's count makes the surplus grow at the moment at which it is declared dead. So the largest surplus of the recent
 * past, in which it was still counted as alive, is the number of foreign nodes; what is beyond it, up to the number of the peers
 * that have died lately, are the dead.
 */

/**
 * How many nodes there are that send no heartbeats, as far as the broker's count tells. Thread-safe: guarded by its monitor.
 */
final class ForeignNodes {
    private static final int WINDOW_TIMEOUTS = 3;
    private static final int REMEMBERED_TIMEOUTS = 6;

    private final long windowNanos;
    private final long rememberedNanos;

    private long windowStart;
    private int largestBefore;
    private int largest;
    /** When peers were declared dead, by their uids. */
    private final Map<String, Long> dead = new LinkedHashMap<>();

    ForeignNodes(long heartbeatTimeoutNanos, long now) {
        this.windowNanos = WINDOW_TIMEOUTS * heartbeatTimeoutNanos;
        this.rememberedNanos = REMEMBERED_TIMEOUTS * heartbeatTimeoutNanos;
        this.windowStart = now;
    }

    /** A peer was declared dead. */
    synchronized void died(String uid, long now) {
        dead.put(uid, now);
    }

    /** A peer that had been declared dead is there again. */
    synchronized void returned(String uid) {
        dead.remove(uid);
    }

    /**
     * How many foreign nodes there are.
     *
     * @param counted how many nodes the broker counts, this one among them; empty when it does not know
     * @param peers how many others are known to be alive
     */
    synchronized int counted(OptionalInt counted, int peers, long now) {
        if (counted.isEmpty()) {
            return 0;
        }
        dead.values().removeIf(since -> now - since > rememberedNanos);
        int surplus = Math.max(0, counted.getAsInt() - 1 - peers);
        int usual = usual(now);
        if (surplus > usual && !dead.isEmpty()) {
            return surplus - Math.min(dead.size(), surplus - usual);
        }
        largest = Math.max(largest, surplus);
        return surplus;
    }

    /** How many there were lately, for want of a count. */
    synchronized int usual(long now) {
        if (now - windowStart > windowNanos) {
            largestBefore = now - windowStart > 2 * windowNanos ? 0 : largest;
            largest = 0;
            windowStart = now;
        }
        return Math.max(largestBefore, largest);
    }
}
