package io.sockeye.adapter.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks of several threads one at a time, on the threads that bring them: who comes while another one is in leaves its task
 * to that one. Nobody waits. Thread-safe.
 */
final class OneAtATime {
    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // the running one among them

    void run(Runnable task) {
        if (waiting.compareAndSet(0, 1)) {
            task.run();
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
            next.run();
        }
    }
}
