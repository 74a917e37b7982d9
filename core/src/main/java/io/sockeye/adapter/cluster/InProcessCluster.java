package io.sockeye.adapter.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/*
 * How it works. Whatever is to reach a node - a message, the news that its way is broken - stands in one queue, ordered by the
 * time at which it is due and then by the order in which it was put there. Somebody takes what is due out of the queue and hands
 * it over, one thing at a time: a thread of the cluster's own, or the caller of settle and advance. Each way from one node to
 * another keeps its order: nothing on it is due before what was put on it earlier.
 */

/**
 * A cluster within one process, to test with: several servers, each with {@code ClusterAdapter.factory(cluster.node("a"))}, talk
 * to each other as over a broker. Messages are delayed, lost and brought twice as the test says, and nodes are cut off or killed.
 * What crosses over is written and read as on a real way, so that nothing is shared by accident.
 *
 * <p>Either {@linkplain #live() live}, with a thread that delivers, or {@linkplain #byHand by hand}, where nothing moves unless the
 * test says so and the same test has the same outcome every time.
 *
 * <p>Thread-safe: guarded by its monitor. Receivers are called outside of it, one at a time.
 */
public final class InProcessCluster implements AutoCloseable {

    /** What becomes of a message on its way from one node to another. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Decides. Within the cluster's monitor: it must not call the cluster.
         *
         * @param from the sending node's name
         * @param to the receiving node's name
         */
        Fate of(String from, String to, ClusterMessage message);
    }

    /**
     * What becomes of a message.
     *
     * @param copies how often it arrives: 0 for a message that is lost
     * @param delay for how long it is on its way
     */
    public record Fate(int copies, Duration delay) {
        /** It arrives, at once. */
        public static final Fate ARRIVES = new Fate(1, Duration.ZERO);

        /** It does not. */
        public static final Fate LOST = new Fate(0, Duration.ZERO);

        /** It arrives and arrives again. */
        public static final Fate TWICE = new Fate(2, Duration.ZERO);

        /** It arrives later; what follows it on its way does not overtake it. */
        public static Fate late(Duration delay) {
            return new Fate(1, delay);
        }
    }

    private final Map<String, InProcessNode> nodes = new HashMap<>();
    private final PriorityQueue<Delivery> queue = new PriorityQueue<>();
    private final InProcessWire wire = new InProcessWire();
    /** Null when nothing moves by itself. */
    private final @Nullable Thread deliverer;

    private Rule rule = (from, to, message) -> Fate.ARRIVES;
    private boolean counts = true;
    private long handNanos;
    private long sequence;
    private boolean closed;

    /** Something that is to reach a node. */
    private record Delivery(long due, long sequence, Runnable handOver) implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private InProcessCluster(boolean live) {
        this.deliverer = live ? new Thread(this::deliverForEver, "sockeye-in-process-cluster") : null;
    }

    /** One that delivers on a thread of its own, by the clock on the wall. To be {@linkplain #close closed}. */
    public static InProcessCluster live() {
        InProcessCluster cluster = new InProcessCluster(/* live= */ true);
        Thread thread = Objects.requireNonNull(cluster.deliverer);
        thread.setDaemon(true);
        thread.start();
        return cluster;
    }

    /** One in which nothing moves but in {@link #settle} and {@link #advance}. */
    public static InProcessCluster byHand() {
        return new InProcessCluster(/* live= */ false);
    }

    /**
     * A node, that is, what all namespaces of one server connect with.
     *
     * @param name what rules call it; different from the others'
     */
    public synchronized ClusterDriver.Factory node(String name) {
        InProcessNode node = new InProcessNode(this, name);
        if (nodes.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("node: " + name + " (expected: a name that is not in use)");
        }
        return node::connect;
    }

    /** What becomes of messages from now on. By default all of them arrive at once. */
    public synchronized void rule(Rule rule) {
        this.rule = Objects.requireNonNull(rule, "rule");
    }

    /**
     * Lets chance decide on each message, the same way for the same seed.
     *
     * @param loss the part that is lost, 0 to 1
     * @param duplication the part that arrives twice, 0 to 1
     * @param longestDelay each is on its way for up to that time
     */
    public void chance(long seed, double loss, double duplication, Duration longestDelay) {
        Random random = new Random(seed);
        rule((from, to, message) -> {
            double kind = random.nextDouble();
            Duration delay = Duration.ofNanos((long) (random.nextDouble() * longestDelay.toNanos()));
            int copies = kind < loss ? 0 : kind < loss + duplication ? 2 : 1;
            return new Fate(copies, delay);
        });
    }

    /** Whether the broker counts nodes, as Redis does, or does not know. Default: it counts. */
    public synchronized void countsNodes(boolean counts) {
        this.counts = counts;
    }

    /** Cuts a node off from the broker, which it notices; until {@link #heal}. */
    public synchronized void partition(String name) {
        existing(name).cutOff(/* noticed= */ true);
    }

    /** Lets a node's messages vanish in both directions, which neither it nor the broker notices; until {@link #heal}. */
    public synchronized void hang(String name) {
        existing(name).cutOff(/* noticed= */ false);
    }

    /** Ends a {@link #partition} or a {@link #hang}. */
    public synchronized void heal(String name) {
        existing(name).heal();
    }

    /** A node is killed: nothing is heard of it any more, and the broker does not count it. */
    public synchronized void kill(String name) {
        existing(name).kill();
        nodes.remove(name);
    }

    /** Hands over what is due. */
    public void settle() {
        for (Runnable next = nextDue(); next != null; next = nextDue()) {
            next.run();
        }
    }

    /** Moves the clock of a cluster by hand, and hands over what falls due. */
    public void advance(Duration duration) {
        if (deliverer != null) {
            throw new IllegalStateException("advance: the cluster is live");
        }
        settle();
        long target = handNanos + duration.toNanos();
        for (long due = nextDueTime(target); due <= target; due = nextDueTime(target)) {
            handNanos = Math.max(handNanos, due);
            settle();
        }
        handNanos = target;
    }

    /** How many messages are under way. */
    public synchronized int underWay() {
        return queue.size();
    }

    /** Ends a live cluster's thread. What is under way is lost. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        queue.clear();
        notifyAll();
    }

    /** Sends a message to the other nodes' namespaces of that name, or to one of them. Within the monitor. */
    void send(InProcessDriver from, @Nullable String uid, ClusterMessage message) {
        ClusterMessage written = wire.written(message);
        for (InProcessNode node : List.copyOf(nodes.values())) {
            for (InProcessDriver to : node.drivers(from.namespace())) {
                if (to != from && (uid == null || uid.equals(to.uid()))) {
                    send(from, to, written);
                }
            }
        }
    }

    private void send(InProcessDriver from, InProcessDriver to, ClusterMessage message) {
        if (!from.node().reaches(to.node())) {
            return;
        }
        Fate fate = rule.of(from.node().name(), to.node().name(), message);
        long due = to.arrival(from.uid(), now() + fate.delay().toNanos());
        for (int copy = 0; copy < fate.copies(); copy++) {
            put(due, () -> to.arrived(from.uid(), message));
        }
    }

    /** Within the monitor. */
    void soon(Runnable handOver) {
        put(now(), handOver);
    }

    /** How many nodes the broker counts in a namespace. Within the monitor. */
    OptionalInt count(String namespace) {
        if (!counts) {
            return OptionalInt.empty();
        }
        List<InProcessDriver> present = new ArrayList<>();
        for (InProcessNode node : nodes.values()) {
            if (node.isCounted()) {
                present.addAll(node.drivers(namespace));
            }
        }
        return OptionalInt.of(present.size());
    }

    private InProcessNode existing(String name) {
        InProcessNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("node: " + name + " (expected: one that is there)");
        }
        return node;
    }

    private void put(long due, Runnable handOver) {
        if (!closed) {
            queue.add(new Delivery(due, sequence++, handOver));
            notifyAll();
        }
    }

    private long now() {
        return deliverer == null ? handNanos : System.nanoTime();
    }

    private synchronized @Nullable Runnable nextDue() {
        Delivery next = queue.peek();
        if (next == null || next.due - now() > 0) {
            return null;
        }
        queue.remove();
        return next.handOver;
    }

    private synchronized long nextDueTime(long none) {
        Delivery next = queue.peek();
        return next == null ? none + 1 : next.due;
    }

    private void deliverForEver() {
        try {
            while (waitForDue()) {
                settle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean waitForDue() throws InterruptedException {
        while (!closed) {
            Delivery next = queue.peek();
            long wait = next == null ? Long.MAX_VALUE : next.due - now();
            if (wait <= 0) {
                return true;
            }
            wait(next == null ? 0 : Duration.ofNanos(wait).toMillis() + 1);
        }
        return false;
    }
}
