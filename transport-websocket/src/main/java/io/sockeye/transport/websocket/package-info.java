/**
 * The WebSocket transport (RFC 6455): handshake, frames, {@code permessage-deflate}.
 *
 * <p>Neighbours: implements the SPI of {@code io.sockeye.transport}, takes connections over from {@code io.sockeye.http};
 * found with {@link java.util.ServiceLoader}. Thread rule: a connection's state is touched on its event loop only.
 */
@NullMarked
package io.sockeye.transport.websocket;

import org.jspecify.annotations.NullMarked;
