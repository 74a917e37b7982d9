package io.sockeye.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of a server: every session is closed in order, evenly over a span of time. A session that only has its farewell left
 * to send is given a short grace: a client that still polls comes for it at once. What is left at the deadline is dropped.
 * Thread-safe; what it does to the sessions of a loop it does on that loop.
 */
final class Drain {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long spreadNanos;
    private final long deadlineNanos;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Map<EngineLoop, OfLoop> loops =
            new ConcurrentHashMap<>(); // the last session may end while it is filled

    Drain(Duration spread, Duration deadline) {
        this.spreadNanos = spread.toNanos();
        this.deadlineNanos = deadline.toNanos();
    }

    CompletableFuture<Void> done() {
        return done;
    }

    /**
     * Begins.
     *
     * @param lost told of each session whose event loop has ended already, its connection with it
     */
    void start(Collection<EngineSession> sessions, Consumer<EngineSession> lost) {
        for (EngineSession session : sessions) {
            loops.computeIfAbsent(session.loop(), OfLoop::new).waiting.add(session);
        }
        for (OfLoop loop : loops.values()) {
            List<EngineSession> ofLoop = List.copyOf(loop.waiting);
            if (!execute(loop, loop::start)) {
                ofLoop.forEach(lost);
            }
        }
    }

    /** No session is left. */
    void complete() {
        loops.values().forEach(loop -> execute(loop, loop::stop));
        done.complete(null);
    }

    private static boolean execute(OfLoop loop, Runnable task) {
        try {
            loop.loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** The sessions of one loop. Confined to it once started. */
    private final class OfLoop extends Timer {
        final EngineLoop loop;
        final Queue<EngineSession> waiting = new ArrayDeque<>();
        private final Queue<EngineSession> closing = new ArrayDeque<>();
        /** Those that had only their farewell left at the last look. */
        private final Set<EngineSession> leaving = new HashSet<>();

        private long startNanos;
        private int count;
        private boolean stopped;

        OfLoop(EngineLoop loop) {
            this.loop = loop;
        }

        void start() {
            startNanos = loop.eventLoop.nanoTime();
            count = waiting.size();
            step();
        }

        void stop() {
            stopped = true;
            loop.timers.cancel(this);
        }

        @Override
        void expire() {
            step();
        }

        private void step() {
            long elapsed = loop.eventLoop.nanoTime() - startNanos + loop.timers.tickNanos(); // timers may be early
            while (!waiting.isEmpty() && dueNanos() <= elapsed) {
                EngineSession session = waiting.remove();
                closing.add(session);
                session.close();
            }
            if (stopped) {
                return; // the last session has closed within the call
            }
            if (!waiting.isEmpty()) {
                loop.timers.arm(this, dueNanos() - elapsed);
            } else if (elapsed < deadlineNanos) {
                dropThoseThatOnlySayGoodbye();
                if (!stopped) {
                    loop.timers.arm(this, Math.min(GRACE_NANOS, deadlineNanos - elapsed));
                }
            } else {
                closing.forEach(session -> session.abort(CloseReason.FORCED_CLOSE, "server closing"));
            }
        }

        /** Such as have done nothing else since the last look, or have been there for a while. */
        private void dropThoseThatOnlySayGoodbye() {
            for (EngineSession session : List.copyOf(closing)) {
                if (session.state() == EngineSession.State.CLOSED) {
                    closing.remove(session);
                } else if (!session.outbound().isEmpty()) {
                    leaving.remove(session);
                } else if (!leaving.add(session)) {
                    session.abort(CloseReason.FORCED_CLOSE, "server closing");
                }
            }
        }

        /** When the next session is to be closed, counted from the start. */
        private long dueNanos() {
            return spreadNanos / count * (count - waiting.size());
        }
    }
}
