/**
 * Micro-benchmarks of what a message passes on its way: codecs, JSON, the index of rooms; with what each allocates.
 *
 * <p>Neighbours: measures {@code core} from within one process; {@link io.sockeye.benchmarks.jmh.Main} runs them and compares
 * with a baseline. Thread rule: one thread, JMH's.
 */
@NullMarked
package io.sockeye.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
