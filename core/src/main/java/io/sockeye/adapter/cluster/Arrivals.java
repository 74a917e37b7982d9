package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Those who wait until this node has read the log up to some position. Guarded by the delivery's monitor. */
final class Arrivals {
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(5).toNanos();

    private final LocalNamespace local;
    private final LogDelivery delivery;
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(long position, long sinceNanos, CompletableFuture<Boolean> done) {}

    Arrivals(LocalNamespace local, LogDelivery delivery) {
        this.local = local;
        this.delivery = delivery;
    }

    /** Completes with true once the position has been read, with false when that takes too long. */
    CompletableFuture<Boolean> of(long position) {
        synchronized (delivery.order) {
            if (delivery.recent.last() >= position) {
                return CompletableFuture.completedFuture(true);
            }
            Waiting added = new Waiting(position, local.nanoTime(), new CompletableFuture<>());
            waiting.add(added);
            return added.done();
        }
    }

    /** Something has been read, or time has passed. */
    void arrived() {
        List<Waiting> over = new ArrayList<>(0);
        long last;
        synchronized (delivery.order) {
            if (waiting.isEmpty()) {
                return;
            }
            last = delivery.recent.last();
            long now = local.nanoTime();
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting next = each.next();
                if (last >= next.position() || now - next.sinceNanos() >= LONGEST_WAIT_NANOS) {
                    each.remove();
                    over.add(next);
                }
            }
        }
        over.forEach(each -> each.done().complete(last >= each.position()));
    }

    /** Nothing more will be read. */
    void close() {
        List<Waiting> over;
        synchronized (delivery.order) {
            over = List.copyOf(waiting);
            waiting.clear();
        }
        over.forEach(each -> each.done().complete(false));
    }
}
