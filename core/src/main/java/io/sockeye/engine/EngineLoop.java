package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sessions of one event loop share: the way to them from other threads, the flush at the end of a turn, and the
 * timers. {@link #handOver} and {@link #execute} are for any thread, the rest is confined to the loop.
 *
 * <p>Hand-over: other threads push packets, tasks and signals onto a stack. Who finds it empty asks the event loop for a
 * turn; all others only push. A turn takes the whole stack with one exchange, reverses it and works it off, so what one
 * thread pushes comes in order, and the wake-up is paid once for all that waits.
 *
 * <p>Flush: a session that gets packets puts itself on the dirty list. At the end of the turn each of them flushes once,
 * however many packets it got. Outside of a turn, while the loop reads from connections, the first session asks for a turn,
 * which then comes behind what is being read.
 */
final class EngineLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);
    private static final VarHandle TOP;
    private static final int INITIAL_DIRTY = 16;
    private static final int LARGEST_KEPT_DIRTY = 1024;
    private static final int AHEAD = 16;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(EngineLoop.class, "top", Entry.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What is handed over to a session beside packets and tasks. */
    enum Signal {
        CLOSE,
        OVERFLOW,
        PAUSE_READING,
        RESUME_READING
    }

    final EventLoop eventLoop;
    final TimerWheel timers;

    @SuppressWarnings("UnusedVariable") // through TOP
    private volatile @Nullable Entry top;

    /** Whether somebody who hands things over will ask for the turn himself, or another for him; see {@link OffLoop}. */
    private volatile boolean quiet;

    private @Nullable OffLoop offLoop; // null until a session gives work away
    private EngineSession[] dirty = new EngineSession[INITIAL_DIRTY];
    private int dirtyCount;

    @SuppressWarnings("UnusedVariable") // so that looking ahead has a result, and is not left out
    private int writableAhead;

    private boolean inTurn;
    private boolean turnAsked; // for the dirty list; whoever pushes first asks for a turn of its own

    EngineLoop(EventLoop eventLoop, long tickNanos) {
        this.eventLoop = eventLoop;
        this.timers = new TimerWheel(eventLoop, tickNanos);
    }

    boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /**
     * Runs the task on the loop: within the call on the loop itself, else behind all that the calling thread has handed
     * over before.
     *
     * @throws RejectedExecutionException when the loop has ended
     */
    void execute(Runnable task) {
        if (inLoop()) {
            run(task);
        } else if (!push(null, task)) {
            throw new RejectedExecutionException("the event loop has ended");
        }
    }

    /** Takes work to those threads; all sessions of the loop share it, as a server has one set of threads. On the loop. */
    OffLoop offLoop(Executor threads) {
        OffLoop present = offLoop;
        if (present == null || present.threads() != threads) {
            present = new OffLoop(this, threads);
            offLoop = present;
        }
        return present;
    }

    /** From now on what is handed over asks for no turn. Whoever calls this sees to it that {@link #endQuiet} follows. Any thread. */
    void beQuiet() {
        quiet = true;
    }

    /** Asks for a turn if something has been handed over quietly. Any thread. */
    void endQuiet() {
        if (quiet) {
            quiet = false;
            if (top != null) { // read behind the write: who has pushed and found the quiet is seen here
                askForTurn();
            }
        }
    }

    /** Hands a packet or a {@link Signal} over to a session of this loop; false when the loop has ended. Any thread. */
    boolean handOver(EngineSession session, Object content) {
        return push(session, content);
    }

    /** Lets the session flush at the end of this turn. */
    void markDirty(EngineSession session) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, dirtyCount * 2);
        }
        dirty[dirtyCount++] = session;
        if (!inTurn && !turnAsked) {
            turnAsked = askForTurn();
        }
    }

    private boolean push(@Nullable EngineSession session, Object content) {
        Entry entry = new Entry(session, content);
        Entry before;
        do {
            before = top;
            entry.next = before;
        } while (!TOP.weakCompareAndSet(this, before, entry));
        return before != null || quiet || askForTurn();
    }

    private boolean askForTurn() {
        try {
            eventLoop.execute(this);
            return true;
        } catch (RejectedExecutionException e) {
            TOP.setVolatile(this, null); // nobody will come for it, and the next one is to learn of it too
            return false;
        }
    }

    /** One turn. */
    @Override
    public void run() {
        inTurn = true;
        turnAsked = false;
        Entry entry = reversed((Entry) TOP.getAndSet(this, null));
        while (entry != null) {
            deliver(entry);
            entry = entry.next;
        }
        flushDirty();
        inTurn = false;
        if (dirtyCount > 0) {
            turnAsked = askForTurn();
        }
    }

    private static void deliver(Entry entry) {
        EngineSession session = entry.session;
        if (session == null) {
            run((Runnable) entry.content);
            return;
        }
        try {
            if (entry.content instanceof EncodedPacket packet) {
                session.outbound().arrived(packet);
            } else {
                session.onSignal((Signal) entry.content);
            }
        } catch (RuntimeException | Error e) {
            log.error("{}: {} failed", session, entry.content, e);
        }
    }

    /** Flushes the sessions that are dirty now; those that become so on the way wait for the next turn. */
    private void flushDirty() {
        int count = dirtyCount;
        for (int i = 0; i < count; i++) {
            if (i % AHEAD == 0) {
                lookAhead(i, Math.min(i + AHEAD, count));
            }
            flush(dirty[i]);
        }
        int left = dirtyCount - count;
        System.arraycopy(dirty, count, dirty, 0, left);
        if (dirty.length > LARGEST_KEPT_DIRTY && left < INITIAL_DIRTY) {
            dirty = Arrays.copyOf(dirty, INITIAL_DIRTY);
        } else {
            Arrays.fill(dirty, left, dirtyCount, null);
        }
        dirtyCount = left;
    }

    /**
     * Looks at what the next flushes will read. Each send drives the other connections' objects out of the caches, and a
     * flush that comes to its own one by one waits for memory at each; here the waits for several of them overlap.
     */
    private void lookAhead(int from, int to) {
        int writable = 0;
        for (int i = from; i < to; i++) {
            try {
                if (dirty[i].writable()) {
                    writable++;
                }
            } catch (RuntimeException | Error e) {
                log.debug("{}: cannot be looked at, its flush will say so", dirty[i], e);
            }
        }
        writableAhead = writable;
    }

    private static void flush(EngineSession session) {
        try {
            session.flush();
        } catch (RuntimeException | Error e) {
            log.error("{}: sending failed", session, e);
            session.abort(CloseReason.TRANSPORT_ERROR, "write error");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("A task on a session's event loop failed", e);
        }
    }

    private static @Nullable Entry reversed(@Nullable Entry first) {
        Entry done = null;
        Entry rest = first;
        while (rest != null) {
            Entry following = rest.next;
            rest.next = done;
            done = rest;
            rest = following;
        }
        return done;
    }

    /** One thing handed over: to a session, or a task when there is none. */
    private static final class Entry {
        final @Nullable EngineSession session;
        final Object content;

        @Nullable Entry next; // below it on the stack, then behind it in the turn; null for the last

        Entry(@Nullable EngineSession session, Object content) {
            this.session = session;
            this.content = content;
        }
    }
}
