/**
 * Runs servers and load beside each other, and writes the table.
 *
 * <p>Neighbours: starts the programs of the other packages and of {@code peers/} as processes of their own, and shares
 * nothing with them but the command line and lines of text. Thread rule: the main thread does everything; while a
 * measurement runs it waits.
 */
@NullMarked
package io.sockeye.benchmarks.run;

import org.jspecify.annotations.NullMarked;
