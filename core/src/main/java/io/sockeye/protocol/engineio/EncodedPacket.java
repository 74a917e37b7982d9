package io.sockeye.protocol.engineio;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A packet encoded once, for every recipient and every transport. Immutable, so any number of queues may hold it.
 *
 * <p>All wire forms are ranges of one array, because a WebSocket only puts a frame header in front:
 *
 * <pre>
 *   text     |  headroom  | frame header | type | data … |       binary   |  headroom  | frame header | data … |
 *                         └ frameOffset  └ packetOffset                                └ frameOffset  └ packetOffset
 * </pre>
 *
 * <p>The frame header is that of one unmasked, final, uncompressed message (RFC 6455, 5.2). In a long-polling payload a text
 * packet is its packet range; a binary one is {@code b} and the base64 of its packet range (Engine.IO v4, Packet encoding).
 *
 * <p>That is revision 4. What a binary message is in another {@link Dialect}, {@link #in} makes when it is first asked for.
 */
public final class EncodedPacket {
    /** Bytes to leave free in front of a message's data: the longest frame header and the type character. */
    public static final int HEADROOM = 11;

    private static final EncodedPacket[] NONE = {}; // before the packets below, which use it

    /** {@code 2}: a heartbeat. */
    public static final EncodedPacket PING = control("2");

    /** {@code 3}: the answer to a heartbeat. Revision 3 alone, where the client pings. */
    public static final EncodedPacket PONG = control("3");

    /** {@code 3probe}: the answer to an upgrade's probe. */
    public static final EncodedPacket PONG_PROBE = control("3probe");

    /** {@code 6}: releases a pending poll. */
    public static final EncodedPacket NOOP = control("6");

    /** {@code 1}: ends the session. */
    public static final EncodedPacket CLOSE = control("1");

    private static final int OPCODE_TEXT = 0x1;
    private static final int OPCODE_BINARY = 0x2;
    private static final int FINAL_FRAGMENT = 0x80;
    private static final byte MESSAGE = '4';

    private final byte[] array;
    private final byte packetOffset; // HEADROOM or a little less: a byte keeps the object small
    private final int packetLength;
    private final boolean binary;
    private final boolean compressible;
    private final EncodedPacket[] attachments;

    /**
     * By dialect; null until another than revision 4 is asked for, and so are its elements. For any thread: the forms are
     * immutable, and whoever does not see one makes it again.
     */
    private @Nullable EncodedPacket @Nullable [] forms;

    private EncodedPacket(
            byte[] array,
            int packetOffset,
            int packetLength,
            boolean binary,
            boolean compressible,
            EncodedPacket[] attachments) {
        this.array = array;
        this.packetOffset = (byte) packetOffset;
        this.packetLength = packetLength;
        this.binary = binary;
        this.compressible = compressible;
        this.attachments = attachments;
    }

    /**
     * A packet other than a message, of type and data as they stand on the wire: {@code 0{"sid":…}}.
     */
    public static EncodedPacket control(String packet) {
        byte[] utf8 = packet.getBytes(StandardCharsets.UTF_8);
        byte[] array = behindHeadroom(utf8, 0, utf8.length);
        return framed(array, HEADROOM, utf8.length, /* binary= */ false, /* compressible= */ false, NONE);
    }

    /** A text message. */
    public static EncodedPacket text(String data) {
        byte[] utf8 = data.getBytes(StandardCharsets.UTF_8);
        return text(behindHeadroom(utf8, 0, utf8.length), utf8.length, /* compressible= */ true, NONE);
    }

    /**
     * A text message whose data stands at {@link #HEADROOM} of the array, followed by binary messages that belong to it.
     * The array and the attachments' array are the packet's from now on.
     *
     * @param length the data's length in bytes
     * @param compressible whether transports may compress it
     */
    public static EncodedPacket text(byte[] array, int length, boolean compressible, EncodedPacket... attachments) {
        array[HEADROOM - 1] = MESSAGE;
        return framed(
                array,
                HEADROOM - 1,
                length + 1,
                /* binary= */ false,
                compressible,
                attachments.length == 0 ? NONE : attachments);
    }

    /**
     * A binary message whose data stands at {@link #HEADROOM} of the array, which is the packet's from now on.
     *
     * @param length the data's length in bytes
     * @param compressible whether transports may compress it
     */
    public static EncodedPacket binary(byte[] array, int length, boolean compressible) {
        return framed(array, HEADROOM, length, /* binary= */ true, compressible, NONE);
    }

    /** A binary message with a copy of the data. */
    public static EncodedPacket binary(byte[] data, int offset, int length, boolean compressible) {
        return binary(behindHeadroom(data, offset, length), length, compressible);
    }

    /**
     * The packet as a connection with that dialect sends it over a WebSocket, attachments included; this packet where there
     * is no difference. Made once for all connections.
     */
    public EncodedPacket in(Dialect dialect) {
        if (dialect == Dialect.REVISION_4 || (!binary && attachments.length == 0)) {
            return this;
        }
        @Nullable EncodedPacket[] made = forms;
        if (made == null) {
            made = new @Nullable EncodedPacket[Dialect.COUNT];
            forms = made;
        }
        EncodedPacket form = made[dialect.index()];
        if (form == null) {
            form = binary ? binaryIn(dialect) : withAttachmentsIn(dialect);
            made[dialect.index()] = form;
        }
        return form;
    }

    /** Whether this is a binary message. */
    public boolean isBinary() {
        return binary;
    }

    /** Whether a transport may compress the packet. */
    public boolean isCompressible() {
        return compressible;
    }

    /** Binary messages to be sent right behind this packet. Not to be written to. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public EncodedPacket[] attachments() {
        return attachments;
    }

    /** The bytes that every wire form is a range of. Not to be written to. */
    public byte[] array() {
        return array;
    }

    /** Where the WebSocket frame starts in {@link #array}. */
    public int frameOffset() {
        return packetOffset - frameHeaderLength(packetLength);
    }

    /** The WebSocket frame's length in bytes, header included. */
    public int frameLength() {
        return frameHeaderLength(packetLength) + packetLength;
    }

    /** Where the packet starts in {@link #array}: at its type character, or at a binary message's data. */
    public int packetOffset() {
        return packetOffset;
    }

    /** The packet's length in bytes, without its attachments. */
    public int packetLength() {
        return packetLength;
    }

    /** The bytes that this packet and its attachments occupy in a send queue. */
    public int size() {
        int total = packetLength;
        for (EncodedPacket attachment : attachments) {
            total += attachment.packetLength;
        }
        return total;
    }

    /** For the log: the type and the length, never the content. */
    @Override
    public String toString() {
        return (binary ? "binary" : "packet " + (char) array[packetOffset]) + " of " + packetLength + " bytes";
    }

    /** {@code b}, in revision 3 the type, and base64 as text; or, in revision 3, the type's number in front of the data. */
    private EncodedPacket binaryIn(Dialect dialect) {
        boolean typed = dialect.revision() == 3;
        if (!dialect.base64()) {
            byte[] copy = behindHeadroom(array, packetOffset, packetLength);
            copy[HEADROOM - 1] = MESSAGE - '0';
            return framed(copy, HEADROOM - 1, packetLength + 1, /* binary= */ true, compressible, NONE);
        }
        int start = typed ? HEADROOM + 1 : HEADROOM;
        byte[] text = new byte[start + Base64Text.encodedLength(packetLength)];
        text[HEADROOM - 1] = 'b';
        if (typed) {
            text[HEADROOM] = MESSAGE;
        }
        Base64Text.encode(array, packetOffset, packetLength, text, start);
        return framed(text, HEADROOM - 1, text.length - (HEADROOM - 1), /* binary= */ false, compressible, NONE);
    }

    private EncodedPacket withAttachmentsIn(Dialect dialect) {
        EncodedPacket[] translated = new EncodedPacket[attachments.length];
        for (int i = 0; i < translated.length; i++) {
            translated[i] = attachments[i].in(dialect);
        }
        return new EncodedPacket(array, packetOffset, packetLength, binary, compressible, translated);
    }

    /** A copy of those bytes with room for every header in front. */
    private static byte[] behindHeadroom(byte[] data, int offset, int length) {
        byte[] array = new byte[HEADROOM + length];
        System.arraycopy(data, offset, array, HEADROOM, length);
        return array;
    }

    /** A packet at that position of the array, with its frame header put in front of it. */
    private static EncodedPacket framed(
            byte[] array,
            int packetOffset,
            int packetLength,
            boolean binary,
            boolean compressible,
            EncodedPacket[] attachments) {
        writeFrameHeader(array, packetOffset, packetLength, binary ? OPCODE_BINARY : OPCODE_TEXT);
        return new EncodedPacket(array, packetOffset, packetLength, binary, compressible, attachments);
    }

    private static int frameHeaderLength(int length) {
        return length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    }

    private static void writeFrameHeader(byte[] array, int end, int length, int opcode) {
        int start = end - frameHeaderLength(length);
        array[start] = (byte) (FINAL_FRAGMENT | opcode);
        if (length < 126) {
            array[start + 1] = (byte) length;
        } else if (length < 1 << 16) {
            array[start + 1] = 126;
            array[start + 2] = (byte) (length >>> 8);
            array[start + 3] = (byte) length;
        } else {
            array[start + 1] = 127;
            for (int i = 0; i < 8; i++) {
                array[start + 2 + i] = (byte) ((long) length >>> (56 - 8 * i));
            }
        }
    }
}
