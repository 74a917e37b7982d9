/**
 * Socket.IO for Java: the server, its namespaces, sockets, rooms, broadcasts and acknowledgements.
 *
 * <p>Neighbours: stands on {@code io.sockeye.http}, {@code io.sockeye.adapter} and {@code io.sockeye.engine}. Thread
 * rule: everything public is thread-safe; handlers of one socket run one at a time and in order, off the event loop
 * unless the application asks for inline execution.
 */
@NullMarked
package io.sockeye;

import org.jspecify.annotations.NullMarked;
