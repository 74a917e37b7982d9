package io.sockeye.protocol.engineio;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;

/**
 * Reads one packet of revision 3 (Engine.IO v3, Encoding).
 *
 * <pre>
 *   &lt;type 0-6&gt;[&lt;data&gt;]      text
 *   b&lt;type 0-6&gt;[&lt;base64&gt;]   text that stands for binary data
 *   0x00-0x06 [&lt;data&gt;]      binary
 * </pre>
 *
 * <p>In text a type that does not exist is an error. In the two binary forms, as in the reference, it is not: the packet then
 * means nothing, like a noop.
 *
 * <p>Thread-safe: without state.
 */
public final class Revision3PacketDecoder {
    private static final int NONE = -1;
    private static final int OPEN = 0;
    private static final int CLOSE = 1;
    private static final int PING = 2;
    private static final int PONG = 3;
    private static final int MESSAGE = 4;
    private static final int UPGRADE = 5;

    private Revision3PacketDecoder() {}

    /**
     * Reads the packet in a range of UTF-8; see {@link EnginePacketDecoder#decodeText}.
     *
     * @throws ProtocolException {@code parser error} when there is no such type, or nothing at all
     */
    public static EnginePacket decodeText(byte[] array, int offset, int length) throws ProtocolException {
        if (length == 0 || array[offset] != 'b') {
            return EnginePacketDecoder.decodeText(array, offset, length);
        }
        int type = length == 1 ? NONE : array[offset + 1] - '0';
        return type == MESSAGE
                ? new EnginePacket.Binary(Base64Text.decode(array, offset + 2, length - 2))
                : withoutMessage(type);
    }

    /** Reads the packet in a range of binary data, which is copied. */
    public static EnginePacket decodeBinary(byte[] array, int offset, int length) {
        int type = length == 0 ? NONE : array[offset];
        return type == MESSAGE
                ? new EnginePacket.Binary(Arrays.copyOfRange(array, offset + 1, offset + length))
                : withoutMessage(type);
    }

    /** Whatever data such a packet has counts for nothing: binary data is no {@code probe}. */
    private static EnginePacket withoutMessage(int type) {
        return switch (type) {
            case OPEN -> new EnginePacket.Open();
            case CLOSE -> new EnginePacket.Close();
            case PING -> new EnginePacket.Ping(/* probe= */ false);
            case PONG -> new EnginePacket.Pong(/* probe= */ false);
            case UPGRADE -> new EnginePacket.Upgrade();
            default -> new EnginePacket.Noop();
        };
    }
}
