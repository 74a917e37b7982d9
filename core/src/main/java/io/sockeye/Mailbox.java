package io.sockeye;

import io.sockeye.engine.EngineSession;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * How it works. An intrusive queue of many producers and one consumer: a producer swaps itself in as the newest task and
 * links its predecessor to itself. `pending` counts the tasks that are queued or running, and sums up their weights; whoever
 * raises it from zero starts the consumer, and the consumer ends by lowering it to zero, so there is never more than one. It is
 * lowered once per burst.
 *
 * A task may hold the others up until something has been decided elsewhere ({@link Hold}). It stays counted, so the consumer
 * can leave without another one being started, and whoever releases the hold starts it again.
 */

/**
 * Runs what belongs to one socket one at a time and in order, on the executor of the application's choice.
 *
 * <p>When more than {@code limit} tasks wait, reading from the connection stops until half of them are done. A large one
 * counts as several.
 *
 * <p>Thread-safe.
 */
final class Mailbox implements EngineSession.Errand {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private static final VarHandle NEWEST;
    private static final VarHandle PENDING;
    private static final VarHandle PAUSED;
    private static final VarHandle REJECTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEWEST = lookup.findVarHandle(Mailbox.class, "newest", Task.class);
            PENDING = lookup.findVarHandle(Mailbox.class, "pending", long.class);
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
    /** Tasks queued or running: their number in the lower half, their weight in the upper one. */
    @SuppressWarnings("UnusedVariable") // through PENDING
    private volatile long pending;
    /** Whether reading is paused on this mailbox's account. */
    @SuppressWarnings("UnusedVariable") // through PAUSED
    private volatile boolean paused;
    /** Whether tasks wait that nobody runs, because the executor would not. */
    private volatile boolean rejected;

    /** What keeps the tasks behind the present one waiting; null when nothing does. Touched by the consumer only. */
    private @Nullable Hold held;

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
        long before = (long) PENDING.getAndAdd(this, load(task));
        if (weight(before) >= limit && PAUSED.compareAndSet(this, false, true)) {
            source.pauseReading();
            resumeIfDrained((long) PENDING.getVolatile(this));
        }
        if (before == 0 || (rejected && REJECTED.compareAndSet(this, true, false))) {
            start();
        }
    }

    /** Whether nothing waits or runs. */
    boolean isIdle() {
        return (long) PENDING.getVolatile(this) == 0;
    }

    /** Adds a task that is given as a lambda. */
    void add(Runnable task) {
        add(new Once(task));
    }

    /** Lets nothing run until everything has run that is in another mailbox now. Before anything is added. */
    void startBehind(Mailbox other) {
        Task gate = new Task() {
            @Override
            void run() {}
        };
        ((Task) NEWEST.getAndSet(this, gate)).setNext(gate);
        PENDING.setVolatile(this, load(gate)); // so nobody else starts
        other.add(this::start);
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RuntimeException | Error e) {
            refused(e);
        }
    }

    /**
     * The executor is full, has been shut down, or cannot start a thread. The next task, if only that of the socket's end, is
     * another chance for those that wait.
     */
    @Override
    public void refused(Throwable reason) {
        rejected = true;
        source.rejected(reason);
    }

    /** Runs what has been added. Called by the executor. */
    @Override
    public void run() {
        long known = (long) PENDING.getVolatile(this);
        int ran = 0;
        while (true) {
            int batch = Math.min(count(known), burst - ran);
            long done = runSome(batch);
            ran += count(done);
            known = (long) PENDING.getAndAdd(this, -done) - done;
            resumeIfDrained(known);
            Hold hold = held;
            if (hold != null && hold.park()) {
                return;
            }
            if (known == 0) {
                return;
            }
            if (ran >= burst) {
                start();
                return;
            }
        }
    }

    /** Called by a task: those behind it wait until the hold is released. */
    Hold hold() {
        Hold hold = new Hold();
        held = hold;
        return hold;
    }

    /** Runs that many tasks, or fewer when one holds up those behind it; that one does not count. Answers their load. */
    private long runSome(int batch) {
        long done = 0;
        for (int i = 0; i < batch; i++) {
            Hold hold = held;
            if (hold == null) {
                runOldest();
            } else {
                held = null;
                goOn(hold);
            }
            if (held != null) {
                return done;
            }
            done += load(oldest);
        }
        return done;
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

    private static void goOn(Hold hold) {
        try {
            hold.rest().run();
        } catch (Throwable e) { // application code, as above
            log.error("a handler failed outside of its guard", e);
        }
    }

    private void resumeIfDrained(long waiting) {
        if (weight(waiting) <= limit / 2 && PAUSED.compareAndSet(this, true, false)) {
            source.resumeReading();
        }
    }

    /** What a task adds to {@link #pending}. */
    private static long load(Task task) {
        return (long) task.weight() << Integer.SIZE | 1;
    }

    private static int count(long load) {
        return (int) load;
    }

    private static int weight(long load) {
        return (int) (load >>> Integer.SIZE);
    }

    /** Keeps the tasks behind one waiting until that one goes on. Thread-safe. */
    final class Hold {
        private static final Object PARKED = new Object();

        private final AtomicBoolean released = new AtomicBoolean();
        /** Null at first; {@link #PARKED} once the consumer has left; what is to be run once it is known. */
        private final AtomicReference<@Nullable Object> rest = new AtomicReference<>();
        /** What is to be tidied up; null when nothing is. */
        private volatile @Nullable Runnable tidying;

        /** Lets the mailbox go on, with this first. Only the first call has an effect. */
        void release(Runnable next) {
            if (!released.compareAndSet(false, true)) {
                return;
            }
            if (!rest.compareAndSet(null, next)) {
                rest.set(next);
                start();
            }
            Runnable tidy = tidying;
            if (tidy != null) {
                tidy.run();
            }
        }

        boolean released() {
            return released.get();
        }

        /** Runs that when it is released; at once when it has been. May run twice. */
        void onRelease(Runnable tidy) {
            tidying = tidy;
            if (released()) {
                tidy.run();
            }
        }

        /** The consumer leaves; false when it may go on at once. */
        private boolean park() {
            return rest.compareAndSet(null, PARKED);
        }

        private Runnable rest() {
            return (Runnable) Objects.requireNonNull(rest.get());
        }
    }

    /** Where tasks come from, to be held back while too many wait. Called from any thread; idempotent. */
    interface Source {
        /** Nothing more should come for now. */
        void pauseReading();

        /** Things may come again. */
        void resumeReading();

        /** The executor refuses to run what has come. */
        void rejected(Throwable reason);
    }

    /** A task that is given as a lambda, which it lets go of: the mailbox keeps the last task. */
    private static final class Once extends Task {
        private @Nullable Runnable work; // null once done

        Once(Runnable work) {
            this.work = work;
        }

        @Override
        void run() {
            Runnable now = work;
            work = null;
            if (now != null) {
                now.run();
            }
        }
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

        /** As how many it counts towards the limit. Never changes. */
        int weight() {
            return 1;
        }

        final void setNext(Task task) {
            NEXT.setRelease(this, task);
        }

        final @Nullable Task next() {
            return (Task) NEXT.getAcquire(this);
        }
    }
}
