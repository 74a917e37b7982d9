package io.sockeye.adapter.redis;

import io.sockeye.adapter.AdapterFactory;
import java.time.Duration;
import java.util.Map;

/** The adapters, with the settings that change what is on the wire, on both sides. */
enum AdapterKind {
    CLASSIC("classic") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return RedisAdapter.classic(redis, settings -> settings.key(prefix));
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("key", prefix);
        }
    },
    CLASSIC_WITH_SPECIFIC_RESPONSES("classic") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return RedisAdapter.classic(redis, settings -> settings.key(prefix).publishOnSpecificResponseChannel(true));
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("key", prefix, "publishOnSpecificResponseChannel", true);
        }
    },
    SHARDED_STATIC("sharded") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return sharded(redis, prefix, SubscriptionMode.STATIC);
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("channelPrefix", prefix, "subscriptionMode", "static");
        }
    },
    SHARDED_DYNAMIC("sharded") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return sharded(redis, prefix, SubscriptionMode.DYNAMIC);
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("channelPrefix", prefix);
        }
    },
    SHARDED_DYNAMIC_PRIVATE("sharded") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return sharded(redis, prefix, SubscriptionMode.DYNAMIC_PRIVATE);
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("channelPrefix", prefix, "subscriptionMode", "dynamic-private");
        }
    },
    STREAMS("streams") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return RedisAdapter.streams(
                    redis,
                    settings -> settings.streamName(prefix + "-stream")
                            .channelPrefix(prefix)
                            .blockTime(Duration.ofMillis(500)));
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of("streamName", prefix + "-stream", "channelPrefix", prefix, "blockTimeInMs", 500);
        }
    },
    STREAMS_WITH_SHARDED_CHANNELS("streams") {
        @Override
        AdapterFactory factory(RedisConnection redis, String prefix) {
            return RedisAdapter.streams(
                    redis,
                    settings -> settings.streamName(prefix + "-stream")
                            .channelPrefix(prefix)
                            .blockTime(Duration.ofMillis(500))
                            .streamCount(2)
                            .onlyPlaintext(false)
                            .useShardedPubSub(true));
        }

        @Override
        Map<String, Object> options(String prefix) {
            return Map.of(
                    "streamName",
                    prefix + "-stream",
                    "channelPrefix",
                    prefix,
                    "blockTimeInMs",
                    500,
                    "streamCount",
                    2,
                    "useShardedPubSub",
                    true);
        }
    };

    private final String node;

    AdapterKind(String node) {
        this.node = node;
    }

    /** What the Node.js peer calls it. */
    String node() {
        return node;
    }

    abstract AdapterFactory factory(RedisConnection redis, String prefix);

    /** An emitter for such a cluster. */
    RedisEmitter emitter(RedisConnection redis, String prefix) {
        return node.equals("classic")
                ? RedisEmitter.classic(redis, settings -> settings.key(prefix))
                : RedisEmitter.streams(
                        redis,
                        settings -> settings.streamName(prefix + "-stream")
                                .streamCount(this == STREAMS_WITH_SHARDED_CHANNELS ? 2 : 1));
    }

    /** The same settings for Node.js. */
    abstract Map<String, Object> options(String prefix);

    private static AdapterFactory sharded(RedisConnection redis, String prefix, SubscriptionMode mode) {
        return RedisAdapter.sharded(
                redis, settings -> settings.channelPrefix(prefix).subscriptionMode(mode));
    }
}
