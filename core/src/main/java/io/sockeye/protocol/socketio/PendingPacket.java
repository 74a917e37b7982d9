package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;

/**
 * A binary packet whose attachments have not all arrived.
 *
 * <p>Confined to its decoder's event loop.
 */
final class PendingPacket {
    private final SocketPacket packet; // its arguments lack what the placeholders stand for
    private final int expected;
    private byte[][] attachments;
    private int count;

    PendingPacket(SocketPacket packet, int expected) {
        this.packet = packet;
        this.expected = expected;
        this.attachments = new byte[Math.min(expected, 4)][]; // grows with what arrives, not with what is promised
    }

    /** Takes the next attachment and answers whether it was the last. */
    boolean add(byte[] data) {
        if (count == attachments.length) {
            attachments = Arrays.copyOf(attachments, Math.min(expected, 2 * count));
        }
        attachments[count++] = data;
        return count == expected;
    }

    /** The packet with its attachments in place. */
    SocketPacket complete() throws ProtocolException {
        if (packet instanceof SocketPacket.Event event) {
            return new SocketPacket.Event(event.namespace(), event.id(), event.name(), withAttachments(event.args()));
        }
        if (packet instanceof SocketPacket.Ack ack) {
            return new SocketPacket.Ack(ack.namespace(), ack.id(), withAttachments(ack.args()));
        }
        throw new IllegalStateException("only events and acks are binary");
    }

    private Arguments withAttachments(Arguments args) throws ProtocolException {
        return args instanceof JsonArguments json ? json.withAttachments(attachments) : args;
    }
}
