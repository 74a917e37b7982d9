/**
 * Servers under test: Sockeye with the benchmark fixture, and what its process shares with the peers'.
 *
 * <p>Neighbours: {@code load} drives whatever server listens, {@code floor} is the least that a server can do, {@code run}
 * starts both sides and writes the table. Thread rule: a fixture's handlers run where its server runs them.
 */
@NullMarked
package io.sockeye.benchmarks;

import org.jspecify.annotations.NullMarked;
