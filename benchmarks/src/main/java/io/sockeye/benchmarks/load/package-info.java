/**
 * The load generator: connections, frames prepared in advance, answers compared byte for byte, and the meters of the
 * server's process.
 *
 * <p>Neighbours: knows nothing of the other packages, and of a server only its port and its process id. Thread rule:
 * everything is confined to the one thread that runs {@link io.sockeye.benchmarks.load.Load}.
 */
@NullMarked
package io.sockeye.benchmarks.load;

import org.jspecify.annotations.NullMarked;
