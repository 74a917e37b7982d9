package io.sockeye.transport;

import java.util.concurrent.Executor;

/**
 * The one thread that owns a connection or a session, with its clock. Whoever holds state confined to a loop hands calls
 * from other threads over with {@link #execute}.
 *
 * <p>One instance stands for one thread for the whole life of the server, so instances may be compared by identity and
 * used as map keys.
 */
public interface EventLoop extends Executor {

    /** Whether the calling thread is this loop's thread. */
    boolean inEventLoop();

    /**
     * Runs the task on this loop, after every task handed over before it. Never runs it within the call.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs the task when this turn of the loop is over: what it {@linkplain #execute executes} comes behind whatever else has
     * arrived at the loop until then. On the loop only. The default is {@link #execute}, for loops that know no turns.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
     */
    default void executeAfterTurn(Runnable task) {
        execute(task);
    }

    /** Runs the task on this loop once the delay has passed. May be called from any thread. */
    Cancellable schedule(Runnable task, long delayNanos);

    /** The loop's monotonic clock in nanoseconds. Comparable only with values of the same loop. */
    long nanoTime();

    /** A scheduled task that can be called off. */
    interface Cancellable {
        /** Calls the task off. Has no effect once it has run. May be called from any thread. */
        void cancel();
    }
}
