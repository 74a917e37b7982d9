package io.sockeye.protocol.socketio;

/**
 * A Socket.IO packet (Socket.IO v5, Packet encoding). What the wire calls a binary event or a binary ack is an event or ack
 * whose arguments {@linkplain Arguments#hasBinary hold binary data}.
 *
 * <p>Immutable.
 */
public sealed interface SocketPacket {
    /** The id of a packet that asks for no acknowledgement. */
    long NO_ID = -1;

    /** The namespace of a packet that names none. */
    String ROOT_NAMESPACE = "/";

    /** The namespace, which starts with a slash and includes whatever query the client put behind it. */
    String namespace();

    /**
     * {@code 0}: a client asks to join a namespace; the server's answer that it has.
     *
     * @param payload nothing, or one JSON object: the client's {@code auth}
     */
    record Connect(String namespace, Arguments payload) implements SocketPacket {
        /** For the log: bounded, escaped, and without the payload, which may hold credentials. */
        @Override
        public String toString() {
            return "Connect to " + Excerpt.of(namespace);
        }
    }

    /** {@code 1}: one side leaves the namespace. */
    record Disconnect(String namespace) implements SocketPacket {
        /** For the log: bounded and escaped. */
        @Override
        public String toString() {
            return "Disconnect from " + Excerpt.of(namespace);
        }
    }

    /**
     * {@code 2} and {@code 5}: an event.
     *
     * @param id what the acknowledgement is to carry; {@link #NO_ID} when none is asked for
     * @param name the event's name. A number as name, which the reference tolerates, is what JavaScript makes of it as a
     *     property key: {@code 1}, {@code 1e+21}. An event without any data, which it tolerates too, is named
     *     {@code undefined}, as an emitter in JavaScript has it, and never has an id
     * @param args the arguments behind the name
     */
    record Event(String namespace, long id, String name, Arguments args) implements SocketPacket {
        /** For the log: bounded and escaped. */
        @Override
        public String toString() {
            return "Event " + Excerpt.of(name) + " in " + Excerpt.of(namespace) + ", id " + id + ": " + args;
        }
    }

    /**
     * {@code 3} and {@code 6}: an acknowledgement.
     *
     * @param id the id of the event that it acknowledges; {@link #NO_ID} when the peer gave none, which acknowledges nothing
     */
    record Ack(String namespace, long id, Arguments args) implements SocketPacket {
        /** For the log: bounded and escaped. */
        @Override
        public String toString() {
            return "Ack in " + Excerpt.of(namespace) + ", id " + id + ": " + args;
        }
    }

    /**
     * {@code 4}: the server refuses to let the client join. A client that sends it breaks the protocol.
     *
     * @param payload nothing, or one JSON string or object
     */
    record ConnectError(String namespace, Arguments payload) implements SocketPacket {
        /** For the log: bounded and escaped. */
        @Override
        public String toString() {
            return "ConnectError for " + Excerpt.of(namespace) + ": " + payload;
        }
    }
}
