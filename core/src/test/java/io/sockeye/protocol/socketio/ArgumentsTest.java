package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidDefinitionException;

class ArgumentsTest {
    private static final byte[] ONE = {1, 2, 3, 4};
    private static final byte[] TWO = {5, 6};

    private final PacketDecoder decoder =
            PacketDecoder.of(DecodingContext.of(SocketJson.mapper().build(), 10));

    record Item(String name, int price) {}

    record Order(String id, List<Item> items, Instant at) {}

    record Upload(String name, byte[] data) {}

    interface NotBindable {}

    // ---- reading

    @Test
    void scalarsAreRead() {
        Arguments args = args("\"text\",42,-7,9007199254740993,1.5,true,false,123456789012");
        assertThat(args.get(0, String.class)).isEqualTo("text");
        assertThat(args.get(1, int.class)).isEqualTo(42);
        assertThat(args.get(1, Integer.class)).isEqualTo(42);
        assertThat(args.get(1, long.class)).isEqualTo(42L);
        assertThat(args.get(1, double.class)).isEqualTo(42.0);
        assertThat(args.get(2, int.class)).isEqualTo(-7);
        assertThat(args.get(3, long.class)).isEqualTo(9007199254740993L);
        assertThat(args.get(4, double.class)).isEqualTo(1.5);
        assertThat(args.get(5, boolean.class)).isTrue();
        assertThat(args.get(6, Boolean.class)).isFalse();
        assertThat(args.get(7, long.class)).isEqualTo(123456789012L);
        assertThat(args.get(1, short.class)).isEqualTo((short) 42);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "2147483647, 2147483647",
        "-2147483648, -2147483648",
        "999999999, 999999999",
        "1000000000, 1000000000"
    })
    void integersAreReadUpToTheirBounds(String json, int value) {
        assertThat(args(json).get(0, int.class)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 999999999999999999L, 1000000000000000000L})
    void longsAreReadUpToTheirBounds(long value) {
        assertThat(args(Long.toString(value)).get(0, long.class)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "2147483648, int",
        "1.5, int",
        "1.0, int",
        "1e3, int",
        "'\"1\"', int",
        "true, int",
        "'[1]', int",
        "9223372036854775808, long",
        "1.5, long",
        "1, boolean",
        "'\"true\"', boolean",
        "'\"1.5\"', double"
    })
    void nothingIsCoercedToAPrimitive(String json, String type) {
        Class<?> wanted = type.equals("int")
                ? int.class
                : type.equals("long") ? long.class : type.equals("double") ? double.class : boolean.class;
        assertThatThrownBy(() -> args(json).get(0, wanted))
                .isInstanceOf(ArgumentException.class)
                .hasMessageStartingWith("argument 0: expected " + type + ", got ");
    }

    @ParameterizedTest
    @CsvSource({"1, number", "1.5, number", "true, boolean", "'{}', object", "'[]', array"})
    void nothingIsCoercedToAString(String json, String kind) {
        assertThatThrownBy(() -> args(json).get(0, String.class))
                .hasMessage("argument 0: expected String, got " + kind);
    }

    @Test
    void escapesInStringsAreUndone() {
        assertThat(args("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00é\\ud800\"")
                        .get(0, String.class))
                .isEqualTo("\"\\/\b\f\n\r\té😀é\ud800");
        assertThat(args("\"" + "x".repeat(100) + "\\n" + "ü".repeat(100) + "\"").get(0, String.class))
                .isEqualTo("x".repeat(100) + "\n" + "ü".repeat(100));
        assertThat(args("\"\"").get(0, String.class)).isEmpty();
    }

    @Test
    void objectsAreBound() {
        Order order =
                args("{\"id\":\"a\",\"items\":[{\"name\":\"n\",\"price\":3}],\"at\":\"1970-01-01T00:00:00Z\",\"new\":1}")
                        .get(0, Order.class);
        assertThat(order).isEqualTo(new Order("a", List.of(new Item("n", 3)), Instant.EPOCH));
    }

    @Test
    void genericTypesAreBound() throws NoSuchMethodException {
        Arguments args = args("[{\"name\":\"n\",\"price\":3}],{\"a\":[1]}");
        assertThat(args.get(0, new TypeReference<List<Item>>() {})).containsExactly(new Item("n", 3));
        assertThat(args.get(1, new TypeReference<Map<String, List<Long>>>() {})).isEqualTo(Map.of("a", List.of(1L)));
        Type type = List.class.getMethod("of", Object[].class).getGenericReturnType();
        assertThat(args.get(0, type)).isEqualTo(List.of(Map.of("name", "n", "price", 3)));
    }

    @Test
    void anythingIsReadAsObjectAndTree() {
        Arguments args = args("{\"a\":[1,\"b\",null,true,1.5]},\"s\",2");
        assertThat(args.get(0, Object.class)).isInstanceOf(Map.class);
        assertThat(args.get(1, Object.class)).isEqualTo("s");
        assertThat(args.get(2, Object.class)).isEqualTo(2);
        assertThat(args.get(0, JsonNode.class).get("a").get(1).asString()).isEqualTo("b");
    }

    @Test
    void nullIsNullOrWhatTheMapperMakesOfIt() {
        Arguments args = args("null");
        assertThat(args.get(0, String.class)).isNull();
        assertThat(args.get(0, Integer.class)).isNull();
        assertThat(args.get(0, Order.class)).isNull();
        assertThat(args.get(0, byte[].class)).isNull();
        assertThat(args.get(0, Object.class)).isNull();
        assertThat(args.get(0, JsonNode.class).isNull()).isTrue();
        assertThat(args.get(0, new TypeReference<Optional<String>>() {})).isEmpty();
        assertThatThrownBy(() -> args.get(0, int.class)).hasMessage("argument 0: expected int, got null");
        assertThatThrownBy(() -> args.get(0, boolean.class)).hasMessage("argument 0: expected boolean, got null");
    }

    // ---- errors

    @Test
    void missingArgumentIsSaidToBeMissing() {
        Arguments args = args("1");
        assertThatThrownBy(() -> args.get(1, Order.class))
                .isInstanceOfSatisfying(
                        ArgumentException.class, e -> assertThat(e.index()).isEqualTo(1))
                .hasMessage("argument 1: expected Order, got nothing");
        assertThatThrownBy(() -> args.get(-1, String.class)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> args.get(7, new TypeReference<List<String>>() {}))
                .hasMessage("argument 7: expected java.util.List<java.lang.String>, got nothing");
        assertThatThrownBy(() -> args.raw(1)).hasMessage("argument 1: expected RawArgument, got nothing");
    }

    @Test
    void wrongTypeIsNamedWithWhatCameInstead() {
        Arguments args = args("\"secret\",1,true,[],{\"items\":[{\"name\":\"n\"},{\"price\":\"secret\"}]}");
        assertThatThrownBy(() -> args.get(0, Order.class)).hasMessage("argument 0: expected Order, got string");
        assertThatThrownBy(() -> args.get(1, Order.class)).hasMessage("argument 1: expected Order, got number");
        assertThatThrownBy(() -> args.get(2, Order.class)).hasMessage("argument 2: expected Order, got boolean");
        assertThatThrownBy(() -> args.get(3, Order.class)).hasMessage("argument 3: expected Order, got array");
        assertThatThrownBy(() -> args.get(4, Order.class))
                .hasMessage("argument 4: expected Order, got object (at items[1].price)")
                .hasNoCause();
    }

    @Test
    void messageOfAnErrorIsBoundedAndEscaped() {
        String key = "k\n".repeat(500).replace("\n", "\\n");
        assertThatThrownBy(() -> args("{\"" + key + "\":{\"" + key + "\":\"x\"}}")
                        .get(0, new TypeReference<Map<String, Map<String, Integer>>>() {}))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\n"));
    }

    @Test
    void typeThatCannotBeBoundIsTheApplicationsFault() {
        assertThatThrownBy(() -> args("{}").get(0, NotBindable.class)).isInstanceOf(InvalidDefinitionException.class);
    }

    @Test
    void deepestAcceptedArgumentIsBound() {
        int depth = SocketJson.MAX_DEPTH - 1;
        assertThat(args("[".repeat(depth) + "]".repeat(depth)).get(0, Object.class))
                .isInstanceOf(List.class);
        assertThat(args("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).get(0, JsonNode.class))
                .isNotNull();
    }

    @Test
    void longStringsAndNamesAreBoundAndNumbersWithinTheirLimit() {
        String text = "x".repeat(200_000);
        assertThat(args("[\"" + text + "\"]").get(0, Object.class)).isEqualTo(List.of(text));
        assertThat(args("{\"" + text + "\":1}").get(0, Object.class)).isEqualTo(Map.of(text, 1));
        assertThatThrownBy(() -> args("1".repeat(2000)).get(0, double.class))
                .hasMessage("argument 0: expected double, got number");
    }

    // ---- binary data

    @Test
    void binaryDataIsReadAsWhatItIsAskedFor() {
        Arguments args = binary("{\"_placeholder\":true,\"num\":0}");
        assertThat(args.hasBinary()).isTrue();
        assertThat(args.get(0, byte[].class)).isSameAs(ONE);
        assertThat(args.get(0, Object.class)).isSameAs(ONE);
        assertThat(args.get(0, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(ONE));
        assertThat(args.get(0, JsonNode.class).binaryValue()).isSameAs(ONE);
        assertThat(args.get(0, (Type) byte[].class)).isSameAs(ONE);
        assertThat(args.get(0, new TypeReference<Optional<byte[]>>() {})).containsSame(ONE);
        assertThatThrownBy(() -> args.get(0, Order.class)).hasMessage("argument 0: expected Order, got binary");
        assertThatThrownBy(() -> args.get(0, int.class)).hasMessage("argument 0: expected int, got binary");
        assertThatThrownBy(() -> args.get(0, String.class)).hasMessage("argument 0: expected String, got binary");
    }

    @Test
    void binaryDataIsReadInsideObjects() {
        Arguments args = binary(
                " { \"name\" : \"é\", \"data\" : {\"num\":1, \"x\":[{}], \"_placeholder\":true} } ",
                "{\"a\":[{\"_placeholder\":true,\"num\":0},{\"b\":{\"_placeholder\":true,\"num\":1}}],\"n\":1.5,\"o\":{}}",
                "\"plain\"");
        assertThat(args.get(0, Upload.class).data()).isSameAs(TWO);
        assertThat(args.get(0, Upload.class).name()).isEqualTo("é");
        Map<String, Object> map = args.get(1, new TypeReference<>() {});
        assertThat(((List<?>) map.get("a")).get(0)).isSameAs(ONE);
        assertThat(map.get("n")).isEqualTo(1.5);
        JsonNode tree = args.get(1, JsonNode.class);
        assertThat(tree.get("a").get(1).get("b").binaryValue()).isSameAs(TWO);
        assertThat(tree.get("o").isEmpty()).isTrue();
        assertThat(args.get(2, String.class)).isEqualTo("plain");
        assertThat(args.raw(2).hasBinary()).isFalse();
        assertThat(args.raw(1).hasBinary()).isTrue();
    }

    // ---- raw arguments

    @Test
    void rawArgumentKeepsItsTextAndCanBeReadLater() {
        RawArgument raw = args("1, {\"name\" : \"n\",\"price\":3} ").raw(1);
        assertThat(UTF_8.decode(raw.json()).toString()).isEqualTo("{\"name\" : \"n\",\"price\":3}");
        assertThat(raw.json().isReadOnly()).isTrue();
        assertThat(raw.as(Item.class)).isEqualTo(new Item("n", 3));
        assertThat(args("1").get(0, RawArgument.class)).hasToString("1");
        assertThatThrownBy(() -> raw.as(int.class)).hasMessage("value: expected int, got object");
    }

    @Test
    void rawArgumentOfJsonIsValidated() {
        RawArgument raw = RawArgument.ofJson(" {\"_placeholder\":true,\"num\":0}\n".getBytes(UTF_8));
        assertThat(raw.hasBinary()).isFalse();
        assertThat(raw).hasToString("{\"_placeholder\":true,\"num\":0}");
        for (String json : List.of("", "{", "1 2", "nul", "[1,]", "[".repeat(500) + "]".repeat(500))) {
            assertThatThrownBy(() -> RawArgument.ofJson(json.getBytes(UTF_8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> RawArgument.ofJson(new byte[] {'"', (byte) 0xff, '"'}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rawArgumentOfBinaryDataIsThatData() {
        RawArgument raw = RawArgument.ofBinary(ONE);
        assertThat(raw.hasBinary()).isTrue();
        assertThat(raw.as(byte[].class)).isSameAs(ONE);
    }

    // ---- live values

    @Test
    void liveValuesAreThemselves() {
        Item item = new Item("n", 3);
        Arguments args = Arguments.of("s", item, ONE, null, 7);
        assertThat(args.size()).isEqualTo(5);
        assertThat(args.get(0, String.class)).isEqualTo("s");
        assertThat(args.get(1, Item.class)).isSameAs(item);
        assertThat(args.get(2, byte[].class)).isSameAs(ONE);
        assertThat(args.get(3, String.class)).isNull();
        assertThat(args.get(4, int.class)).isEqualTo(7);
        assertThat(args.get(4, Object.class)).isEqualTo(7);
        assertThatThrownBy(() -> args.get(5, String.class)).hasMessage("argument 5: expected String, got nothing");
        assertThatThrownBy(() -> args.get(3, int.class)).hasMessage("argument 3: expected int, got null");
        assertThatThrownBy(() -> args.get(0, int.class)).hasMessage("argument 0: expected int, got string");
    }

    @Test
    void liveValuesAreConvertedToOtherTypes() {
        Arguments args = Arguments.of(List.of(new Item("n", 3), Map.of("data", ONE), List.of(1)));
        assertThat(args.get(0, JsonNode.class).get("price").asInt()).isEqualTo(3);
        assertThat(args.get(0, new TypeReference<Map<String, Object>>() {})).isEqualTo(Map.of("name", "n", "price", 3));
        assertThat(args.get(1, Upload.class).data()).isEqualTo(ONE);
        assertThat(args.get(2, int[].class)).containsExactly(1);
        assertThat(args.raw(2)).hasToString("[1]");
    }

    @Test
    void liveValuesKnowWhetherTheyHoldBinaryData() {
        assertThat(Arguments.of().hasBinary()).isFalse();
        assertThat(Arguments.of("s", 1, null, true, Map.of()).hasBinary()).isFalse();
        assertThat(Arguments.of(1, new Object[] {ONE}).hasBinary()).isTrue();
        assertThat(Arguments.of(Map.of("a", List.of(ByteBuffer.wrap(ONE)))).hasBinary())
                .isTrue();
        assertThat(Arguments.of((Object) ONE).hasBinary()).isTrue();
    }

    @Test
    void logShowsArgumentsBoundedAndEscaped() {
        assertThat(args("1,\"é\n\"".replace("\n", "\\n"))).hasToString("[1,\"\\u00e9\\n\"]");
        assertThat(args("")).hasToString("[]");
        assertThat(args("\"" + "x".repeat(5000) + "\"").toString())
                .hasSizeLessThan(300)
                .endsWith("... (5002 bytes)]");
        assertThat(Arguments.of("a\nb", 1, null, new Item("secret", 1), ONE))
                .hasToString("[\"a\\u000ab\",1,null,Item,byte[]]");
        assertThat(Arguments.of("x".repeat(5000)).toString()).hasSizeLessThan(300);
        assertThat(Arguments.of(new Object[1000]).toString()).hasSizeLessThan(300);
    }

    private Arguments args(String json) {
        try {
            return ((SocketPacket.Event) Wire.decode(decoder, "2[\"x\"" + (json.isEmpty() ? "" : "," + json) + "]"))
                    .args();
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    private Arguments binary(String... json) {
        try {
            Wire.decode(decoder, "52-[\"x\"," + String.join(",", json) + "]");
            decoder.decodeBinary(ONE);
            return ((SocketPacket.Event) decoder.decodeBinary(TWO)).args();
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }
}
