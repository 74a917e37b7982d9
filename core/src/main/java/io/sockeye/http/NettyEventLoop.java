package io.sockeye.http;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sockeye.transport.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Netty event loop as the layers above see it. Thread-safe; one instance per Netty event loop and server. */
final class NettyEventLoop implements EventLoop {
    private static final Logger log = LoggerFactory.getLogger(NettyEventLoop.class);

    private final io.netty.channel.EventLoop loop;

    private final LongSupplier nanoClock;

    NettyEventLoop(io.netty.channel.EventLoop loop, LongSupplier nanoClock) {
        this.loop = loop;
        this.nanoClock = nanoClock;
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void executeAfterTurn(Runnable task) {
        if (loop instanceof SingleThreadEventLoop turning) {
            turning.executeAfterEventLoopIteration(task);
        } else {
            loop.execute(task);
        }
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> scheduled = loop.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
    }

    /** Netty would keep a failure in the future that nobody looks at. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("a scheduled task failed", e);
        }
    }

    @Override
    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    @Override
    public String toString() {
        return loop.toString();
    }
}
