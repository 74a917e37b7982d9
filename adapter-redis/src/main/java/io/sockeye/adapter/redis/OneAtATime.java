package io.sockeye.adapter.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks of several threads one at a time, on the threads that bring them: who comes while another one is in leaves its task
 * to that one. Nobody waits, and a task that fails is logged and holds up none behind it. Thread-safe.
 */
final class OneAtATime {
    private static final Logger log = LoggerFactory.getLogger(OneAtATime.class);

    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // the running one among them

    void run(Runnable task) {
        if (waiting.compareAndSet(0, 1)) {
            runOne(task);
        } else {
            left.add(task);
            if (waiting.getAndIncrement() != 0) {
                return;
            }
            runNext();
        }
        while (waiting.decrementAndGet() != 0) {
            runNext();
        }
    }

    private void runNext() {
        Runnable next = left.poll();
        if (next != null) {
            runOne(next);
        }
    }

    private static void runOne(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("What a message from Redis brought about failed", e);
        }
    }
}
