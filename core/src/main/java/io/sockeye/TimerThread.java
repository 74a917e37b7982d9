package io.sockeye;

import io.sockeye.adapter.LocalNamespace;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timer of one server: a thread that is started with the first task. Thread-safe. */
final class TimerThread implements ServerTimer {
    private static final Logger log = LoggerFactory.getLogger(TimerThread.class);
    private static final LocalNamespace.Scheduled NOTHING = () -> {};

    /** Null until the first task. Guarded by this. */
    private @Nullable ScheduledThreadPoolExecutor executor;
    /** Guarded by this. */
    private boolean closed;

    @Override
    public LocalNamespace.Scheduled schedule(Runnable task, long delayNanos) {
        ScheduledThreadPoolExecutor running = executor();
        if (running == null) {
            return NOTHING;
        }
        try {
            var scheduled = running.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
        } catch (RejectedExecutionException e) {
            return NOTHING; // it is just being closed
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // the task says nothing to its executor, where it would be lost
            log.error("a timed task of an adapter failed", e);
        }
    }

    private synchronized @Nullable ScheduledThreadPoolExecutor executor() {
        if (executor == null && !closed) {
            executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "sockeye-timer");
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
        }
        return executor;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }
}
