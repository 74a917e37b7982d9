package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** The msgpack parser with literals; those of packets were written by the Node.js server 4.8.4. */
class MsgpackParserTest {
    private static final String NSP = "a36e7370a12f";
    private static final byte[] DATA = {1, 2};

    private final ParserFactory.Settings settings =
            new ParserFactory.Settings(SocketJson.mapper().build(), 0);
    private final Parser parser = MsgpackParser.factory().create(settings);
    private final Parser.Encoder encoder = parser.encoder();
    private final Parser.Decoder decoder = parser.newDecoders().newDecoder();

    record Upload(String name, byte[] data, @Nullable Integer size) {}

    record Meeting(Instant at) {}

    record Embedded(@JsonRawValue String json) {}

    // ---- packets out

    @Test
    void packetsAreThoseOfTheReference() {
        assertThat(Wire.hex(encoder.connect("/", "Y_kSIQFNCB-GjAXyAAAA", null)))
                .isEqualTo("83a47479706500a46461746182a3736964b4595f6b534951464e43422d476a41587941414141a3706964d40000"
                        + NSP);
        assertThat(Wire.hex(encoder.event("/", -1, "hello", new Object[] {1, Map.of("a", 2.5)}, true)))
                .isEqualTo("83a47479706502a46461746193a568656c6c6f0181a161cb4004000000000000" + NSP);
        assertThat(Wire.hex(encoder.event("/", 0, "withack", new Object[0], true)))
                .isEqualTo("84a47479706502a46461746191a77769746861636ba2696400" + NSP);
        assertThat(Wire.hex(encoder.event("/", -1, "bc", new Object[] {"x", DATA}, true)))
                .isEqualTo("83a47479706502a46461746193a26263a178c4020102" + NSP);
        assertThat(Wire.hex(encoder.ack("/", 3, new Object[] {1}, true)))
                .isEqualTo("84a2696403a47479706503a4646174619101" + NSP);
        assertThat(Wire.hex(encoder.connectError("/deny", "no", Map.of("code", 1))))
                .isEqualTo(
                        "83a47479706504a46461746182a76d657373616765a26e6fa46461746181a4636f646501a36e7370a52f64656e79");
        assertThat(Wire.hex(encoder.connectError("/deny2", "no", null)))
                .isEqualTo("83a47479706504a46461746182a76d657373616765a26e6fa464617461d40000a36e7370a62f64656e7932");
        assertThat(Wire.hex(encoder.disconnect("/"))).isEqualTo("82a47479706501" + NSP);
        assertThat(Wire.hex(encoder.connect("/"))).isEqualTo("82a47479706500" + NSP);
        assertThat(Wire.hex(encoder.connectError("/a", "no")))
                .isEqualTo("83a47479706504a464617461a26e6fa36e7370a22f61");
    }

    @Test
    void packetIsOneBinaryMessage() {
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {DATA, List.of(DATA)}, false);
        assertThat(packet.isBinary()).isTrue();
        assertThat(packet.attachments()).isEmpty();
        assertThat(packet.isCompressible()).isFalse();
        assertThat(encoder.event("/", -1, "x", new Object[0], true).isCompressible())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, cf7fffffffffffffff", "-9223372036854775808, d38000000000000000"})
    void longsAreWrittenInFull(long value, String hex) {
        assertThat(written(value)).isEqualTo(hex);
    }

    @Test
    void numbersAreWrittenAsTheirValues() {
        assertThat(written(0.1f)).isEqualTo(written(0.1));
        assertThat(written((short) -3)).isEqualTo("fd");
        assertThat(written((byte) 3)).isEqualTo("03");
        assertThat(written(new BigDecimal("2.0"))).isEqualTo("02");
        assertThat(written(new BigInteger("18446744073709549568"))).isEqualTo("cffffffffffffff800");
        assertThat(written(BigInteger.TWO.pow(70))).isEqualTo("cb4450000000000000");
    }

    @Test
    void loneSurrogatesAreReplaced() {
        assertThat(written("a\ud800b")).isEqualTo("a561efbfbd62");
        assertThat(written("\udc00")).isEqualTo("a3efbfbd");
    }

    @Test
    void objectsAreWrittenByTheMapper() {
        assertThat(json(new Upload("n", DATA, null)))
                .isEqualTo("{\"name\":\"n\",\"data\":{\"_placeholder\":true,\"num\":0},\"size\":null}");
        assertThat(written(Map.of("d", ByteBuffer.wrap(DATA)))).isEqualTo("81a164c4020102");
        assertThat(json(new Meeting(Instant.EPOCH))).isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\"}");
        assertThat(json(new Embedded("[1,{\"a\":2.5}]"))).isEqualTo("{\"json\":[1,{\"a\":2.5}]}");
        assertThat(written(new boolean[] {true, false})).isEqualTo("92c3c2");
    }

    @Test
    void argumentsOfTheOtherParserAreWrittenAnew() throws ProtocolException {
        Parser json = DefaultParser.factory().create(new ParserFactory.Settings(settings.mapper(), 10));
        RawArgument fromJson = json.encoder().raw(new Upload("n", DATA, 7));
        assertThat(written(fromJson)).isEqualTo("83a46e616d65a16ea464617461c4020102a473697a6507");
        assertThat(written(List.of(fromJson))).isEqualTo("9183a46e616d65a16ea464617461c4020102a473697a6507");

        Arguments args = event("93a178d40000 82a161c4020102a162d7000000000000000000".replace(" ", ""))
                .args();
        EncodedPacket text = json.encoder().event("/", -1, "y", args, true);
        assertThat(Wire.text(text))
                .isEqualTo(
                        "451-[\"y\",null,{\"a\":{\"_placeholder\":true,\"num\":0},\"b\":\"1970-01-01T00:00:00.000Z\"}]");
        assertThat(Wire.attachments(text)).containsExactly(DATA);
    }

    // ---- packets in

    @Test
    void argumentsThatNobodyReadsAreSentOnAsTheyCame() throws ProtocolException {
        // A date, an integer in a long form and what was an ArrayBuffer, none of which we would write.
        SocketPacket.Event event = event("94a178d700000000000000000 1cd0001c7020001 02".replace(" ", ""));
        assertThat(Wire.hex(encoder.event("/", -1, "y", event.args(), true)))
                .isEqualTo("83a47479706502a46461746194a179d7000000000000000001cd0001c702000102" + NSP);
        RawArgument date = event.args().raw(0);
        assertThat(encoder.raw(date)).isSameAs(date);
    }

    @Test
    void argumentsAreBound() throws ProtocolException {
        Arguments args = event("9da178 a474657874 2a f9 cf0020000000000001 cb3ff8000000000000 c3 c0 c4020102 c702000102"
                        + " 83a46e616d65a16ea464617461c4020102a473697a65d40000 81a26174d70000000000000003e8 93010203")
                .args();
        assertThat(args.get(0, String.class)).isEqualTo("text");
        assertThat(args.get(1, int.class)).isEqualTo(42);
        assertThat(args.get(1, double.class)).isEqualTo(42.0);
        assertThat(args.get(1, short.class)).isEqualTo((short) 42);
        assertThat(args.get(2, long.class)).isEqualTo(-7);
        assertThat(args.get(3, long.class)).isEqualTo(9007199254740993L);
        assertThat(args.get(4, Double.class)).isEqualTo(1.5);
        assertThat(args.get(5, boolean.class)).isTrue();
        assertThat(args.get(6, Integer.class)).isNull();
        assertThat(args.get(7, byte[].class)).containsExactly(DATA);
        assertThat(args.get(8, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(DATA));
        assertThat(args.get(7, Object.class)).isEqualTo(DATA);
        assertThat(args.get(9, Upload.class)).usingRecursiveComparison().isEqualTo(new Upload("n", DATA, null));
        assertThat(args.get(9, JsonNode.class).has("size")).isFalse();
        assertThat(args.get(10, Meeting.class)).isEqualTo(new Meeting(Instant.ofEpochSecond(1)));
        assertThat(args.get(11, new TypeReference<List<Integer>>() {})).containsExactly(1, 2, 3);
        assertThat(args.raw(11).as(int[].class)).containsExactly(1, 2, 3);
        assertThat(args.hasBinary()).isTrue();
        assertThat(args.raw(9).hasBinary()).isTrue();
        assertThat(args.raw(10).hasBinary()).isFalse();
        assertThat(UTF_8.decode(args.raw(9).json()).toString())
                .isEqualTo("{\"name\":\"n\",\"data\":{\"_placeholder\":true,\"num\":0}}");
        assertThat(event("92a17801").args().hasBinary()).isFalse();
    }

    @Test
    void whatDoesNotFitIsSaid() throws ProtocolException {
        Arguments args = event("97a178 a178 c0 ce7fffffff cf8000000000000000 c40101 81a46e616d6501".replace(" ", ""))
                .args();
        assertThatThrownBy(() -> args.get(0, int.class)).hasMessage("argument 0: expected int, got string");
        assertThatThrownBy(() -> args.get(1, int.class)).hasMessage("argument 1: expected int, got null");
        assertThatThrownBy(() -> args.get(2, short.class))
                .hasMessageStartingWith("argument 2: expected short, got number");
        assertThatThrownBy(() -> args.get(2, String.class)).hasMessage("argument 2: expected String, got number");
        assertThatThrownBy(() -> args.get(3, long.class))
                .hasMessageStartingWith("argument 3: expected long, got number");
        assertThat(args.get(3, BigInteger.class)).isEqualTo(BigInteger.TWO.pow(63));
        assertThatThrownBy(() -> args.get(4, String.class)).hasMessage("argument 4: expected String, got binary");
        assertThatThrownBy(() -> args.get(5, Upload.class))
                .hasMessage("argument 5: expected Upload, got object (at name)");
        assertThatThrownBy(() -> args.get(6, String.class)).hasMessage("argument 6: expected String, got nothing");
        assertThatThrownBy(() -> args.raw(6)).hasMessage("argument 6: expected RawArgument, got nothing");
    }

    @Test
    void connectCarriesAuth() throws ProtocolException {
        SocketPacket.Connect packet = (SocketPacket.Connect) decode("83a47479706500a46461746181a5746f6b656ea178" + NSP);
        assertThat(packet.payload().get(0, JsonNode.class).get("token").asString())
                .isEqualTo("x");
        assertThat(((SocketPacket.Connect) decode("82a47479706500" + NSP))
                        .payload()
                        .isEmpty())
                .isTrue();
    }

    // ---- safety

    @Test
    void textIsNoPacket() {
        assertThatThrownBy(() -> decoder.decodeText(new byte[] {'2'}, 0, 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("Could not parse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "91a7636f6e6e656374",
                "91aa646973636f6e6e656374",
                "91ad646973636f6e6e656374696e67",
                "91ad636f6e6e6563745f6572726f72",
                "90",
                "91c0",
                "91c40178",
                "9190"
            })
    void namesThatNoClientMaySendAreRefused(String data) {
        assertThatThrownBy(() -> event(data)).hasMessage("invalid payload");
    }

    @Test
    void nestingIsLimitedAsInJson() throws ProtocolException {
        // The array of arguments is one level, as in the default parser.
        String deepest = "92a178" + "91".repeat(SocketJson.MAX_DEPTH - 2) + "90";
        assertThat(event(deepest).args().get(0, JsonNode.class).isArray()).isTrue();
        assertThatThrownBy(() -> event("92a178" + "91".repeat(SocketJson.MAX_DEPTH - 1) + "90"))
                .hasMessage("Could not parse");
        assertThatThrownBy(() -> decode("81a161" + "91".repeat(100_000))).hasMessage("Could not parse");
        assertThatThrownBy(() -> decode("91".repeat(100_000))).hasMessage("Could not parse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ddffffffff",
                "dfffffffff",
                "dbffffffff",
                "c6ffffffff",
                "c9ffffffff00",
                "ddffffffff01",
                "dcffffc0"
            })
    void lengthsThatAreOnlyPromisedCostNothing(String value) {
        for (String hex : new String[] {value, "82a47479706502a464617461" + value, "81a161" + value}) {
            assertThatThrownBy(() -> decode(hex)).hasMessage("Could not parse");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"81a1ff01", "a1ff", "a2c328", "a3eda080", "81900 1", "81c4010101", "81d4000001"})
    void malformedTextAndKeysThatAreNoScalarsAreRefused(String value) {
        assertThatThrownBy(() -> event("92a178" + value.replace(" ", ""))).hasMessage("Could not parse");
    }

    @Test
    void whatIsLoggedIsBoundedAndWithoutContent() throws ProtocolException {
        Arguments args = event("92a178db00000400" + "0a".repeat(1024)).args();
        assertThat(args).hasToString("[1 values, 1029 bytes of msgpack]");
        assertThat(args.raw(0)).hasToString("1029 bytes of msgpack");
    }

    @Test
    void fieldsThatAreRepeatedCountOnceAndOthersNever() throws ProtocolException {
        SocketPacket packet = decode("86a7" + HexFormat.of().formatHex("options".getBytes(UTF_8)) + "91c40101"
                + "a474797065c0 a464617461 91c40101 a474797065cb4000000000000000 a46461746192a17801" + NSP);
        assertThat(packet).isInstanceOf(SocketPacket.Event.class);
        assertThat(((SocketPacket.Event) packet).args().hasBinary()).isFalse();
        assertThat(((SocketPacket.Event) packet).args().get(0, int.class)).isEqualTo(1);
    }

    private SocketPacket.Event event(String data) throws ProtocolException {
        return (SocketPacket.Event) decode("83a47479706502a464617461" + data + NSP);
    }

    private SocketPacket decode(String hex) throws ProtocolException {
        SocketPacket packet = decoder.decodeBinary(HexFormat.of().parseHex(hex.replace(" ", "")));
        assertThat(packet).isNotNull();
        return packet;
    }

    private String written(Object value) {
        return Wire.hex((MsgpackRawArgument) encoder.raw(value));
    }

    private String json(Object value) {
        return UTF_8.decode(encoder.raw(value).json()).toString();
    }
}
