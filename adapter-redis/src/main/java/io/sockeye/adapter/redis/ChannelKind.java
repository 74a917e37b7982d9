package io.sockeye.adapter.redis;

/** What kind of name is subscribed to. */
enum ChannelKind {
    /** A channel ({@code SUBSCRIBE}). */
    CHANNEL,
    /** Every channel whose name matches ({@code PSUBSCRIBE}). */
    PATTERN,
    /** A channel of the Redis Cluster's node that its name belongs to ({@code SSUBSCRIBE}). */
    SHARD
}
