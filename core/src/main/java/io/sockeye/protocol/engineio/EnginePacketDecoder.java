package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;

/**
 * Reads one packet from text, as it stands in a WebSocket text frame or between the separators of a payload.
 *
 * <pre>
 *   &lt;type 0-6&gt;[&lt;data&gt;]      text
 *   b[&lt;base64&gt;]             binary message
 * </pre>
 *
 * <p>Engine.IO v4, Packet encoding. The data of a binary WebSocket frame is a binary message as it is.
 *
 * <p>Thread-safe: without state.
 */
public final class EnginePacketDecoder {
    private static final String PARSER_ERROR = "parser error";

    private static final EnginePacket OPEN = new EnginePacket.Open();
    private static final EnginePacket CLOSE = new EnginePacket.Close();
    private static final EnginePacket PING = new EnginePacket.Ping(/* probe= */ false);
    private static final EnginePacket PING_PROBE = new EnginePacket.Ping(/* probe= */ true);
    private static final EnginePacket PONG = new EnginePacket.Pong(/* probe= */ false);
    private static final EnginePacket PONG_PROBE = new EnginePacket.Pong(/* probe= */ true);
    private static final EnginePacket UPGRADE = new EnginePacket.Upgrade();
    private static final EnginePacket NOOP = new EnginePacket.Noop();

    private EnginePacketDecoder() {}

    /**
     * Reads the packet in the {@code length} bytes at {@code offset}, which are UTF-8. A message packet is a range of the
     * array, which must not be written to afterwards.
     *
     * <p>Base64 is read as leniently as the reference reads it: both alphabets, missing padding, other characters skipped,
     * the first {@code =} ends the data. Data behind a type that carries none is ignored.
     *
     * @throws ProtocolException {@code parser error} when there is no such type, or nothing at all
     */
    public static EnginePacket decodeText(byte[] array, int offset, int length) throws ProtocolException {
        if (length == 0) {
            throw new ProtocolException(PARSER_ERROR);
        }
        return switch (array[offset]) {
            case '0' -> OPEN;
            case '1' -> CLOSE;
            case '2' -> isProbe(array, offset, length) ? PING_PROBE : PING;
            case '3' -> isProbe(array, offset, length) ? PONG_PROBE : PONG;
            case '4' -> new EnginePacket.Message(array, offset + 1, length - 1);
            case '5' -> UPGRADE;
            case '6' -> NOOP;
            case 'b' -> new EnginePacket.Binary(Base64Text.decode(array, offset + 1, length - 1));
            default -> throw new ProtocolException(PARSER_ERROR);
        };
    }

    private static boolean isProbe(byte[] array, int offset, int length) {
        return length == 6
                && array[offset + 1] == 'p'
                && array[offset + 2] == 'r'
                && array[offset + 3] == 'o'
                && array[offset + 4] == 'b'
                && array[offset + 5] == 'e';
    }
}
