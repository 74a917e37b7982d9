package io.sockeye.engine;

import io.sockeye.transport.EventLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of all sessions of one event loop. Confined to that loop.
 *
 * <p>Time is cut into ticks. A timer hangs in the bucket of the tick at which it is due, modulo the number of buckets, in a
 * list linked through the timers. A bitmap says which buckets are not empty, so that one task scheduled with the event loop
 * is enough: it is due at the next such bucket, and there is none when the wheel is empty. Timers of a later turn of the
 * wheel stay in their bucket when it comes by.
 *
 * <p>A due time is rounded down to its tick, though never to one that has begun: timers are up to a tick early, not late.
 * So two of them in a row, a ping's and its pong's, are over when a client that adds up the same times believes them to be.
 */
final class TimerWheel {
    private static final Logger log = LoggerFactory.getLogger(TimerWheel.class);

    private static final int BUCKETS = 4096;
    private static final int MASK = BUCKETS - 1;
    private static final long NEVER = Long.MAX_VALUE;

    /** {@link Timer#dueTick} of those that have been taken out of their buckets to be told. */
    private static final long DUE = -2;

    private final EventLoop eventLoop;
    private final long tickNanos;
    private final long startNanos;
    private final @Nullable Timer[] buckets = new @Nullable Timer[BUCKETS];
    private final long[] occupied = new long[BUCKETS / Long.SIZE];

    private @Nullable Timer due; // those about to be told; null but within advance()
    private long currentTick; // the last one whose bucket has been emptied
    private int armed;
    private long wakeTick = NEVER;
    private EventLoop.@Nullable Cancellable wake; // null when wakeTick is NEVER

    TimerWheel(EventLoop eventLoop, long tickNanos) {
        this.eventLoop = eventLoop;
        this.tickNanos = tickNanos;
        this.startNanos = eventLoop.nanoTime();
    }

    /** Lets the timer fall due after the delay; one that is armed is armed anew. */
    void arm(Timer timer, long delayNanos) {
        if (timer.isArmed()) {
            unlink(timer);
        } else {
            armed++;
        }
        long now = eventLoop.nanoTime() - startNanos;
        timer.dueTick = Math.max((now + delayNanos) / tickNanos, now / tickNanos + 1);
        link(timer);
    }

    /** Keeps the timer from falling due; without effect on an idle one. */
    void cancel(Timer timer) {
        if (timer.isArmed()) {
            unlink(timer);
            timer.dueTick = Timer.IDLE;
            armed--;
            if (armed == 0) {
                sleep();
            }
        }
    }

    /** How early a timer may be at most. */
    long tickNanos() {
        return tickNanos;
    }

    /** How many timers are armed. */
    int size() {
        return armed;
    }

    private void link(Timer timer) {
        int bucket = (int) (timer.dueTick & MASK);
        timer.next = buckets[bucket];
        if (timer.next != null) {
            timer.next.previous = timer;
        }
        buckets[bucket] = timer;
        occupied[bucket >>> 6] |= 1L << bucket;
        if (timer.dueTick < wakeTick) {
            wakeAt(timer.dueTick);
        }
    }

    private void unlink(Timer timer) {
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else if (timer.dueTick == DUE) {
            due = timer.next;
        } else {
            int bucket = (int) (timer.dueTick & MASK);
            buckets[bucket] = timer.next;
            if (timer.next == null) {
                occupied[bucket >>> 6] &= ~(1L << bucket);
            }
        }
        timer.previous = null;
        timer.next = null;
    }

    private void wakeAt(long tick) {
        sleep();
        wakeTick = tick;
        long delayNanos = startNanos + tick * tickNanos - eventLoop.nanoTime();
        wake = eventLoop.schedule(this::advance, Math.max(0, delayNanos));
    }

    private void sleep() {
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
        wakeTick = NEVER;
    }

    private void advance() {
        wake = null;
        wakeTick = NEVER;
        collect((eventLoop.nanoTime() - startNanos) / tickNanos);
        while (due != null) {
            Timer timer = due;
            unlink(timer);
            timer.dueTick = Timer.IDLE;
            armed--;
            try {
                timer.expire();
            } catch (RuntimeException | Error e) {
                log.error("A timer failed", e);
            }
        }
        long next = nextOccupiedTick();
        if (next < wakeTick) {
            wakeAt(next);
        }
    }

    /** Moves the timers that are due at that tick or before out of their buckets. */
    private void collect(long nowTick) {
        long last = Math.min(nowTick, currentTick + BUCKETS);
        while (currentTick < last) {
            long tick = nextOccupiedTick();
            if (tick > last) {
                break;
            }
            currentTick = tick;
            Timer timer = buckets[(int) (tick & MASK)];
            while (timer != null) {
                Timer following = timer.next;
                if (timer.dueTick <= nowTick) {
                    unlink(timer);
                    timer.dueTick = DUE;
                    timer.next = due;
                    if (due != null) {
                        due.previous = timer;
                    }
                    due = timer;
                }
                timer = following;
            }
        }
        currentTick = Math.max(currentTick, nowTick);
    }

    /** The first tick behind the current one whose bucket is not empty, be its timers of this turn or a later one; or NEVER. */
    private long nextOccupiedTick() {
        long tick = currentTick + 1;
        for (int steps = 0; steps <= occupied.length; steps++) {
            int bucket = (int) (tick & MASK);
            long bits = occupied[bucket >>> 6] >>> bucket;
            if (bits != 0) {
                return tick + Long.numberOfTrailingZeros(bits);
            }
            tick += Long.SIZE - (bucket & (Long.SIZE - 1));
        }
        return NEVER;
    }
}
