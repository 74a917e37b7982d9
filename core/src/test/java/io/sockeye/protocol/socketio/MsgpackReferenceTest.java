package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.ReferenceTable;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The msgpack parser beside socket.io-msgpack-parser. */
class MsgpackReferenceTest {
    private static final JsonMapper MAPPER = SocketJson.mapper().build();
    private static final Parser PARSER = MsgpackParser.factory().create(new ParserFactory.Settings(MAPPER, 0));

    @Test
    void packetsAreReadAsTheReferenceReadsThem() {
        Parser.Decoder decoder = PARSER.newDecoders().newDecoder();
        ReferenceTable.forEachRow("msgpack-packets.json", row -> {
            JsonNode expected = departures(row);
            JsonNode read;
            try {
                read = shown(decoder.decodeBinary(
                        HexFormat.of().parseHex(row.get("hex").asString())));
            } catch (ProtocolException e) {
                read = JsonNodeFactory.instance.objectNode().put("error", e.getMessage());
            }
            for (String property : new String[] {"error", "type", "nsp", "id"}) {
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
    void valuesAreWrittenAsTheReferenceWritesThem() {
        ReferenceTable.forEachRow("msgpack-values.json", row -> {
            if (row.has("bits")) {
                double value = Double.longBitsToDouble(
                        HexFormat.fromHexDigitsToLong(row.get("bits").asString()));
                // The reference writes other numbers than it is given when they are larger than 64 bits.
                String expected = Double.isFinite(value) && Math.abs(value) >= 0x1p64
                        ? "cb" + row.get("bits").asString()
                        : row.get("hex").asString();
                assertThat(written(value)).as(row.toString()).isEqualTo(expected);
                assertThat(written(new double[] {value})).as("by Jackson").isEqualTo("91" + expected);
            } else if (row.has("text")) {
                String text = row.get("text").asString();
                assertThat(written(text))
                        .as(row.toString())
                        .isEqualTo(row.get("hex").asString());
                assertThat(written(new String[] {text}))
                        .isEqualTo("91" + row.get("hex").asString());
            } else if (row.has("json")) {
                assertThat(written(MAPPER.readTree(row.get("json").asString())))
                        .as(row.toString())
                        .isEqualTo(row.get("hex").asString());
            } else {
                String written = written(large(row));
                assertThat(written)
                        .as(row.toString())
                        .startsWith(row.get("head").asString());
                assertThat(written.length() / 2).isEqualTo(row.get("bytes").asInt());
            }
        });
    }

    private static Object large(JsonNode row) {
        if (row.has("repeat")) {
            return "x".repeat(row.get("repeat").asInt());
        }
        if (row.has("elements")) {
            return new @Nullable Object[row.get("elements").asInt()];
        }
        byte[] data = new byte[row.get("binary").asInt()];
        Arrays.fill(data, (byte) 1);
        return data;
    }

    private static String written(Object value) {
        return Wire.hex((MsgpackRawArgument) PARSER.encoder().raw(value));
    }

    /** What is expected of us where it is not what the reference does; docs/design-decisions.md says why. */
    private static JsonNode departures(JsonNode row) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        if (row.has("departure")) {
            boolean ext = row.get("departure").asString().equals("ext");
            return error.put("error", ext ? "invalid payload" : "Could not parse");
        }
        if (row.path("type").asInt() == 2
                && !isName(MAPPER.readTree(row.get("data").asString()))) {
            return error.put("error", "invalid payload");
        }
        double id = Double.parseDouble(row.path("id").asString("0"));
        boolean acknowledges = row.path("type").asInt() == 2 || row.path("type").asInt() == 3;
        return row.has("id") && !(acknowledges && id >= 0 && id < 0x1p63)
                ? ((ObjectNode) row.deepCopy()).without("id")
                : row;
    }

    private static boolean isName(JsonNode data) {
        JsonNode name = data.path(0);
        return name.isNumber() || (name.isString() && !ReservedEvents.isReserved(name.asString()));
    }

    private static JsonNode shown(@Nullable SocketPacket packet) {
        var shown = JsonNodeFactory.instance.objectNode().put("nsp", packet.namespace());
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        if (packet instanceof SocketPacket.Event event) {
            id(shown.put("type", 2), event.id()).set("data", all(data.add(event.name()), event.args()));
        } else if (packet instanceof SocketPacket.Ack ack) {
            id(shown.put("type", 3), ack.id()).set("data", all(data, ack.args()));
        } else if (packet instanceof SocketPacket.Connect connect) {
            shown.put("type", 0).set("data", all(data, connect.payload()).get(0));
        } else if (packet instanceof SocketPacket.ConnectError error) {
            shown.put("type", 4).set("data", all(data, error.payload()).get(0));
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
            return read == null || read.isNull();
        }
        JsonNode data = MAPPER.readTree(expected.asString());
        if (data.path(0).isNumber() && read.path(0).isString()) {
            // A number as an event's name.
            String name = JsNumber.text(data.get(0).asDouble());
            return read.get(0).asString().equals(name) && same(read, ((ArrayNode) data).set(0, name));
        }
        return same(read, data);
    }

    private static boolean same(JsonNode read, JsonNode expected) {
        if (read.isNumber()) {
            double value = read.asDouble();
            return expected.isNull() ? !Double.isFinite(value) : expected.isNumber() && value == expected.asDouble();
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
