package io.sockeye.adapter.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClusterDriver} that also keeps a log of the cluster's broadcasts, which every node reads in one order, and sessions,
 * which any node can take up. {@link RecoveringClusterAdapter} brings clients back with it, on whatever node.
 *
 * <p>Every entry has a position ({@link LogPosition}). What one node appends comes back in the order in which it was appended, as
 * far as it comes back; it may do so twice.
 *
 * <p>Thread-safe. Methods return without waiting for the broker. A stage fails when the broker cannot be asked within some
 * seconds.
 */
public interface LogDriver extends ClusterDriver {

    /** Connects one namespace of one node. */
    @FunctionalInterface
    interface Factory {
        /** As {@link ClusterDriver.Factory#connect}. */
        LogDriver connect(String namespace, Receiver receiver);
    }

    /** Learns what is in the log. Calls of its own methods come one at a time, on a thread that must not be held up. */
    interface Receiver extends ClusterDriver.Receiver {
        /** The log is read from behind that position on. Told once, before anything is read. */
        void started(long position);

        /** The next entry of this namespace, whoever has appended it. */
        void logged(Entry entry);

        /** Entries up to that position were dropped from the log before this node could read them. */
        void gap(long position);

        /** Time has passed. Called several times a second. */
        void tick();
    }

    /**
     * What stands in the log. Immutable.
     *
     * @param position its {@link LogPosition}
     * @param uid which node's it is; {@code emitter} or empty for a process that is no node
     * @param sequence the number under which it was appended; 0 when there is none, as with nodes of the reference
     * @param content what it says; null when that cannot be read
     */
    record Entry(long position, String uid, long sequence, Supplier<@Nullable ClusterMessage> content) {}

    /**
     * Some entries of this namespace. Immutable.
     *
     * @param entries in order
     * @param upTo the position up to which nothing is left out; {@link Long#MAX_VALUE} at the end of the log
     */
    record Page(List<Entry> entries, long upTo) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * How far the log reaches. Immutable.
     *
     * @param first the position of the oldest entry that is kept, whatever its namespace; 0 when there is none
     * @param last the position of the youngest entry that there was; 0 when there was none
     */
    record Extent(long first, long last) {}

    /** What has become of {@link #save}. */
    enum Saved {
        /** It is kept. */
        DONE,
        /** Another node has taken the session up, and it is kept as that node has it. */
        TAKEN,
        /** No session of that id is kept: another node has taken it up, or its time was over. */
        MISSING
    }

    /** A message as it will stand in the log. Immutable. */
    interface Draft {}

    /** Writes a message for the log. Runs application code where an argument is written by it. */
    Draft draft(ClusterMessage message);

    /**
     * Appends a message of this node, and has it come back to every node through {@link Receiver#logged}. Quick, and calls nothing
     * back, so that it can be done under a lock that decides on the order.
     *
     * @param draft what {@link #draft} has made of it
     * @param sequence a number that comes back with it, larger than those before
     * @return false when it was refused: the driver is closed, or holds back too much already
     */
    boolean append(Draft draft, long sequence);

    /** How far the log reaches now. */
    CompletionStage<Extent> extent();

    /** The entries of this namespace behind a position, as many as fit into a page. */
    CompletionStage<Page> read(long after);

    /**
     * Keeps a session, in the place of what was kept of it before. Calls for one session take effect in their order.
     *
     * @param claim whether to do so whoever has it; else only where it is kept as {@linkplain StoredSession#owner this node's}
     * @param life how long it is kept
     */
    CompletionStage<Saved> save(StoredSession session, boolean claim, Duration life);

    /** Takes a session away and answers it; null when there is none of that id. Only one of several that ask gets it. */
    CompletionStage<@Nullable StoredSession> take(String pid);

    /** Takes a session away. */
    void remove(String pid);
}
