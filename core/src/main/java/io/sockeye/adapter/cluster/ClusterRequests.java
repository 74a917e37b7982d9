package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalNamespace;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The questions of this node that wait for answers. Thread-safe. */
final class ClusterRequests {
    private final LocalNamespace local;
    private final Outbound out;
    private final Membership membership;
    private final int most;
    private final ConcurrentMap<String, ClusterRequest> pending = new ConcurrentHashMap<>();
    private final LongAdder timedOut = new LongAdder();

    ClusterRequests(LocalNamespace local, Outbound out, Membership membership, int most) {
        this.local = local;
        this.out = out;
        this.membership = membership;
        this.most = most;
    }

    /** An id for a question: 16 hexadecimal digits, as the reference's. */
    static String newId() {
        long bits = ThreadLocalRandom.current().nextLong();
        StringBuilder id = new StringBuilder(Long.toHexString(bits));
        while (id.length() < 16) {
            id.insert(0, '0');
        }
        return id.toString();
    }

    /**
     * Asks the other nodes.
     *
     * @param here this node's uid when it answers itself; null when it does not
     */
    void ask(ClusterRequest request, ClusterMessage question, Duration timeout, @Nullable String here) {
        boolean asked = false;
        if (pending.size() < most) {
            pending.put(request.id(), request);
            LocalNamespace.Scheduled deadline = local.schedule(() -> giveUp(request, /* late= */ true), timeout);
            request.waitFor(awaited(here), deadline); // behind the put: who goes from now on is told
            try {
                asked = out.publish(question);
            } finally {
                if (!asked) {
                    pending.remove(request.id());
                    deadline.cancel();
                }
            }
        } else {
            out.refused.increment();
            request.waitFor(awaited(here), () -> {});
        }
        if (asked) {
            membership.foreignNodes().thenAccept(count -> settle(request, request.foreignNodes(count)));
        } else {
            settle(request, request.nobodyIsAsked(here, membership.usualForeignNodes()));
        }
    }

    private Set<String> awaited(@Nullable String here) {
        Set<String> uids = new HashSet<>(membership.alive());
        if (here != null) {
            uids.add(here);
        }
        return uids;
    }

    /** Does something with the question of that id, if it is of that kind and still waits. */
    <R extends ClusterRequest> void with(String id, Class<R> kind, Predicate<R> step) {
        ClusterRequest request = pending.get(id);
        if (kind.isInstance(request)) {
            settle(request, step.test(kind.cast(request)));
        }
    }

    /** Completes a request that has ended. */
    void settle(ClusterRequest request, boolean ended) {
        if (ended) {
            pending.remove(request.id());
            request.complete();
        }
    }

    /** A peer has gone. */
    void gone(String uid) {
        pending.values().forEach(request -> settle(request, request.gone(uid)));
    }

    private void giveUp(ClusterRequest request, boolean late) {
        int missing = request.giveUp(membership.usualForeignNodes());
        if (missing >= 0) {
            if (late && missing > 0) {
                timedOut.increment();
            }
            settle(request, /* ended= */ true);
        }
    }

    long timedOut() {
        return timedOut.sum();
    }

    int size() {
        return pending.size();
    }

    /** Nothing is waited for any more. */
    void close() {
        List.copyOf(pending.values()).forEach(request -> giveUp(request, /* late= */ false));
    }
}
