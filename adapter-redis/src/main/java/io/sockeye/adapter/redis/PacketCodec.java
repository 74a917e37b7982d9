package io.sockeye.adapter.redis;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.MessageReader.Kind;
import io.sockeye.protocol.socketio.MessageReader.NamedArguments;
import io.sockeye.protocol.socketio.MessageWriter;
import io.sockeye.protocol.socketio.SocketPacket;
import org.jspecify.annotations.Nullable;

/**
 * Events and the answers to them, as all formats have them:
 *
 * <pre>
 *   { type: 2, data: [name, …], nsp: "/" }    an event for clients
 *   [name, …]                                 an event for nodes
 * </pre>
 *
 * <p>Thread-safe: without state.
 */
final class PacketCodec {
    private static final int EVENT = 2;

    private PacketCodec() {}

    /** Writes an event for clients, without a name. */
    static void write(MessageWriter writer, SocketPacket.Event event, boolean withNamespace) {
        writer.startObject(withNamespace ? 3 : 2);
        writer.name("type").integer(EVENT);
        writer.name("data");
        write(writer, event.name(), event.args());
        if (withNamespace) {
            writer.name("nsp").string(event.namespace());
        }
        writer.end();
    }

    /** Writes an event for nodes, without a name. */
    static void write(MessageWriter writer, String event, Arguments args) {
        writer.startArray(1 + args.size()).string(event).values(args).end();
    }

    /** How many fields {@link #writeAnswer} writes. */
    static int answerFields(Arguments args) {
        return Math.min(args.size(), 2);
    }

    /**
     * Writes what was answered: the first value, which is all that the reference knows, and whatever else there is beside it.
     *
     * @param name of the field for the first one
     */
    static void writeAnswer(MessageWriter writer, String name, Arguments args) {
        if (args.isEmpty()) {
            return;
        }
        writer.name(name).value(args.raw(0));
        if (args.size() > 1) {
            writer.name("more").startArray(args.size() - 1);
            for (int i = 1; i < args.size(); i++) {
                writer.value(args.raw(i));
            }
            writer.end();
        }
    }

    /**
     * Reads an event for clients.
     *
     * @return null when it is none, or none of that namespace
     */
    static SocketPacket.@Nullable Event read(MessageReader reader, String namespace) throws ProtocolException {
        long type = -1;
        NamedArguments event = null;
        String nsp = null;
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            Kind kind = reader.kind();
            if (name.equals("type") && kind == Kind.NUMBER) {
                type = reader.integer();
            } else if (name.equals("data") && kind == Kind.ARRAY) {
                event = reader.event();
            } else if (name.equals("nsp") && kind == Kind.STRING) {
                nsp = reader.string();
            } else {
                reader.skip();
            }
        }
        boolean ours = type == EVENT && (nsp == null || nsp.equals(namespace));
        return ours && event != null
                ? new SocketPacket.Event(namespace, SocketPacket.NO_ID, event.name(), event.args())
                : null;
    }
}
