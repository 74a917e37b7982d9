package io.sockeye.http;

import io.netty.util.concurrent.ScheduledFuture;
import io.sockeye.transport.EventLoop;
import java.util.concurrent.TimeUnit;

/** A Netty event loop as the layers above see it. Thread-safe; one instance per Netty event loop and server. */
final class NettyEventLoop implements EventLoop {
    private final io.netty.channel.EventLoop loop;

    NettyEventLoop(io.netty.channel.EventLoop loop) {
        this.loop = loop;
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
    public Cancellable schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> scheduled = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public String toString() {
        return loop.toString();
    }
}
