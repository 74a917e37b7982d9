package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.ClusterMessage;

/**
 * A message that was read. Immutable, as its message is.
 *
 * @param uid which node's; empty when it does not say
 */
record Incoming(String uid, ClusterMessage message) {}
