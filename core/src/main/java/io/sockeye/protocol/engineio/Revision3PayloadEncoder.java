package io.sockeye.protocol.engineio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Writes packets as the body of one long-polling answer of revision 3 (Engine.IO v3, Encoding): in text, where binary data is
 * base64, or as octets. Each packet's attachments follow right behind it. See {@link CountedPayload} and {@link OctetPayload}
 * for the two forms.
 *
 * <p>Thread-safe: without state.
 */
public final class Revision3PayloadEncoder {
    private static final int TEXT = 0;
    private static final int BINARY = 1;
    private static final int END_OF_LENGTH = 0xff;

    private Revision3PayloadEncoder() {}

    /** Whether one of the packets is binary or has an attachment that is. */
    public static boolean hasBinary(Collection<EncodedPacket> packets) {
        for (EncodedPacket packet : packets) {
            if (packet.isBinary() || packet.attachments().length > 0) {
                return true;
            }
        }
        return false;
    }

    /** The body as text. */
    public static byte[] encodeText(Collection<EncodedPacket> packets) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(capacity(packets));
        for (EncodedPacket packet : packets) {
            writeText(packet.in(Dialect.REVISION_3_BASE64), payload);
        }
        return payload.toByteArray();
    }

    /** The body as {@code application/octet-stream}. */
    public static byte[] encodeOctets(Collection<EncodedPacket> packets) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(capacity(packets));
        for (EncodedPacket packet : packets) {
            writeOctets(packet.in(Dialect.REVISION_3), payload);
        }
        return payload.toByteArray();
    }

    private static int capacity(Collection<EncodedPacket> packets) {
        int bytes = 0;
        for (EncodedPacket packet : packets) {
            bytes = Math.addExact(bytes, Math.addExact(packet.size(), 8));
        }
        return bytes;
    }

    private static void writeText(EncodedPacket packet, ByteArrayOutputStream payload) {
        payload.writeBytes(digits(utf16Length(packet)));
        payload.write(':');
        payload.write(packet.array(), packet.packetOffset(), packet.packetLength());
        for (EncodedPacket attachment : packet.attachments()) {
            writeText(attachment, payload);
        }
    }

    private static void writeOctets(EncodedPacket packet, ByteArrayOutputStream payload) {
        payload.write(packet.isBinary() ? BINARY : TEXT);
        for (byte digit : digits(packet.packetLength())) {
            payload.write(digit - '0');
        }
        payload.write(END_OF_LENGTH);
        payload.write(packet.array(), packet.packetOffset(), packet.packetLength());
        for (EncodedPacket attachment : packet.attachments()) {
            writeOctets(attachment, payload);
        }
    }

    private static byte[] digits(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** How many UTF-16 code units the packet's UTF-8 stands for. */
    private static int utf16Length(EncodedPacket packet) {
        byte[] array = packet.array();
        int end = packet.packetOffset() + packet.packetLength();
        int units = 0;
        for (int p = packet.packetOffset(); p < end; p++) {
            int b = array[p] & 0xff;
            units += b >= 0xf0 ? 2 : (b & 0xc0) == 0x80 ? 0 : 1;
        }
        return units;
    }
}
