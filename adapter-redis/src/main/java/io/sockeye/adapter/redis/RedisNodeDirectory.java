package io.sockeye.adapter.redis;

import io.sockeye.http.NodeAddress;
import io.sockeye.http.NodeDirectory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets the nodes of a cluster find each other through Redis, for {@link io.sockeye.http.ClusterEngine}: a key for each node, which
 * the node refreshes, and which vanishes soon after the node has died. Any kind of Redis will do, and nothing but keys is used.
 *
 * <pre>
 *   sockeye:node:TAG   HOST:PORT ID      with a time to live
 * </pre>
 *
 * <p>While Redis cannot be reached, nodes still find those they have found lately.
 *
 * <p>Immutable and thread-safe.
 */
public final class RedisNodeDirectory implements NodeDirectory {
    private final RedisConnection redis;
    private final Settings settings;

    /**
     * Where and for how long a node stands in Redis.
     *
     * @param prefix what the keys begin with
     * @param timeToLive after which the key of a dead node vanishes; a third of it is the time between two refreshments
     * @param joinTimeout how long a node tries to announce itself
     */
    record Settings(String prefix, Duration timeToLive, Duration joinTimeout) {
        long refreshNanos() {
            return timeToLive.toNanos() / 3;
        }
    }

    private RedisNodeDirectory(RedisConnection redis, Settings settings) {
        this.redis = redis;
        this.settings = settings;
    }

    /** A directory in that Redis, with the defaults. It may be shared with the node's adapter. */
    public static RedisNodeDirectory in(RedisConnection redis) {
        Objects.requireNonNull(redis, "redis");
        return new RedisNodeDirectory(
                redis, new Settings("sockeye:node:", Duration.ofSeconds(15), Duration.ofSeconds(10)));
    }

    /**
     * The same, with other keys: for several clusters on one Redis.
     *
     * @param prefix what they begin with, by default {@code sockeye:node:}
     */
    public RedisNodeDirectory keyPrefix(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return new RedisNodeDirectory(redis, new Settings(prefix, settings.timeToLive(), settings.joinTimeout()));
    }

    /**
     * The same, with another time after which a node that has died is forgotten.
     *
     * @param timeToLive by default 15 s
     * @throws IllegalArgumentException when it is shorter than 100 ms
     */
    public RedisNodeDirectory timeToLive(Duration timeToLive) {
        if (timeToLive.toMillis() < 100) {
            throw new IllegalArgumentException("timeToLive: " + timeToLive + " (expected: at least 100 ms)");
        }
        return new RedisNodeDirectory(redis, new Settings(settings.prefix(), timeToLive, settings.joinTimeout()));
    }

    /**
     * The same, with another time for which a node that starts waits for Redis before it gives up.
     *
     * @param joinTimeout by default 10 s
     * @throws IllegalArgumentException when it is not positive
     */
    public RedisNodeDirectory joinTimeout(Duration joinTimeout) {
        if (joinTimeout.isNegative() || joinTimeout.isZero()) {
            throw new IllegalArgumentException("joinTimeout: " + joinTimeout + " (expected: > 0)");
        }
        return new RedisNodeDirectory(redis, new Settings(settings.prefix(), settings.timeToLive(), joinTimeout));
    }

    /**
     * {@inheritDoc} Waits for Redis where it is not there.
     *
     * @throws IllegalStateException when Redis cannot be reached in that time, or refuses to write
     */
    @Override
    public Membership join(NodeAddress address) {
        RedisLink link = redis.use();
        RedisMembership membership = new RedisMembership(redis, link, settings, address);
        boolean joined = false;
        try {
            long patience = settings.joinTimeout().toNanos();
            membership.announce(System.nanoTime() + patience).get(patience, TimeUnit.NANOSECONDS);
            joined = true;
            return membership;
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot announce " + address + " in " + link.description(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            if (!joined) {
                membership.close();
            }
        }
    }
}
