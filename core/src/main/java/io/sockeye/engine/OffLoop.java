package io.sockeye.engine;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work off one event loop: what a turn of the loop brings up for other threads is given to them in one go, and what
 * that work sends back reaches the loop with one wake-up. When a turn has brought up little, and the next one finds that more has
 * come in meanwhile, both are given away together.
 *
 * <p>A batch is worked through by one thread, task by task. Before a thread goes into a task that has others behind it, it
 * starts a stand-by, unless one is waiting to begin already. If the task blocks, the stand-by goes on with the next one; if
 * it does not, the stand-by finds nothing left. So however long a task takes, it keeps none of the others waiting, provided
 * that there are threads: virtual ones, or those of a pool.
 *
 * <p>While a thread works through a batch, what it hands over to the loop wakes nobody. The thread does when it is done, or
 * its stand-by when that begins; and when neither gets to run, because tasks keep all processors busy, the loop looks by
 * itself after {@link #LONGEST_QUIET_NANOS}.
 *
 * <p>{@link #execute} is for any thread, the rest is confined to the loop, save for {@link Batch}.
 */
final class OffLoop implements Executor {
    private static final Logger log = LoggerFactory.getLogger(OffLoop.class);
    private static final int INITIAL_CAPACITY = 16;
    private static final int LARGEST_KEPT = 1024;

    /** So much work is worth a wake-up by itself; with less, the loop looks what else has come in, at most so often. */
    private static final int ENOUGH = 16;

    private static final int MOST_TURNS = 4;

    /** For how long the loop may have to wait for what it is handed by a thread that goes on working. */
    private static final long LONGEST_QUIET_NANOS = 2_000_000;

    private final EngineLoop loop;
    private final Executor threads;
    private final Runnable giveAway = this::giveAway;
    private final Runnable waitOneTurn = this::waitOneTurn;
    private final Runnable lookLater = this::lookLater;
    private final Runnable look = this::look;
    private Runnable[] ready = new Runnable[INITIAL_CAPACITY];
    private int count;
    private int countBefore; // when giving away was put off last, if it was
    private int turnsWaited;
    private volatile boolean looking; // whether look() is scheduled; written on the loop

    OffLoop(EngineLoop loop, Executor threads) {
        this.loop = loop;
        this.threads = threads;
    }

    /** See {@link EngineSession#offLoop}. */
    @Override
    public void execute(Runnable task) {
        if (!loop.inLoop()) {
            threads.execute(task);
            return;
        }
        if (count == 0) {
            try {
                loop.eventLoop.execute(giveAway);
            } catch (RejectedExecutionException e) { // the loop is ending, but not the threads
                threads.execute(task);
                return;
            }
        }
        if (count == ready.length) {
            ready = Arrays.copyOf(ready, 2 * count);
        }
        ready[count++] = task;
    }

    /** The threads that it gives work to. */
    Executor threads() {
        return threads;
    }

    /** Gives away what there is, unless it is little and more is coming in. */
    private void giveAway() {
        if (count > countBefore && count < ENOUGH && turnsWaited < MOST_TURNS) {
            countBefore = count;
            turnsWaited++;
            try {
                loop.eventLoop.executeAfterTurn(waitOneTurn);
                return;
            } catch (RejectedExecutionException e) {
                // the loop is ending, and nothing more is coming in
            }
        }
        giveAwayNow();
    }

    private void waitOneTurn() {
        try {
            loop.eventLoop.execute(giveAway);
        } catch (RejectedExecutionException e) { // the loop is ending
            giveAwayNow();
        }
    }

    private void giveAwayNow() {
        countBefore = 0;
        turnsWaited = 0;
        Runnable[] tasks = Arrays.copyOf(ready, count);
        if (ready.length > LARGEST_KEPT) {
            ready = new Runnable[INITIAL_CAPACITY];
        } else {
            Arrays.fill(ready, 0, count, null);
        }
        count = 0;
        try {
            if (tasks.length == 1) {
                threads.execute(tasks[0]);
            } else {
                lookLater();
                threads.execute(new Batch(tasks));
            }
        } catch (RuntimeException | Error e) { // refused, or there can be no further thread
            for (Runnable task : tasks) {
                refuse(task, e);
            }
        }
    }

    private static void refuse(Runnable task, Throwable reason) {
        if (task instanceof EngineSession.Errand errand) {
            errand.refused(reason);
        } else {
            log.error("A task could not be given to another thread", reason);
        }
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            loop.eventLoop.schedule(look, LONGEST_QUIET_NANOS);
        }
    }

    private void look() {
        looking = false; // in this order: who becomes quiet and finds it true is seen by the next line
        loop.endQuiet();
    }

    /** Becomes quiet, for {@link #LONGEST_QUIET_NANOS} at most. Any thread. */
    private void beQuiet() {
        loop.beQuiet();
        if (!looking) { // the batch goes on for longer than that
            try {
                loop.eventLoop.execute(lookLater);
            } catch (RejectedExecutionException e) { // the loop is ending
                loop.endQuiet();
            }
        }
    }

    /** The work of one turn. Its threads share it; its value is the index of the first task that nobody has taken. */
    private final class Batch extends AtomicInteger implements Runnable {
        private static final long serialVersionUID = 1L;

        private final transient Runnable[] tasks;
        private final transient AtomicBoolean standBy =
                new AtomicBoolean(); // whether one has been started that has not begun

        Batch(Runnable[] tasks) {
            this.tasks = tasks;
        }

        @Override
        public void run() {
            standBy.set(false);
            loop.endQuiet(); // the one that started this stands still, perhaps
            for (int i = getAndIncrement(); i < tasks.length; i = getAndIncrement()) {
                if (i + 1 < tasks.length && standBy.compareAndSet(false, true)) {
                    beQuiet(); // before the start, so that the end comes behind it
                    startStandBy();
                }
                try {
                    tasks[i].run();
                } catch (Throwable e) { // application code: whatever it throws must not stop those behind it
                    log.error("A task off the event loop failed", e);
                }
                var unused = Thread.interrupted(); // was meant for the task, if it still stands
            }
            loop.endQuiet();
        }

        private void startStandBy() {
            try {
                threads.execute(this);
            } catch (RuntimeException | Error e) {
                standBy.set(false);
                log.debug("No second thread for a batch", e);
            }
        }
    }
}
