package io.sockeye.adapter.redis;

/**
 * Which channels the sharded adapter subscribes to ({@code subscriptionMode} of @socket.io/redis-adapter). All nodes of a cluster
 * must have the same.
 */
public enum SubscriptionMode {
    /** Two per namespace: every node hears every broadcast. */
    STATIC,
    /** And one per room, but for the rooms of sockets' own ids: a broadcast to one room reaches only the nodes that have it. */
    DYNAMIC,
    /** And one per room, those of sockets' own ids included. */
    DYNAMIC_PRIVATE
}
