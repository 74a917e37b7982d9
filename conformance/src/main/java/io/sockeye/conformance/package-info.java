/**
 * Servers that protocol checkers and real clients are pointed at.
 *
 * <p>Neighbours: users of the published modules, like any application. Thread rule: each server is its own process.
 */
@NullMarked
package io.sockeye.conformance;

import org.jspecify.annotations.NullMarked;
