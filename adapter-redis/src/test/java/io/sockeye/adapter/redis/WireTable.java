package io.sockeye.adapter.redis;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SocketView;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.MessageWriter;
import io.sockeye.protocol.socketio.SocketJson;
import io.sockeye.protocol.socketio.SocketPacket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the npm packages write, as {@code src/test/node/wire-table.mjs} has recorded it, and the messages that it stands for. */
final class WireTable {
    private static final JsonMapper MAPPER = SocketJson.mapper().build();

    /** Which id npm's random source, held still, gives. */
    static final String CLASSIC_REQUEST = "FFFFFF";

    static final String CLUSTER_REQUEST = "0505050505050505";

    /**
     * What was written.
     *
     * @param target the channel, or the stream and its field
     */
    record Row(String format, String operation, String target, byte[] bytes) {
        @Override
        public String toString() {
            return format + " " + operation;
        }
    }

    private WireTable() {}

    static List<Row> rows(String format) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(WireTable.class.getResourceAsStream("wire.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split(" ", -1))
                    .filter(parts -> parts[0].equals(format))
                    .map(parts ->
                            new Row(parts[0], parts[1], parts[2], HexFormat.of().parseHex(parts[3])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The message that an operation stands for; null for none of our own, which Java cannot say. */
    static ClusterMessage message(String operation, String requestId) {
        if (operation.startsWith("broadcast-") && !operation.equals("broadcast-ack")) {
            return broadcast(operation.substring("broadcast-".length()));
        }
        BroadcastOptions options = BroadcastOptions.DEFAULT.to(Set.of("r"));
        return switch (operation) {
            case "broadcast-ack" ->
                new ClusterMessage.Broadcast(
                        event("e", "x"), options, new ClusterMessage.AckRequest(requestId, Duration.ofSeconds(1)));
            case "join" -> new ClusterMessage.SocketsJoin(options.except(Set.of("x")), Set.of("a", "42"));
            case "leave" -> new ClusterMessage.SocketsLeave(BroadcastOptions.DEFAULT, Set.of("a"));
            case "disconnect" -> new ClusterMessage.DisconnectSockets(options, true);
            case "fetch" -> new ClusterMessage.FetchSockets(requestId, options.except(Set.of("x")));
            case "server-side" -> new ClusterMessage.ServerSideEmit(null, "hi", Arguments.of(1, Map.of("a", "é")));
            case "server-side-ack" -> new ClusterMessage.ServerSideEmit(requestId, "hi", Arguments.of());
            default -> response(operation, requestId);
        };
    }

    /** The answer that an operation stands for. */
    static ClusterMessage.Response response(String operation, String requestId) {
        return switch (operation) {
            case "fetch-response" -> new ClusterMessage.FetchSocketsResponse(requestId, List.of(new Socket()));
            case "server-side-response" ->
                new ClusterMessage.ServerSideEmitResponse(requestId, Arguments.of(Map.of("got", 1)));
            case "client-count-response" -> new ClusterMessage.BroadcastClientCount(requestId, 2);
            case "ack-response" ->
                new ClusterMessage.BroadcastAck(requestId, null, Arguments.of(Map.of("a", new byte[] {1})));
            case "ack-response-text" -> new ClusterMessage.BroadcastAck(requestId, null, Arguments.of("é"));
            case "ack-response-nothing" -> new ClusterMessage.BroadcastAck(requestId, null, Arguments.of());
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private static ClusterMessage broadcast(String what) {
        BroadcastOptions all = BroadcastOptions.DEFAULT;
        return switch (what) {
            case "room" -> broadcast(event("e"), all.to(Set.of("r")));
            case "numeric-room" -> broadcast(event("e"), all.to(Set.of("42")));
            case "options" ->
                broadcast(
                        event("e"),
                        all.to(Set.of("r", "q"))
                                .except(Set.of("x"))
                                .asVolatile()
                                .compress(false));
            case "text" -> broadcast(event("hello", 1, "é"), all);
            case "empty" -> broadcast(event("hello"), all);
            case "numbers" ->
                broadcast(
                        event(
                                "n",
                                0,
                                -1,
                                127,
                                128,
                                255,
                                256,
                                65535,
                                65536,
                                4294967295L,
                                4294967296L,
                                -32,
                                -33,
                                -129,
                                -32769,
                                1.5,
                                1e15,
                                -0.25),
                        all);
            case "nested" -> broadcast(event("n", nested(), List.of(List.of()), false), all);
            case "unicode" -> broadcast(event("ünï", "😀 \u2028 \"\\\n\u0001"), all);
            case "binary" -> broadcast(event("b", new byte[] {1, 2, -1}, Map.of("deep", List.of(new byte[0]))), all);
            case "date" -> broadcast(event("d", "2001-09-09T01:46:40.000Z", "2001-09-09T01:46:40.001Z"), all);
            case "undefined" -> broadcast(event("u", null, Map.of("b", 1)), all);
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static Map<String, Object> nested() {
        Map<String, Object> b = new LinkedHashMap<>();
        b.put("b", null);
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("a", Arrays.asList(1, b));
        nested.put("", true);
        return nested;
    }

    private static ClusterMessage broadcast(SocketPacket.Event event, BroadcastOptions options) {
        return new ClusterMessage.Broadcast(event, options, null);
    }

    private static SocketPacket.Event event(String name, Object... args) {
        return new SocketPacket.Event("/", SocketPacket.NO_ID, name, Arguments.of(args));
    }

    /** Whether Java writes the same bytes: it has neither undefined nor dates, and sets in no order. */
    static boolean isWrittenAlike(String operation) {
        return !Set.of("broadcast-date", "broadcast-undefined", "broadcast-options", "join")
                .contains(operation);
    }

    /** Everything that a message says, in a form that can be compared. */
    static JsonNode shown(ClusterMessage message) {
        MessageWriter writer = MessageWriter.json();
        writer.startObject(2).name("type").integer(ClusterCodec.typeOf(message));
        if (ClusterCodec.hasData(ClusterCodec.typeOf(message))) {
            writer.name("data");
            ClusterCodec.writeData(writer, message);
        }
        return sorted(MAPPER.readTree(writer.end().toBytes()));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> sorted(entry.getValue()));
            for (String set : List.of("rooms", "except")) {
                if (object.get(set) instanceof ArrayNode array) {
                    TreeSet<String> texts = new TreeSet<>();
                    array.forEach(each -> texts.add(each.asString()));
                    array.removeAll();
                    texts.forEach(array::add);
                }
            }
        } else {
            node.forEach(WireTable::sorted);
        }
        return node;
    }

    private record Socket() implements SocketView {
        @Override
        public String id() {
            return "s1";
        }

        @Override
        public Set<String> rooms() {
            return new TreeSet<>(Set.of("r", "s1")).descendingSet();
        }

        @Override
        public JsonNode handshake() {
            return MAPPER.readTree("{\"headers\":{\"a\":\"b\"},\"time\":\"now\",\"address\":\"::1\"}");
        }

        @Override
        public JsonNode data() {
            return MAPPER.readTree("{\"user\":\"é\"}");
        }
    }
}
