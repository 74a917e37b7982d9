/**
 * Engine.IO: sessions, handshake, heartbeat, upgrade, send queue and close reasons.
 *
 * <p>Neighbours: stands on {@code io.sockeye.transport}; used by {@code io.sockeye} and by applications that speak plain
 * Engine.IO. Knows neither HTTP servers nor Netty. Thread rule: a session's state is touched on its event loop only.
 */
@NullMarked
package io.sockeye.engine;

import org.jspecify.annotations.NullMarked;
