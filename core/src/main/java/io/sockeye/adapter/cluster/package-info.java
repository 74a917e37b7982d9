/**
 * Clusters: what the adapters of one namespace on several nodes say to each other, written once over a {@link
 * io.sockeye.adapter.cluster.ClusterDriver}, which carries the messages.
 */
@NullMarked
package io.sockeye.adapter.cluster;

import org.jspecify.annotations.NullMarked;
