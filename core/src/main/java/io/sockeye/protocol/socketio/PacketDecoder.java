package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of one connection out of its Engine.IO messages (Socket.IO v5, Packet encoding).
 *
 * <pre>
 *   &lt;type&gt;[&lt;count of attachments&gt;-][&lt;namespace&gt;,][&lt;id&gt;][&lt;JSON&gt;]      text message
 *   &lt;attachment&gt;                                                     binary messages, right behind it
 * </pre>
 *
 * <p>A packet is complete when its last attachment is there; until then nothing but binary messages may come. JSON is
 * validated on arrival and read later, by whoever asks an argument for a type. After an exception the connection is to be
 * closed; the decoder has forgotten what was pending.
 *
 * <p>Confined to its connection's event loop, which is that of its {@link DecodingContext}. Between packets it holds nothing.
 */
public final class PacketDecoder implements Parser.Decoder {
    private final DecodingContext context;
    private @Nullable PendingPacket pending; // null unless attachments are awaited

    private PacketDecoder(DecodingContext context) {
        this.context = context;
    }

    /** A decoder for a connection that lives on the context's event loop. */
    public static PacketDecoder of(DecodingContext context) {
        return new PacketDecoder(context);
    }

    /**
     * Takes a text message.
     *
     * @param array holds valid UTF-8 in the range; not copied, must not be written to afterwards
     * @return the packet; null when attachments have to come first
     * @throws ProtocolException when it is no packet, with the reference's text
     */
    @Override
    public @Nullable SocketPacket decodeText(byte[] array, int offset, int length) throws ProtocolException {
        if (pending != null) {
            pending = null;
            throw new ProtocolException("got plaintext data when reconstructing a packet");
        }
        PacketReader reader = context.reader();
        SocketPacket packet = reader.read(array, offset, offset + length);
        if (packet == null) {
            pending = reader.takePending();
        }
        return packet;
    }

    /**
     * Takes a binary message.
     *
     * @param data not copied, must not be written to afterwards
     * @return the packet that is complete with it; null when more attachments have to come
     * @throws ProtocolException when none was awaited, or the packet refers to one that it does not have
     */
    @Override
    public @Nullable SocketPacket decodeBinary(byte[] data) throws ProtocolException {
        if (pending == null) {
            throw new ProtocolException("got binary data when not reconstructing a packet");
        }
        PendingPacket packet = pending;
        if (!packet.add(data)) {
            return null;
        }
        pending = null;
        return packet.complete();
    }

    /** Whether attachments are awaited. */
    public boolean pendingAttachments() {
        return pending != null;
    }
}
