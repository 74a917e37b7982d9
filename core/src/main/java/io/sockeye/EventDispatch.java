package io.sockeye;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An event on its way through the mailbox. */
class EventDispatch extends Mailbox.Task {
    /** The acknowledgement of an event that asks for none. */
    static final Ack NO_ACK = NoAck.INSTANCE;

    /** As much of an event counts as one in its mailbox; each further part of that size counts as one more. */
    private static final int WEIGHED_BYTES = 16 * 1024;

    private final Socket socket;
    /** Null once handled: the mailbox keeps the last task, which must not keep the last packet. */
    private SocketPacket.@Nullable Event packet;

    private EventDispatch(Socket socket, SocketPacket.Event packet) {
        this.socket = socket;
        this.packet = packet;
    }

    /** An event whose packet and attachments came in as that many bytes. */
    static EventDispatch of(Socket socket, SocketPacket.Event packet, long bytes) {
        return bytes < WEIGHED_BYTES
                ? new EventDispatch(socket, packet)
                : new Heavy(socket, packet, 1 + (int) (bytes / WEIGHED_BYTES));
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

    /** A large one. Most are not, and are spared the field. */
    private static final class Heavy extends EventDispatch {
        private final int weight;

        Heavy(Socket socket, SocketPacket.Event packet, int weight) {
            super(socket, packet);
            this.weight = weight;
        }

        @Override
        int weight() {
            return weight;
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
            // An argument that cannot be written uses up nothing.
            return acknowledge(socket.namespace().encodeAck(id, args));
        }

        @Override
        public boolean send(Arguments args) {
            return !get() && acknowledge(socket.namespace().encodeAck(id, args));
        }

        private boolean acknowledge(EncodedPacket packet) {
            return compareAndSet(false, true) && socket.outbox().acknowledge(packet);
        }
    }
}
