package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.ClusterSettings;
import java.time.Duration;

/**
 * What the settings of all Redis adapters have in common. Each setter checks its value at once. Confined to the caller's thread.
 *
 * @param <S> the settings themselves
 */
public abstract sealed class RedisAdapterSettings<S extends RedisAdapterSettings<S>>
        permits ClassicSettings, ShardedSettings, StreamsSettings {
    private final ClusterSettings.Builder cluster = ClusterSettings.builder();

    RedisAdapterSettings() {}

    abstract S self();

    /** How long other nodes' answers are waited for where the question says nothing else. Default: 5 s. */
    public final S requestsTimeout(Duration timeout) {
        cluster.requestTimeout(timeout);
        return self();
    }

    /** How often this node says that it is alive. Default: 5 s. */
    public final S heartbeatInterval(Duration interval) {
        cluster.heartbeatInterval(interval);
        return self();
    }

    /** For how long nothing need be heard of a node until it counts as dead; longer than the interval. Default: 10 s. */
    public final S heartbeatTimeout(Duration timeout) {
        cluster.heartbeatTimeout(timeout);
        return self();
    }

    final ClusterSettings cluster() {
        return cluster.build();
    }

    /** A name that is not empty. */
    static String named(String setting, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(setting + ": empty (expected: a name)");
        }
        return value;
    }
}
