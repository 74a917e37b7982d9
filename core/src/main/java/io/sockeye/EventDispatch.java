package io.sockeye;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An event on its way through the mailbox. */
final class EventDispatch extends Mailbox.Task {
    /** The acknowledgement of an event that asks for none. */
    static final Ack NO_ACK = NoAck.INSTANCE;

    /** As much of an event counts as one in its mailbox; each further part of that size counts as one more. */
    private static final int WEIGHED_BYTES = 16 * 1024;

    private final Socket socket;
    private final int weight;
    /** Null once handled: the mailbox keeps the last task, which must not keep the last packet. */
    private SocketPacket.@Nullable Event packet;

    /** An event whose packet and attachments came in as that many bytes. */
    EventDispatch(Socket socket, SocketPacket.Event packet, long bytes) {
        this.socket = socket;
        this.packet = packet;
        this.weight = 1 + (int) (bytes / WEIGHED_BYTES);
    }

    @Override
    int weight() {
        return weight;
    }

    @Override
    void run() {
        SocketPacket.Event current = packet;
        packet = null;
        if (current != null) {
            Arguments args = current.args();
            Ack ack = current.id() == SocketPacket.NO_ID ? NO_ACK : new ClientAck(socket, current.id());
            socket.inbox().handle(new Event(current.name(), args, ack));
        }
    }

    /** The acknowledgement of an event whose client asked for none. */
    private enum NoAck implements Ack {
        INSTANCE;

        @Override
        public boolean requested() {
            return false;
        }

        @Override
        public boolean send(@Nullable Object... args) {
            return false;
        }
    }

    /** The acknowledgement of an event. Thread-safe. */
    private static final class ClientAck extends AtomicBoolean implements Ack {
        private static final long serialVersionUID = 1L;

        private final transient Socket socket;
        private final long id;

        ClientAck(Socket socket, long id) {
            this.socket = socket;
            this.id = id;
        }

        @Override
        public boolean requested() {
            return true;
        }

        @Override
        public boolean send(@Nullable Object... args) {
            if (get()) {
                return false;
            }
            EncodedPacket packet =
                    socket.namespace().encodeAck(id, args); // an argument that cannot be written uses up nothing
            return compareAndSet(false, true) && socket.outbox().acknowledge(packet);
        }
    }
}
