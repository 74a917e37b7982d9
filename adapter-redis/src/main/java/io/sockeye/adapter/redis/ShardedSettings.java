package io.sockeye.adapter.redis;

import java.util.Objects;

/** Settings of {@link RedisAdapter#sharded}. Confined to the caller's thread. */
public final class ShardedSettings extends RedisAdapterSettings<ShardedSettings> {
    private String channelPrefix = "socket.io";
    private SubscriptionMode subscriptionMode = SubscriptionMode.DYNAMIC;

    ShardedSettings() {}

    @Override
    ShardedSettings self() {
        return this;
    }

    /** What the names of all channels begin with. Default: {@code socket.io}. */
    public ShardedSettings channelPrefix(String value) {
        this.channelPrefix = named("channelPrefix", value);
        return this;
    }

    /** Which channels are subscribed to. Default: {@link SubscriptionMode#DYNAMIC}. */
    public ShardedSettings subscriptionMode(SubscriptionMode value) {
        this.subscriptionMode = Objects.requireNonNull(value, "subscriptionMode");
        return this;
    }

    /** The settings as they are now. */
    Values values() {
        return new Values(channelPrefix, subscriptionMode);
    }

    /** Immutable. */
    record Values(String prefix, SubscriptionMode mode) {}
}
