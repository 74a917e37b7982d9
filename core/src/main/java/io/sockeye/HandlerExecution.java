package io.sockeye;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where application code runs: virtual threads where the JDK has them, a bounded pool where not, the application's own
 * executor, or the event loop itself.
 *
 * <p>Futures of acknowledgements complete elsewhere, on threads that are never scarce, so that a handler that waits for one
 * cannot keep it from arriving.
 *
 * <p>Thread-safe.
 */
final class HandlerExecution {
    private static final Logger log = LoggerFactory.getLogger(HandlerExecution.class);

    private static final int BURST = 256;
    private static final Duration IDLE_THREAD_LIFE = Duration.ofSeconds(30);

    private final @Nullable Executor handlers;
    private final Executor completions;
    private final @Nullable ExecutorService ownedHandlers;
    private final @Nullable ExecutorService ownedCompletions;

    private HandlerExecution(
            @Nullable Executor handlers,
            @Nullable ExecutorService ownedHandlers,
            Executor completions,
            @Nullable ExecutorService ownedCompletions) {
        this.handlers = handlers;
        this.ownedHandlers = ownedHandlers;
        this.completions = task -> {
            try {
                completions.execute(task);
            } catch (RejectedExecutionException e) {
                task.run(); // the server has been closed: nothing is left for a slow callback to hold up
            }
        };
        this.ownedCompletions = ownedCompletions;
    }

    /** Virtual threads (JDK 21 and newer), else a pool of that many threads. */
    static HandlerExecution automatic(int poolThreads) {
        ExecutorService handlers = virtualThreads("sockeye-handler-");
        if (handlers == null) {
            handlers = Executors.newFixedThreadPool(poolThreads, daemons("sockeye-handler-"));
        }
        return withCompletionThreads(handlers, handlers);
    }

    /** The application's executor, which it shuts down itself. */
    static HandlerExecution on(Executor executor) {
        return withCompletionThreads(executor, null);
    }

    /** The event loop of each socket. */
    static HandlerExecution inline() {
        return withCompletionThreads(null, null);
    }

    /** On these executors, neither of which it owns. */
    static HandlerExecution of(Executor handlers, Executor completions) {
        return new HandlerExecution(handlers, null, completions, null);
    }

    private static HandlerExecution withCompletionThreads(
            @Nullable Executor handlers, @Nullable ExecutorService ownedHandlers) {
        ExecutorService completions = completionThreads();
        return new HandlerExecution(handlers, ownedHandlers, completions, completions);
    }

    /** The mailbox of a socket of that connection. On its event loop. */
    Mailbox mailbox(ClientConnection connection, int limit) {
        Executor executor = handlers;
        if (executor != null) {
            // An executor of the application's own gets each socket's work by itself, so that it can tell them apart.
            Executor starter =
                    ownedHandlers == null ? executor : connection.session().offLoop(executor);
            return new Mailbox(starter, BURST, connection, limit);
        }
        return new Mailbox(connection::runInline, Integer.MAX_VALUE, connection, limit);
    }

    /** A mailbox that belongs to no socket; where handlers run on event loops its tasks run where futures complete. */
    Mailbox mailbox(Mailbox.Source source, int limit) {
        return new Mailbox(handlers == null ? completions : handlers, BURST, source, limit);
    }

    /** Runs application code that belongs to no socket yet. */
    void run(ClientConnection connection, Runnable task) {
        Executor executor = handlers;
        if (executor != null) {
            executor.execute(task);
        } else {
            connection.runInline(task);
        }
    }

    /** Where futures complete. */
    Executor completions() {
        return completions;
    }

    /** Lets the handlers end that wait or run, for that long at most. The application's own executor is left alone. */
    void close(Duration deadline) {
        if (ownedHandlers != null) {
            ownedHandlers.shutdown();
            try {
                if (!ownedHandlers.awaitTermination(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                    log.warn("some handlers have not ended {} after the server's close", deadline);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (ownedCompletions != null) {
            ownedCompletions.shutdown();
        }
    }

    private static ExecutorService completionThreads() {
        ExecutorService virtual = virtualThreads("sockeye-ack-");
        if (virtual != null) {
            return virtual;
        }
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_LIFE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                daemons("sockeye-ack-"));
    }

    /** An executor of one virtual thread per task; null on a JDK without them. Reached reflectively: the baseline is 17. */
    private static @Nullable ExecutorService virtualThreads(String prefix) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> virtualBuilder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual =
                    lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtualBuilder));
            MethodHandle name = lookup.findVirtual(
                    virtualBuilder, "name", MethodType.methodType(virtualBuilder, String.class, long.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            MethodHandle perTask = lookup.findStatic(
                    Executors.class,
                    "newThreadPerTaskExecutor",
                    MethodType.methodType(ExecutorService.class, ThreadFactory.class));
            Object named = name.invoke(ofVirtual.invoke(), prefix, 0L);
            return (ExecutorService) perTask.invoke(factory.invoke(named));
        } catch (ReflectiveOperationException e) {
            return null;
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads are there but cannot be started", e);
        }
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
