/**
 * HTTP long-polling: a session over GET requests that wait for packets and POST requests that bring them.
 *
 * <p>Neighbours: implements the SPI of {@code io.sockeye.transport} and knows nothing of the server that its requests come
 * from. Thread rule: a transport is confined to its session's event loop; what other loops' requests tell is handed over.
 */
@NullMarked
package io.sockeye.transport.polling;

import org.jspecify.annotations.NullMarked;
