package io.sockeye.protocol.engineio;

import java.nio.charset.StandardCharsets;

/**
 * A packet as it was received (Engine.IO v4, Packet encoding). The byte arrays belong to whoever holds the packet and are
 * never written to again.
 */
public sealed interface EnginePacket {

    /** {@code 0}: the handshake. Never sent by a client; a server ignores it. */
    record Open() implements EnginePacket {}

    /** {@code 1}: the peer ends the session. */
    record Close() implements EnginePacket {}

    /**
     * {@code 2}: a ping; {@code 2probe} while an upgrade is tried.
     *
     * @param probe whether the data is exactly {@code probe}
     */
    record Ping(boolean probe) implements EnginePacket {}

    /**
     * {@code 3}: the answer to a ping.
     *
     * @param probe whether the data is exactly {@code probe}
     */
    record Pong(boolean probe) implements EnginePacket {}

    /** {@code 4}: a text message, the {@code length} UTF-8 bytes at {@code offset}; the type character is not part of it. */
    record Message(byte[] array, int offset, int length) implements EnginePacket {
        /** The message as a string, for those who want one. */
        public String text() {
            return new String(array, offset, length, StandardCharsets.UTF_8);
        }
    }

    /** A binary message: a binary WebSocket frame, or {@code b} and base64 in text. */
    record Binary(byte[] data) implements EnginePacket {}

    /** {@code 5}: the client moves the session to this transport. */
    record Upgrade() implements EnginePacket {}

    /** {@code 6}: nothing; releases a poll during an upgrade. */
    record Noop() implements EnginePacket {}
}
