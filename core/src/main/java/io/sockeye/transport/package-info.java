/**
 * SPI for transports: what the engine sees of a connection ({@link io.sockeye.transport.Transport}), of a request
 * ({@link io.sockeye.transport.HttpExchange}) and of the thread that owns them ({@link io.sockeye.transport.EventLoop}).
 *
 * <p>Neighbours: implemented by {@code io.sockeye.http} and the transport modules, used by {@code io.sockeye.engine};
 * stands on {@code io.sockeye.protocol.engineio}. Thread rule: every method says which loop calls it.
 */
@NullMarked
package io.sockeye.transport;

import org.jspecify.annotations.NullMarked;
