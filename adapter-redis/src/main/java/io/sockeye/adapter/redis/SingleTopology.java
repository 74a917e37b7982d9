package io.sockeye.adapter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/** One Redis server, or the master that Sentinels name. Thread-safe. */
final class SingleTopology implements Topology {
    /** Channels and keys are text, what goes over them is bytes. */
    static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisClient client;
    private final RedisURI uri;
    private final boolean own;
    private final ScheduledExecutorService executor;

    private SingleTopology(RedisClient client, RedisURI uri, boolean own) {
        this.client = client;
        this.uri = uri;
        this.own = own;
        this.executor = client.getResources().eventExecutorGroup().next();
    }

    /** With a client of our own. */
    static SingleTopology to(RedisURI uri) {
        RedisClient client = RedisClient.create(resources(), uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        return new SingleTopology(client, uri, /* own= */ true);
    }

    /** With a client that is not ours to shut down. */
    static SingleTopology of(RedisClient client, RedisURI uri) {
        return new SingleTopology(client, uri, /* own= */ false);
    }

    /** What a client of our own runs on: connections for commands and for messages need no more. */
    static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
    }

    @Override
    public CompletionStage<Wire.Commands> connectCommands() {
        return client.connectAsync(CODEC, uri).thenApply(SingleCommands::new);
    }

    @Override
    public CompletionStage<Wire.PubSub> connectPubSub(Wire.AnySink sink) {
        return client.connectPubSubAsync(CODEC, uri).thenApply(connection -> {
            connection.addListener(new ToSink(sink));
            return new SinglePubSub(connection);
        });
    }

    @Override
    public ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public String description() {
        return uri.getSentinels().isEmpty()
                ? "Redis at " + uri.getHost() + ":" + uri.getPort()
                : "Redis master " + uri.getSentinelMasterId();
    }

    @Override
    public void shutdown() {
        if (own) {
            shutdown(client.getResources(), client.shutdownAsync());
        }
    }

    /** Ends what a client of our own runs on, behind the client. */
    static void shutdown(ClientResources resources, CompletionStage<?> client) {
        client.whenComplete((done, failure) -> {
            Future<?> ignored = resources.shutdown();
        });
    }

    private record SingleCommands(StatefulRedisConnection<String, byte[]> connection)
            implements Wire.Commands, LettuceWire {
        @Override
        public RedisClusterAsyncCommands<String, byte[]> async() {
            return connection.async();
        }

        @Override
        public CompletionStage<Long> subscribers(ChannelKind kind, String channel) {
            return countOf(connection, kind, channel);
        }
    }

    /** How many have subscribed to a channel at one server. */
    static CompletionStage<Long> countOf(
            StatefulRedisConnection<String, byte[]> connection, ChannelKind kind, String channel) {
        return (kind == ChannelKind.SHARD
                        ? connection.async().pubsubShardNumsub(channel)
                        : connection.async().pubsubNumsub(channel))
                .thenApply(counts -> counts.getOrDefault(channel, 0L));
    }

    private record SinglePubSub(StatefulRedisPubSubConnection<String, byte[]> connection)
            implements Wire.PubSub, LettuceWire {
        @Override
        public RedisPubSubAsyncCommands<String, byte[]> async() {
            return connection.async();
        }

        @Override
        public CompletionStage<?> subscribe(ChannelKind kind, String name) {
            return subscribeAt(connection, kind, name);
        }

        @Override
        public void unsubscribe(ChannelKind kind, String name) {
            unsubscribeAt(connection, kind, name);
        }
    }

    /** Subscribes at one server. */
    static CompletionStage<?> subscribeAt(
            StatefulRedisPubSubConnection<String, byte[]> connection, ChannelKind kind, String name) {
        return switch (kind) {
            case CHANNEL -> connection.async().subscribe(name);
            case PATTERN -> connection.async().psubscribe(name);
            case SHARD -> connection.async().ssubscribe(name);
        };
    }

    /** Subscribes at one server no more. */
    static void unsubscribeAt(StatefulRedisPubSubConnection<String, byte[]> connection, ChannelKind kind, String name) {
        CompletionStage<?> ignored = switch (kind) {
            case CHANNEL -> connection.async().unsubscribe(name);
            case PATTERN -> connection.async().punsubscribe(name);
            case SHARD -> connection.async().sunsubscribe(name);
        };
    }

    /** Passes on what Lettuce has read. */
    static class ToSink extends RedisPubSubAdapter<String, byte[]> {
        private final Wire.AnySink sink;

        ToSink(Wire.AnySink sink) {
            this.sink = sink;
        }

        @Override
        public void message(String channel, byte[] message) {
            sink.received(ChannelKind.CHANNEL, channel, channel, message);
        }

        @Override
        public void message(String pattern, String channel, byte[] message) {
            sink.received(ChannelKind.PATTERN, pattern, channel, message);
        }

        @Override
        public void smessage(String channel, byte[] message) {
            sink.received(ChannelKind.SHARD, channel, channel, message);
        }
    }
}
