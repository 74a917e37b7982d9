package io.sockeye.adapter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The bounded way of messages to Redis. While there is no connection they are held back, and sent in their order when there is
 * one; what has been held back for too long is dropped instead. What is held back and what Redis has not yet confirmed count
 * against one bound, beyond which messages are refused: the newest lose. While Redis refuses to take messages, one per second
 * is let through to find out whether it still does.
 *
 * <p>Thread-safe. What one thread publishes goes out in that order.
 */
final class Publishing {
    private static final long PROBE_NANOS = 1_000_000_000L;

    private final long maxPendingBytes;
    private final long heldBackNanos;
    private final Trouble trouble;

    /** What is held back, oldest first. Also the lock for {@link #direct} to be set. */
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private final AtomicLong pendingBytes = new AtomicLong();
    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder lost = new LongAdder();

    /** Where messages go at once; null while they are held back. */
    private volatile @Nullable RedisClusterAsyncCommands<String, byte[]> direct;

    private volatile boolean closed;
    private volatile boolean refusing; // Redis has answered the last message with an error
    private final AtomicLong probedAt = new AtomicLong();

    /** A message. */
    interface Outgoing {
        /** About how many bytes it is. */
        int size();

        /** Sends it. */
        RedisFuture<?> send(RedisClusterAsyncCommands<String, byte[]> redis);
    }

    /** Learns that Redis does not take messages, or takes them again. */
    interface Trouble {
        /** It refuses them; told when it begins to. */
        void refuses(RedisCommandExecutionException why);

        /** It takes them again. */
        void takes();

        /** So much is held back that more is refused; told often. */
        void full();
    }

    private record Held(Outgoing message, long since) {}

    Publishing(long maxPendingBytes, Duration heldBack, Trouble trouble) {
        this.maxPendingBytes = maxPendingBytes;
        this.heldBackNanos = heldBack.toNanos();
        this.trouble = trouble;
    }

    /**
     * Sends a message, now or soon.
     *
     * @return false when it was refused
     */
    boolean publish(Outgoing message) {
        if (closed || (refusing && !isProbe())) {
            refused.increment();
            return false;
        }
        int size = message.size();
        if (pendingBytes.addAndGet(size) > maxPendingBytes) {
            pendingBytes.addAndGet(-size);
            refused.increment();
            trouble.full();
            return false;
        }
        RedisClusterAsyncCommands<String, byte[]> redis = direct;
        if (redis == null) {
            synchronized (held) {
                redis = direct;
                if (redis == null) {
                    held.add(new Held(message, System.nanoTime()));
                    return true;
                }
            }
        }
        send(message, redis);
        return true;
    }

    private boolean isProbe() {
        long last = probedAt.get();
        long now = System.nanoTime();
        return now - last > PROBE_NANOS && probedAt.compareAndSet(last, now);
    }

    private void send(Outgoing message, RedisClusterAsyncCommands<String, byte[]> redis) {
        int size = message.size();
        message.send(redis).whenComplete((answer, failure) -> {
            pendingBytes.addAndGet(-size);
            if (failure == null) {
                published.increment();
                if (refusing) {
                    refusing = false;
                    trouble.takes();
                }
            } else {
                failed(failure);
            }
        });
    }

    private void failed(Throwable failure) {
        lost.increment();
        if (failure instanceof RedisCommandExecutionException refusal
                && !(failure.getCause() instanceof CancellationException)) {
            if (!refusing) {
                probedAt.set(System.nanoTime());
                refusing = true;
                trouble.refuses(refusal);
            }
        }
    }

    /** Redis can be reached: what was held back goes first. */
    void up(RedisClusterAsyncCommands<String, byte[]> redis) {
        synchronized (held) {
            long now = System.nanoTime();
            for (Held each = held.poll(); each != null; each = held.poll()) {
                if (now - each.since() > heldBackNanos) {
                    drop(each);
                } else {
                    send(each.message(), redis);
                }
            }
            refusing = false;
            direct = redis;
        }
    }

    /** Redis cannot be reached. */
    void down() {
        direct = null;
    }

    /** Drops what has been held back for too long. To be called now and then. */
    void expire() {
        if (direct != null) {
            return;
        }
        synchronized (held) {
            long now = System.nanoTime();
            for (Held each = held.peek(); each != null && now - each.since() > heldBackNanos; each = held.peek()) {
                held.poll();
                drop(each);
            }
        }
    }

    private void drop(Held each) {
        pendingBytes.addAndGet(-each.message().size());
        lost.increment();
    }

    /** Takes no more messages. */
    void close() {
        closed = true;
    }

    /** Whether everything that was taken has been answered or dropped. */
    boolean isIdle() {
        return pendingBytes.get() == 0;
    }

    /** How many bytes are held back or not yet confirmed. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    long published() {
        return published.sum();
    }

    long refused() {
        return refused.sum();
    }

    long lost() {
        return lost.sum();
    }
}
