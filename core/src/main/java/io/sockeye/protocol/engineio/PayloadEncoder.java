package io.sockeye.protocol.engineio;

import java.util.Collection;

/**
 * Writes packets as the body of one long-polling answer: text packets as they are, binary ones as {@code b} and base64,
 * separated by 0x1e, each packet's attachments right behind it (Engine.IO v4, Payload encoding).
 *
 * <p>Thread-safe: without state.
 */
public final class PayloadEncoder {
    private static final byte SEPARATOR = 0x1e;
    private static final byte BINARY = 'b';

    private PayloadEncoder() {}

    /**
     * The body, of exactly the payload's length. Empty when there is no packet.
     *
     * @throws ArithmeticException when the payload is longer than an array can be
     */
    public static byte[] encode(Collection<EncodedPacket> packets) {
        int length = 0;
        for (EncodedPacket packet : packets) {
            length = Math.addExact(length, encodedLength(packet));
        }
        byte[] payload = new byte[Math.max(0, length - 1)];
        int position = 0;
        for (EncodedPacket packet : packets) {
            position = write(packet, payload, position);
        }
        return payload;
    }

    /** The bytes that a packet and its attachments occupy in a payload, with a separator for each. */
    public static int encodedLength(EncodedPacket packet) {
        int length = packet.isBinary()
                ? Math.addExact(2, Base64Text.encodedLength(packet.packetLength()))
                : packet.packetLength() + 1;
        for (EncodedPacket attachment : packet.attachments()) {
            length = Math.addExact(length, encodedLength(attachment));
        }
        return length;
    }

    private static int write(EncodedPacket packet, byte[] payload, int start) {
        int position = start;
        if (position > 0) {
            payload[position++] = SEPARATOR;
        }
        if (packet.isBinary()) {
            payload[position++] = BINARY;
            position =
                    Base64Text.encode(packet.array(), packet.packetOffset(), packet.packetLength(), payload, position);
        } else {
            System.arraycopy(packet.array(), packet.packetOffset(), payload, position, packet.packetLength());
            position += packet.packetLength();
        }
        for (EncodedPacket attachment : packet.attachments()) {
            position = write(attachment, payload, position);
        }
        return position;
    }
}
