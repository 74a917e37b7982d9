package io.sockeye.adapter.redis;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.cluster.ClusterAdapter;
import io.sockeye.adapter.cluster.RecoveringClusterAdapter;
import java.util.function.Consumer;

/**
 * Adapters that join servers through Redis, for {@code SocketIoServer.builder().adapter(…)}. All nodes of a cluster must have the
 * same kind with the same settings; Node.js servers with the packages that are named here may be among them.
 *
 * <p>An adapter uses its {@link RedisConnection} as long as there are namespaces. Thread-safe: without state.
 */
public final class RedisAdapter {

    private RedisAdapter() {}

    /**
     * Over pub/sub: on the wire that of {@code createAdapter} of @socket.io/redis-adapter 8. Works with any Redis. What is
     * published while a node has no connection does not reach it.
     */
    public static AdapterFactory classic(RedisConnection redis) {
        return classic(redis, settings -> {});
    }

    /** Over pub/sub, with settings other than the defaults. */
    public static AdapterFactory classic(RedisConnection redis, Consumer<ClassicSettings> configure) {
        ClassicSettings settings = new ClassicSettings();
        configure.accept(settings);
        return ClusterAdapter.factory(ClassicDriver.factory(redis, settings.values()), settings.cluster());
    }

    /**
     * Over sharded pub/sub, which spreads the load over a Redis Cluster: on the wire that of {@code createShardedAdapter} of
     * {@code @socket.io/redis-adapter} 8. Needs Redis 7. What is published while a node has no connection does not reach it.
     */
    public static AdapterFactory sharded(RedisConnection redis) {
        return sharded(redis, settings -> {});
    }

    /** Over sharded pub/sub, with settings other than the defaults. */
    public static AdapterFactory sharded(RedisConnection redis, Consumer<ShardedSettings> configure) {
        ShardedSettings settings = new ShardedSettings();
        configure.accept(settings);
        return ClusterAdapter.factory(ShardedDriver.factory(redis, settings.values()), settings.cluster());
    }

    /**
     * Over streams: on the wire that of @socket.io/redis-streams-adapter 0.3. A node that had no connection for a while reads
     * what it has missed, as far as the stream still has it.
     */
    public static AdapterFactory streams(RedisConnection redis) {
        return streams(redis, settings -> {});
    }

    /** Over streams, with settings other than the defaults. */
    public static AdapterFactory streams(RedisConnection redis, Consumer<StreamsSettings> configure) {
        StreamsSettings settings = new StreamsSettings();
        configure.accept(settings);
        StreamsSettings.Values values = settings.values();
        AdapterFactory plain = ClusterAdapter.factory(StreamsDriver.factory(redis, values), settings.cluster());
        AdapterFactory recovering = RecoveringClusterAdapter.factory(
                LogStreamsDriver.logFactory(redis, values), settings.cluster(), values.patience());
        return local -> local.recovery() == null ? plain.create(local) : recovering.create(local);
    }
}
