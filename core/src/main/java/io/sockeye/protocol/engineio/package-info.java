/**
 * The Engine.IO protocol, revisions 4 and 3: packets and long-polling payloads, as pure functions between bytes and records.
 *
 * <p>Neighbours: below {@code io.sockeye.transport} and {@code io.sockeye.protocol.socketio}, above nothing. Thread
 * rule: every type is immutable or confined to its caller.
 */
@NullMarked
package io.sockeye.protocol.engineio;

import org.jspecify.annotations.NullMarked;
