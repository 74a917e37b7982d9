package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalNamespace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to the other nodes that waits for their answers. Peers are waited for by name; of foreign nodes only the number is
 * known, and their answers may come without a name. Guarded by its monitor; what it completes, it completes outside of it.
 */
abstract class ClusterRequest {
    private final String id;
    /** The peers that have not answered. */
    private final Set<String> awaited = new HashSet<>();

    private final Set<String> answered = new HashSet<>();
    /** How many foreign nodes there are; negative while it is not known. */
    private int foreign = -1;

    private int foreignAnswers;
    /** How many peers have gone without an answer. */
    private int lost;

    private boolean ended;
    /** Null before it waits. */
    private LocalNamespace.@Nullable Scheduled deadline;

    ClusterRequest(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Waits for these peers, and for foreign nodes whose number is to follow. */
    synchronized void waitFor(Set<String> peers, LocalNamespace.Scheduled until) {
        awaited.addAll(peers);
        if (ended) {
            until.cancel();
        } else {
            deadline = until;
        }
    }

    /** Says how many foreign nodes there are. True when nothing is waited for any more; to be completed then. */
    synchronized boolean foreignNodes(int count) {
        foreign = count;
        return endIfDone();
    }

    /**
     * Nobody else has been asked. True when nothing is waited for any more; to be completed then.
     *
     * @param here this node's uid when it answers itself; null when it does not
     * @param usual how many foreign nodes there were lately
     */
    synchronized boolean nobodyIsAsked(@Nullable String here, int usual) {
        lost += usual;
        foreign = 0;
        for (String uid : List.copyOf(awaited)) {
            if (!uid.equals(here)) {
                awaited.remove(uid);
                lost++;
            }
        }
        return endIfDone();
    }

    /** A peer has gone. True when nothing is waited for any more; to be completed then. */
    synchronized boolean gone(String uid) {
        if (awaited.remove(uid)) {
            lost++;
        }
        peerGone(uid);
        return endIfDone();
    }

    /**
     * The time is up, or nobody can be asked.
     *
     * @param usual how many foreign nodes there were lately, if there is no number
     * @return how many nodes have not answered; negative when it has been completed before
     */
    synchronized int giveUp(int usual) {
        if (foreign < 0) {
            foreign = usual;
        }
        return end() ? missing() : -1;
    }

    /** Completes it with what there is. Once it has ended, outside of the monitor. */
    abstract void complete();

    /** How many nodes have not answered. */
    final synchronized int missing() {
        return lost + awaited.size() + Math.max(0, foreign - foreignAnswers);
    }

    /** Whether more is waited for than an answer of each node. Within the monitor. */
    boolean waitsForMore() {
        return false;
    }

    /** Within the monitor. */
    void peerGone(String uid) {}

    /** Whether this is a node's first answer, and wanted. Within the monitor. */
    final boolean isFirstAnswerOf(String uid) {
        if (ended || (!uid.isEmpty() && !answered.add(uid))) {
            return false;
        }
        if (!awaited.remove(uid)) {
            foreignAnswers++;
        }
        return true;
    }

    final boolean ended() {
        return ended;
    }

    /** Within the monitor. */
    final boolean endIfDone() {
        return !ended && foreign >= 0 && awaited.isEmpty() && foreignAnswers >= foreign && !waitsForMore() && end();
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (deadline != null) {
            deadline.cancel();
        }
        return true;
    }
}
