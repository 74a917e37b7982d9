package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Literal wire text in and out of the codecs. */
final class Wire {
    private Wire() {}

    /** A packet's text with the Engine.IO type in front. */
    static String text(EncodedPacket packet) {
        return new String(packet.array(), packet.packetOffset(), packet.packetLength(), UTF_8);
    }

    /** A binary packet's data in hexadecimal digits. */
    static String hex(EncodedPacket packet) {
        int start = packet.packetOffset();
        return HexFormat.of().formatHex(packet.array(), start, start + packet.packetLength());
    }

    /** What an argument is in MessagePack, in hexadecimal digits. */
    static String hex(MsgpackRawArgument argument) {
        MsgpackOutput output = new MsgpackOutput(argument.length());
        argument.writeTo(output, MsgpackDialect.OF_CLIENTS);
        return hex(output.packet(/* compressible= */ true));
    }

    /** The data of a packet's attachments. */
    static List<byte[]> attachments(EncodedPacket packet) {
        return Arrays.stream(packet.attachments())
                .map(attachment -> Arrays.copyOfRange(
                        attachment.array(),
                        attachment.packetOffset(),
                        attachment.packetOffset() + attachment.packetLength()))
                .toList();
    }

    /** Hands the decoder a text message, which stands somewhere inside an array as it does in life. */
    static @Nullable SocketPacket decode(PacketDecoder decoder, String text) throws ProtocolException {
        byte[] array = ("\"{4" + text + "\"]}").getBytes(UTF_8);
        return decoder.decodeText(array, 3, array.length - 6);
    }
}
