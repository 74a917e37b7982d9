/**
 * The floor: the least that a server on Netty can do for the benchmark's messages. It knows their bytes and edits them; it
 * is no Socket.IO server.
 *
 * <p>Neighbours: driven by {@code load} like any server. Thread rule: one event loop does everything, so nothing is shared.
 */
@NullMarked
package io.sockeye.benchmarks.floor;

import org.jspecify.annotations.NullMarked;
