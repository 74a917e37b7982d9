package io.sockeye;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * How it works. An intrusive queue of many producers and one consumer: a producer swaps itself in as the newest task and
 * links its predecessor to itself. `pending` counts the tasks that are queued or running; whoever raises it from zero starts
 * the consumer, and the consumer ends by lowering it to zero, so there is never more than one. It is lowered once per burst.
 */

/**
 * Runs what belongs to one socket one at a time and in order, on the executor of the application's choice.
 *
 * <p>When more than {@code limit} tasks wait, reading from the connection stops until half of them are done.
 *
 * <p>Thread-safe.
 */
final class Mailbox implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private static final VarHandle NEWEST;
    private static final VarHandle PENDING;
    private static final VarHandle PAUSED;
    private static final VarHandle REJECTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEWEST = lookup.findVarHandle(Mailbox.class, "newest", Task.class);
            PENDING = lookup.findVarHandle(Mailbox.class, "pending", int.class);
            PAUSED = lookup.findVarHandle(Mailbox.class, "paused", boolean.class);
            REJECTED = lookup.findVarHandle(Mailbox.class, "rejected", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor executor;
    private final Source source;
    private final int limit;
    /** Tasks run before the executor gets the chance to run somebody else's. */
    private final int burst;

    /** The last task added; producers swap it. */
    @SuppressWarnings("UnusedVariable") // through NEWEST
    private volatile Task newest;
    /** The last task run; touched by the consumer only. */
    private Task oldest;
    /** Tasks queued or running. */
    @SuppressWarnings("UnusedVariable") // through PENDING
    private volatile int pending;
    /** Whether reading is paused on this mailbox's account. */
    @SuppressWarnings("UnusedVariable") // through PAUSED
    private volatile boolean paused;
    /** Whether tasks wait that nobody runs, because the executor would not. */
    private volatile boolean rejected;

    Mailbox(Executor executor, int burst, Source source, int limit) {
        this.executor = executor;
        this.burst = burst;
        this.source = source;
        this.limit = limit;
        Task none = new Task() {
            @Override
            void run() {}
        };
        this.newest = none;
        this.oldest = none;
    }

    /** Adds a task behind the others. */
    void add(Task task) {
        Task previous = (Task) NEWEST.getAndSet(this, task);
        previous.setNext(task);
        int before = (int) PENDING.getAndAdd(this, 1);
        if (before >= limit && PAUSED.compareAndSet(this, false, true)) {
            source.pauseReading();
            resumeIfDrained((int) PENDING.getVolatile(this));
        }
        if (before == 0 || (rejected && REJECTED.compareAndSet(this, true, false))) {
            start();
        }
    }

    /** Adds a task that is given as a lambda. */
    void add(Runnable task) {
        add(new Task() {
            @Override
            void run() {
                task.run();
            }
        });
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            // The application's executor is full or has been shut down. The next task, if only that of the socket's
            // end, is
            // another chance for those that wait.
            rejected = true;
            source.rejected(e);
        }
    }

    /** Runs what has been added. Called by the executor. */
    @Override
    public void run() {
        int known = (int) PENDING.getVolatile(this);
        int ran = 0;
        while (true) {
            int batch = Math.min(known, burst - ran);
            for (int i = 0; i < batch; i++) {
                runOldest();
            }
            ran += batch;
            known = (int) PENDING.getAndAdd(this, -batch) - batch;
            resumeIfDrained(known);
            if (known == 0) {
                return;
            }
            if (ran >= burst) {
                start();
                return;
            }
        }
    }

    private void runOldest() {
        Task task = oldest.next();
        while (task == null) {
            Thread.onSpinWait(); // a producer stands between its two steps
            task = oldest.next();
        }
        oldest = task;
        try {
            task.run();
        } catch (Throwable e) { // application code: whatever it throws must not stop the mailbox
            log.error("a handler failed outside of its guard", e);
        }
    }

    private void resumeIfDrained(int waiting) {
        if (waiting <= limit / 2 && PAUSED.compareAndSet(this, true, false)) {
            source.resumeReading();
        }
    }

    /** Where tasks come from, to be held back while too many wait. Called from any thread; idempotent. */
    interface Source {
        /** Nothing more should come for now. */
        void pauseReading();

        /** Things may come again. */
        void resumeReading();

        /** The executor refuses to run what has come. */
        void rejected(RejectedExecutionException reason);
    }

    /** A piece of work. Added to one mailbox, once. */
    abstract static class Task {
        private static final VarHandle NEXT;

        static {
            try {
                NEXT = MethodHandles.lookup().findVarHandle(Task.class, "next", Task.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** The task added after this one; null while there is none. */
        @SuppressWarnings("UnusedVariable") // through NEXT
        private volatile @Nullable Task next;

        /** Does the work. */
        abstract void run();

        final void setNext(Task task) {
            NEXT.setRelease(this, task);
        }

        final @Nullable Task next() {
            return (Task) NEXT.getAcquire(this);
        }
    }
}
