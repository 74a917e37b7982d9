package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.ReferenceTable;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The Socket.IO codecs and the JSON validator beside socket.io-parser and {@code JSON.parse}. */
class SocketReferenceTest {
    private static final JsonMapper MAPPER = SocketJson.mapper().build();
    private static final DecodingContext CONTEXT = DecodingContext.of(MAPPER, 10);

    @Test
    void jsonIsTakenExactlyWhenTheReferenceTakesIt() {
        JsonScanner scanner = new JsonScanner(SocketJson.MAX_DEPTH);
        ReferenceTable.forEachRow("json.json", row -> {
            byte[] json = row.get("json").asString().getBytes(UTF_8);
            int end = scanner.value(json, 0, json.length);
            boolean valid = end >= 0 && JsonScanner.skipWhiteSpace(json, end, json.length) == json.length;
            assertThat(valid).as(row.toString()).isEqualTo(row.has("value"));
        });
    }

    @Test
    void packetsAreReadAsTheReferenceReadsThem() {
        ReferenceTable.forEachRow("socket-io-packets.json", row -> {
            JsonNode read = read(row);
            JsonNode expected = departures(row);
            for (String property : List.of("error", "taken", "pending", "type", "nsp", "id")) {
                assertThat(read.path(property).toString())
                        .as(property + " of " + row)
                        .isEqualTo(expected.path(property).toString());
            }
            assertThat(sameData(read.get("data"), expected.get("data")))
                    .as("data of " + row + ": " + read.get("data"))
                    .isTrue();
        });
    }

    @Test
    void stringsAndNumbersAreWrittenAsTheReferenceWritesThem() {
        PacketEncoder encoder = PacketEncoder.of(MAPPER);
        ReferenceTable.forEachRow("socket-io-scalars.json", row -> {
            String expected = "4" + row.get("text").asString();
            if (row.has("units")) {
                StringBuilder value = new StringBuilder();
                row.get("units").valueStream().forEach(unit -> value.append((char) unit.asInt()));
                assertThat(Wire.text(encoder.event("/", -1, value.toString(), new Object[0], true)))
                        .isEqualTo(expected);
            } else {
                double value = Double.longBitsToDouble(
                        HexFormat.fromHexDigitsToLong(row.get("bits").asString()));
                assertThat(Wire.text(encoder.event("/", -1, "x", new Object[] {value}, true)))
                        .isEqualTo(expected);
                // The same number inside an object, where Jackson writes.
                String nested = Wire.text(encoder.event("/", -1, "x", new Object[] {Map.of("n", value)}, true));
                assertThat(nested.replace("{\"n\":", "").replace("}", "")).isEqualTo(expected);
            }
        });
    }

    /** What is expected of us where it is not what the reference does; docs/design-decisions.md says why. */
    private static JsonNode departures(JsonNode row) {
        String text = row.get("text").asString();
        if (text.contains("\"num\":0.5") && row.has("type")) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("error", "illegal attachments")
                    .put("taken", row.get("attachments").asInt() - 1);
        }
        if (row.has("type") && row.get("type").asInt() == 2 && !row.has("data")) {
            // An event without data is called "undefined" and asks for no acknowledgement.
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("type", 2)
                    .put("nsp", row.get("nsp").asString())
                    .put("data", "[\"undefined\"]");
        }
        boolean acknowledges = row.path("type").asInt() == 2 || row.path("type").asInt() == 3;
        boolean plausible = Double.parseDouble(row.path("id").asString("0")) < 0x1p63;
        if (row.has("id") && !(acknowledges && plausible)) {
            return ((ObjectNode) row.deepCopy()).without("id");
        }
        return row;
    }

    /** What we make of a row's input, in the form of a row. */
    private static JsonNode read(JsonNode row) {
        var read = JsonNodeFactory.instance.objectNode();
        PacketDecoder decoder = PacketDecoder.of(CONTEXT);
        byte[] text = row.get("text").asString().getBytes(UTF_8);
        int taken = -1;
        try {
            SocketPacket packet = decoder.decodeText(text, 0, text.length);
            for (taken = 0; taken < row.get("attachments").asInt(); taken++) {
                packet = decoder.decodeBinary(new byte[] {(byte) taken, (byte) 0xff, 0, (byte) taken});
            }
            assertThat(decoder.pendingAttachments()).isEqualTo(packet == null);
            return packet == null ? read.put("pending", true) : shown(packet);
        } catch (ProtocolException e) {
            if (taken >= 0) {
                read.put("taken", taken);
            }
            return read.put("error", e.getMessage());
        }
    }

    private static JsonNode shown(SocketPacket packet) {
        var shown = JsonNodeFactory.instance.objectNode().put("nsp", packet.namespace());
        if (packet instanceof SocketPacket.Event event) {
            ArrayNode data = JsonNodeFactory.instance.arrayNode().add(event.name());
            id(shown.put("type", 2), event.id()).set("data", all(data, event.args()));
        } else if (packet instanceof SocketPacket.Ack ack) {
            id(shown.put("type", 3), ack.id()).set("data", all(JsonNodeFactory.instance.arrayNode(), ack.args()));
        } else if (packet instanceof SocketPacket.Connect connect) {
            shown.put("type", 0)
                    .set(
                            "data",
                            connect.payload().isEmpty()
                                    ? null
                                    : connect.payload().get(0, JsonNode.class));
        } else if (packet instanceof SocketPacket.ConnectError error) {
            shown.put("type", 4)
                    .set(
                            "data",
                            error.payload().isEmpty() ? null : error.payload().get(0, JsonNode.class));
        } else {
            shown.put("type", 1);
        }
        return shown;
    }

    private static ObjectNode id(ObjectNode shown, long id) {
        return id < 0 ? shown : shown.put("id", JsNumber.text((double) id));
    }

    private static ArrayNode all(ArrayNode data, Arguments args) {
        for (int i = 0; i < args.size(); i++) {
            data.add(args.get(i, JsonNode.class));
        }
        return data;
    }

    private static boolean sameData(@Nullable JsonNode read, @Nullable JsonNode expected) {
        if (expected == null) {
            // What had no payload has no arguments.
            return read == null || read.isNull() || read.isEmpty();
        }
        JsonNode data = MAPPER.readTree(expected.asString());
        if (data.isArray()
                && data.size() > 0
                && read.get(0).isString()
                && !data.get(0).isString()) {
            // A number as name: text, and what is beyond the doubles is Infinity, which their JSON cannot say.
            String name = data.get(0).isNull()
                    ? "Infinity"
                    : JsNumber.text(data.get(0).asDouble());
            return read.get(0).asString().equals(name) && same(read, ((ArrayNode) data).set(0, name));
        }
        return same(read, data);
    }

    private static boolean same(JsonNode read, JsonNode expected) {
        if (read.isNumber()) {
            double value = read.asDouble();
            return expected.isNull() ? Double.isInfinite(value) : expected.isNumber() && value == expected.asDouble();
        }
        if (read.isBinary()) {
            return expected.path("$binary")
                    .asString("")
                    .equals(Base64.getEncoder().encodeToString(read.binaryValue()));
        }
        if (read.isArray()) {
            return expected.isArray()
                    && read.size() == expected.size()
                    && IntStream.range(0, read.size()).allMatch(i -> same(read.get(i), expected.get(i)));
        }
        if (read.isObject()) {
            return expected.isObject()
                    && read.size() == expected.size()
                    && read.propertyStream()
                            .allMatch(property -> expected.has(property.getKey())
                                    && same(property.getValue(), expected.get(property.getKey())));
        }
        return read.equals(expected);
    }
}
