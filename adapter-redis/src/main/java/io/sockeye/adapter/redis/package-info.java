/**
 * Clusters through Redis, on the wire those of the reference's adapters: nodes of either kind may be in one cluster.
 *
 * <p>Neighbours: implements {@code io.sockeye.adapter.cluster}; stands on Lettuce. Thread rule: what is public is thread-safe;
 * the states of the connections to Redis are confined to one executor of Lettuce's, and messages are taken in on the threads
 * on which Lettuce reads them, which nothing here holds up.
 */
@NullMarked
package io.sockeye.adapter.redis;

import org.jspecify.annotations.NullMarked;
