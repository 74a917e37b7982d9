/**
 * The Netty front door: accepts connections, parses HTTP, applies the CORS and origin rules, routes requests to engines
 * and handlers, and serves the client bundle.
 *
 * <p>Neighbours: used by {@code io.sockeye}; hands requests to {@code io.sockeye.engine} as
 * {@link io.sockeye.transport.HttpExchange}. Thread rule: a channel's state is touched on its event loop only.
 */
@NullMarked
package io.sockeye.http;

import org.jspecify.annotations.NullMarked;
