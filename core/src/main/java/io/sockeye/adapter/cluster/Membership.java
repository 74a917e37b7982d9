package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalNamespace;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the other nodes are: this node's heartbeats, and those of its peers. A peer is a node that has sent a heartbeat; it is gone
 * when it says so, or nothing is heard of it in time.
 *
 * <p>Thread-safe; the listener is called outside of locks.
 */
final class Membership {
    private static final Logger log = LoggerFactory.getLogger(ClusterAdapter.class);
    private static final int MOST_LEFT = 1024;
    private static final long SHORTEST_TICK_NANOS = 1_000_000;

    /** Learns of peers, on any thread. */
    interface Listener {
        /** A peer is there. */
        void came(String uid);

        /** A peer is not there any more. */
        void gone(String uid);

        /** It is time for a heartbeat, which has been sent. */
        void beat();
    }

    private final LocalNamespace local;
    private final Outbound out;
    private final Listener listener;
    private final long intervalNanos;
    private final long timeoutNanos;
    private final ConcurrentMap<String, Peer> peers = new ConcurrentHashMap<>();
    /** Who has said goodbye: what still comes from them does not bring them back. */
    private final Set<String> left = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_LEFT;
        }
    });

    private final ForeignNodes foreign;

    /** When the next heartbeat is due. Guarded by this. */
    private long nextBeat;
    /** When the next tick is due. Guarded by this. */
    private long tickDue;
    /** Null before the start. Guarded by this. */
    private LocalNamespace.@Nullable Scheduled nextTick;
    /** Guarded by this. */
    private boolean closed;

    private static final class Peer {
        volatile long lastHeard;

        Peer(long lastHeard) {
            this.lastHeard = lastHeard;
        }
    }

    Membership(LocalNamespace local, Outbound out, ClusterSettings settings, Listener listener) {
        this.local = local;
        this.out = out;
        this.listener = listener;
        this.intervalNanos = settings.heartbeatInterval().toNanos();
        this.timeoutNanos = settings.heartbeatTimeout().toNanos();
        this.foreign = new ForeignNodes(timeoutNanos, local.nanoTime());
    }

    /** Says that this node is here, and wants to hear of the others. */
    void start() {
        announce();
        schedule();
    }

    /** Says so again: others may have missed everything for a while. */
    void announce() {
        out.publish(new ClusterMessage.Heartbeat(/* initial= */ true));
        synchronized (this) {
            nextBeat = local.nanoTime() + intervalNanos;
        }
    }

    /** Something has come from a node. */
    void heard(String uid) {
        Peer peer = peers.get(uid);
        if (peer != null) {
            peer.lastHeard = local.nanoTime();
        }
    }

    /** Something has come that only peers send. False when it is of one that has said goodbye before. */
    boolean heardPeer(String uid) {
        Peer known = peers.get(uid);
        if (known != null) {
            known.lastHeard = local.nanoTime();
            return true;
        }
        synchronized (this) {
            if (closed || left.contains(uid)) {
                return false;
            }
            if (peers.putIfAbsent(uid, new Peer(local.nanoTime())) != null) {
                return true;
            }
        }
        foreign.returned(uid);
        log.debug("namespace {}: node {} is there", local.name(), uid);
        listener.came(uid);
        return true;
    }

    /** A node has said goodbye. */
    void left(String uid) {
        synchronized (this) {
            left.add(uid);
        }
        if (peers.remove(uid) != null) {
            listener.gone(uid);
        }
    }

    /** The peers that are alive. A snapshot. */
    Set<String> alive() {
        return new TreeSet<>(peers.keySet());
    }

    boolean isAlive(String uid) {
        return peers.containsKey(uid);
    }

    int size() {
        return peers.size();
    }

    /** How many nodes there are beside this one and its peers. Never fails. */
    CompletionStage<Integer> foreignNodes() {
        return out.nodeCount().handle((count, error) -> {
            OptionalInt known = error == null ? count : OptionalInt.empty();
            return error == null ? foreign.counted(known, peers.size(), local.nanoTime()) : usualForeignNodes();
        });
    }

    /** How many of those there were lately. */
    int usualForeignNodes() {
        return foreign.usual(local.nanoTime());
    }

    void close() {
        synchronized (this) {
            closed = true;
            if (nextTick != null) {
                nextTick.cancel();
                nextTick = null;
            }
        }
        peers.clear();
    }

    private void tick() {
        long now = local.nanoTime();
        forgiveLateness(now);
        peers.forEach((uid, peer) -> {
            if (now - peer.lastHeard >= timeoutNanos && peers.remove(uid, peer)) {
                foreign.died(uid, now);
                log.info("namespace {}: nothing is heard of node {} any more", local.name(), uid);
                listener.gone(uid);
            }
        });
        boolean due;
        synchronized (this) {
            due = now - nextBeat >= 0;
            if (due) {
                nextBeat = now + intervalNanos;
            }
        }
        if (due) {
            out.publish(new ClusterMessage.Heartbeat(/* initial= */ false));
            foreignNodes(); // keeps the count of the recent past
            listener.beat();
        }
        schedule();
    }

    /** While this process stood still it has heard of nobody, which says nothing about them. */
    private void forgiveLateness(long now) {
        long late;
        synchronized (this) {
            late = now - tickDue;
        }
        if (late > intervalNanos) {
            peers.values().forEach(peer -> peer.lastHeard = Math.min(now, peer.lastHeard + late));
        }
    }

    private void schedule() {
        long now = local.nanoTime();
        long soonest = timeoutNanos;
        for (Peer peer : peers.values()) {
            soonest = Math.min(soonest, peer.lastHeard + timeoutNanos - now);
        }
        synchronized (this) {
            if (!closed) {
                long delay = Math.max(SHORTEST_TICK_NANOS, Math.min(soonest, nextBeat - now));
                tickDue = now + delay;
                nextTick = local.schedule(this::tick, Duration.ofNanos(delay));
            }
        }
    }
}
