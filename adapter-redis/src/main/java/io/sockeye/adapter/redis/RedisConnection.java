package io.sockeye.adapter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a process reaches Redis: one server, the master that Sentinels name, or a Redis Cluster. Whatever uses the same object
 * shares its connections: one for commands, and one for messages. A server's adapter, its emitters and its directory of nodes
 * may share one; two servers may not.
 *
 * <p>States: <em>closed</em> until it is first used, <em>open</em> while it is in use, and closed again behind its last user. It
 * connects by itself, and again whenever a connection breaks. Nothing fails while Redis cannot be reached: messages to other
 * nodes are held back, within a bound.
 *
 * <p>Thread-safe.
 */
public final class RedisConnection {
    /** How long a single command may take, in seconds. */
    static final long COMMAND_SECONDS = 5;

    private final Supplier<Topology> topology;
    private final Settings settings;
    private final Object lock = new Object(); // guards what follows
    private int users;
    private @Nullable RedisLink link; // null while nobody uses it
    private CompletionStage<?> closing = CompletableFuture.completedFuture(null);

    /**
     * What bounds it.
     *
     * @param maxPendingBytes how many bytes may be on their way or held back
     * @param heldBackTimeout for how long a message is held back
     */
    record Settings(long maxPendingBytes, Duration heldBackTimeout) {
        static final Settings DEFAULT = new Settings(16L * 1024 * 1024, Duration.ofSeconds(10));
    }

    private RedisConnection(Supplier<Topology> topology, Settings settings) {
        this.topology = topology;
        this.settings = settings;
    }

    /**
     * To one server or by way of Sentinels, with a Lettuce client of its own.
     *
     * @param uri as Lettuce has it: {@code redis://user:password@host:6379}, {@code rediss://…} with TLS, {@code
     *     redis-sentinel://host:26379,host2:26379#master}
     * @throws IllegalArgumentException when it is no such URI
     */
    public static RedisConnection to(String uri) {
        RedisURI parsed = RedisURI.create(Objects.requireNonNull(uri, "uri"));
        return new RedisConnection(() -> SingleTopology.to(parsed), Settings.DEFAULT);
    }

    /**
     * To a Redis Cluster, with a Lettuce client of its own.
     *
     * @param uri where a node of it is
     * @param more where others are, in case the first one is not there
     * @throws IllegalArgumentException when one is no URI, see {@link #to}
     */
    public static RedisConnection toCluster(String uri, String... more) {
        List<RedisURI> parsed = Stream.concat(Stream.of(uri), Stream.of(more))
                .map(RedisURI::create)
                .toList();
        return new RedisConnection(() -> ClusterTopology.to(parsed), Settings.DEFAULT);
    }

    /**
     * With the application's own client, which is not shut down.
     *
     * @param uri to which server, or Sentinels
     */
    public static RedisConnection of(RedisClient client, RedisURI uri) {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(uri, "uri");
        return new RedisConnection(() -> SingleTopology.of(client, uri), Settings.DEFAULT);
    }

    /** With the application's own client for a Redis Cluster, which is not shut down. */
    public static RedisConnection of(RedisClusterClient client) {
        Objects.requireNonNull(client, "client");
        return new RedisConnection(() -> ClusterTopology.of(client), Settings.DEFAULT);
    }

    /**
     * The same, with another bound for what is on its way to Redis or held back while it cannot be reached. Messages beyond it
     * are refused.
     *
     * @param bytes by default 16 MiB
     * @throws IllegalArgumentException when it is not positive
     */
    public RedisConnection maxPendingBytes(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("maxPendingBytes: " + bytes + " (expected: > 0)");
        }
        return new RedisConnection(topology, new Settings(bytes, settings.heldBackTimeout()));
    }

    /**
     * The same, with another bound for how long a message is held back while Redis cannot be reached, before it is dropped.
     *
     * @param timeout by default 10 s; zero to hold nothing back for longer than it takes to connect
     * @throws IllegalArgumentException when it is negative
     */
    public RedisConnection heldBackTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("heldBackTimeout: " + timeout + " (expected: >= 0)");
        }
        return new RedisConnection(topology, new Settings(settings.maxPendingBytes(), timeout));
    }

    /** What has passed since it was last opened. */
    public RedisStats stats() {
        synchronized (lock) {
            return link == null ? RedisStats.NONE : RedisStats.of(link);
        }
    }

    /** Takes part in its use, to be ended by {@link #release}. */
    RedisLink use() {
        synchronized (lock) {
            if (link == null) {
                link = RedisLink.open(topology.get(), settings);
            }
            users++;
            return link;
        }
    }

    /** Ends a use. Behind the last one what was published is sent, and the connections end. */
    void release() {
        synchronized (lock) {
            if (--users == 0 && link != null) {
                closing = link.close();
                link = null;
            }
        }
    }

    /** Completes when the connections of the last use have ended. */
    CompletionStage<?> closing() {
        synchronized (lock) {
            return closing;
        }
    }
}
