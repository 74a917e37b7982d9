package io.sockeye.adapter.redis;

import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.MessageReader.Kind;
import io.sockeye.protocol.socketio.MessageWriter;
import io.sockeye.protocol.socketio.RawArgument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Sockets as nodes tell each other of them, in all formats:
 *
 * <pre>
 *   [ { id: "…", handshake: {…}, rooms: […], data: {…} }, … ]
 * </pre>
 *
 * <p>Thread-safe: without state.
 */
final class SocketsCodec {
    private static final RawArgument NOTHING = RawArgument.ofJson("{}".getBytes(StandardCharsets.US_ASCII));

    private SocketsCodec() {}

    static void write(MessageWriter writer, List<SocketView> sockets) {
        writer.name("sockets").startArray(sockets.size());
        for (SocketView socket : sockets) {
            writer.startObject(4);
            writer.name("id").string(socket.id());
            writer.name("handshake").value(socket.handshake());
            writer.name("rooms").strings(socket.rooms());
            writer.name("data").value(socket.data());
            writer.end();
        }
        writer.end();
    }

    /** Reads sockets. What else stands among them, as the ids that older nodes send, is left out. */
    static List<SocketView> read(MessageReader reader) throws ProtocolException {
        List<SocketView> sockets = new ArrayList<>();
        reader.startArray();
        while (reader.hasNext()) {
            if (reader.kind() == Kind.OBJECT) {
                sockets.add(socket(reader));
            } else {
                reader.skip();
            }
        }
        return sockets;
    }

    private static SocketView socket(MessageReader reader) throws ProtocolException {
        String id = "";
        Set<String> rooms = Set.of();
        RawArgument handshake = NOTHING;
        RawArgument data = NOTHING;
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            Kind kind = reader.kind();
            if (name.equals("id") && kind == Kind.STRING) {
                id = reader.string();
            } else if (name.equals("rooms") && kind == Kind.ARRAY) {
                rooms = reader.strings();
            } else if (name.equals("handshake") && kind == Kind.OBJECT) {
                handshake = reader.raw();
            } else if (name.equals("data") && kind == Kind.OBJECT) {
                data = reader.raw();
            } else {
                reader.skip();
            }
        }
        return new Remote(id, rooms, handshake, data);
    }

    /** A socket of another node. What it is not asked for is never read. */
    private record Remote(String id, Set<String> rooms, RawArgument rawHandshake, RawArgument rawData)
            implements SocketView {
        @Override
        public JsonNode handshake() {
            return node(rawHandshake);
        }

        @Override
        public JsonNode data() {
            return node(rawData);
        }

        private static JsonNode node(RawArgument raw) {
            JsonNode node = raw.as(JsonNode.class);
            return node == null ? JsonNodeFactory.instance.objectNode() : node;
        }
    }
}
