/**
 * The Socket.IO protocol, revision 5: packets, namespaces, acknowledgement ids, binary attachments and the binding of
 * arguments to Java types, as pure functions between bytes and records.
 *
 * <p>Neighbours: stands on {@code io.sockeye.protocol.engineio}, whose message packets carry its packets; knows neither
 * sockets nor transports. Thread rule: packets are immutable; a decoder is confined to its connection's event loop.
 */
@NullMarked
package io.sockeye.protocol.socketio;

import org.jspecify.annotations.NullMarked;
