package io.sockeye.transport.websocket;

import io.sockeye.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An event loop that runs when it is told to, with a clock moved by hand. Every thread is its thread. */
final class HandLoop implements EventLoop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Scheduled> scheduled = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - 1000; // so that the clock overflows in every test that moves it

    private record Scheduled(Runnable task, long dueNanos) {}

    @Override
    public boolean inEventLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        Scheduled entry = new Scheduled(task, nowNanos + delayNanos);
        scheduled.add(entry);
        return () -> scheduled.remove(entry);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    /** Ends the turn: runs what was handed over. */
    void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Moves the clock, and runs what is due then. */
    void pass(long nanos) {
        nowNanos += nanos;
        for (Scheduled entry : List.copyOf(scheduled)) {
            if (entry.dueNanos - nowNanos <= 0) {
                scheduled.remove(entry);
                entry.task.run();
            }
        }
        turn();
    }
}
