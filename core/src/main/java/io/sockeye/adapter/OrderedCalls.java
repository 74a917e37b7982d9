package io.sockeye.adapter;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are decided on under a lock and made outside of it, one at a time and in the order in which they were decided on.
 * Whoever comes first makes those of others too. One that fails is logged and holds up none behind it. Thread-safe.
 */
final class OrderedCalls {
    private static final Logger log = LoggerFactory.getLogger(OrderedCalls.class);

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** How often {@link #make} was called and has not been done; who raises it from zero does it for all. */
    private final AtomicInteger turns = new AtomicInteger();

    /** Under the lock that decides on the order. */
    void add(Runnable call) {
        waiting.add(call);
    }

    /** Makes the calls that wait. Under no lock. */
    void make() {
        if (waiting.isEmpty() || turns.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                make(next);
            }
            done = turns.addAndGet(-done);
        } while (done != 0);
    }

    private static void make(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.error("Who hears of a change of rooms failed", e);
        }
    }
}
