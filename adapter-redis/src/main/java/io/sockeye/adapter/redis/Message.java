package io.sockeye.adapter.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/** A message for a channel. Immutable, as long as nobody writes to the payload. */
record Message(ChannelKind kind, String channel, byte[] payload) implements Publishing.Outgoing {
    private static final int OVERHEAD = 100;

    @Override
    public int size() {
        return payload.length + channel.length() + OVERHEAD;
    }

    @Override
    public RedisFuture<?> send(RedisClusterAsyncCommands<String, byte[]> redis) {
        return kind == ChannelKind.SHARD ? redis.spublish(channel, payload) : redis.publish(channel, payload);
    }
}
