package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class PacketEncoderTest {
    private static final byte[] ONE = {1, 2, 3, 4};
    private static final byte[] TWO = {5, 6};

    private final PacketEncoder encoder = PacketEncoder.of(SocketJson.mapper().build());
    private final PacketDecoder decoder =
            PacketDecoder.of(DecodingContext.of(SocketJson.mapper().build(), 100));

    record Point(int x, double y) {}

    record Upload(String name, byte[] data, List<ByteBuffer> parts) {}

    enum Colour {
        RED
    }

    @Test
    void connectAnswersWithTheSocketsId() {
        assertThat(Wire.text(encoder.connect("/", "oSO0OpakMV_3jnilAAAA", null)))
                .isEqualTo("40{\"sid\":\"oSO0OpakMV_3jnilAAAA\"}");
        assertThat(Wire.text(encoder.connect("/admin", "s", "p"))).isEqualTo("40/admin,{\"sid\":\"s\",\"pid\":\"p\"}");
    }

    @Test
    void clientsOfRevision4GetNeitherIdNorMessageInAnObject() {
        assertThat(Wire.text(encoder.connect("/"))).isEqualTo("40");
        assertThat(Wire.text(encoder.connect("/a"))).isEqualTo("40/a,");
        assertThat(Wire.text(encoder.connectError("/", "Not authorized"))).isEqualTo("44\"Not authorized\"");
        assertThat(Wire.text(encoder.connectError("/a", Map.of("code", 7)))).isEqualTo("44/a,{\"code\":7}");
        assertThatThrownBy(() -> encoder.connectError("/", Map.of("x", ONE)))
                .hasMessage("data: contains binary data (expected: JSON alone)");
    }

    @Test
    void connectErrorCarriesMessageAndData() {
        assertThat(Wire.text(encoder.connectError("/", "Not authorized", null)))
                .isEqualTo("44{\"message\":\"Not authorized\"}");
        assertThat(Wire.text(encoder.connectError("/a\"b", "\"é\"\n", Map.of("code", 7))))
                .isEqualTo("44/a\"b,{\"message\":\"\\\"é\\\"\\n\",\"data\":{\"code\":7}}");
        assertThatThrownBy(() -> encoder.connectError("/", "m", Map.of("x", ONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void disconnectNamesItsNamespace() {
        assertThat(Wire.text(encoder.disconnect("/"))).isEqualTo("41");
        assertThat(Wire.text(encoder.disconnect("/admin"))).isEqualTo("41/admin,");
    }

    @Test
    void eventsOfTheSpecification() {
        assertThat(event("/", -1, "foo")).isEqualTo("42[\"foo\"]");
        assertThat(event("/admin", -1, "bar")).isEqualTo("42/admin,[\"bar\"]");
        assertThat(event("/", 12, "foo")).isEqualTo("4212[\"foo\"]");
        assertThat(event("/admin", 13, "foo")).isEqualTo("42/admin,13[\"foo\"]");
        assertThat(event("/", 0, "foo")).isEqualTo("420[\"foo\"]");
    }

    @Test
    void acknowledgementsOfTheSpecification() {
        assertThat(Wire.text(encoder.ack("/", 12, new Object[] {"bar"}, true))).isEqualTo("4312[\"bar\"]");
        assertThat(Wire.text(encoder.ack("/admin", 13, new Object[0], true))).isEqualTo("43/admin,13[]");
        assertThat(Wire.text(encoder.ack("/", 1, new Object[] {1, null}, true))).isEqualTo("431[1,null]");
    }

    @Test
    void binaryDataBecomesAttachments() {
        EncodedPacket packet = encoder.event("/", -1, "baz", new Object[] {ONE}, true);
        assertThat(Wire.text(packet)).isEqualTo("451-[\"baz\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(Wire.attachments(packet)).containsExactly(ONE);

        packet = encoder.event("/admin", 7, "baz", new Object[] {ONE, ByteBuffer.wrap(TWO)}, true);
        assertThat(Wire.text(packet))
                .isEqualTo("452-/admin,7[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        assertThat(Wire.attachments(packet)).containsExactly(ONE, TWO);

        packet = encoder.ack("/", 15, new Object[] {"bar", ONE}, true);
        assertThat(Wire.text(packet)).isEqualTo("461-15[\"bar\",{\"_placeholder\":true,\"num\":0}]");
    }

    @Test
    void binaryDataBecomesAttachmentsWhereverItIs() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", ONE);
        map.put("b", List.of(ByteBuffer.wrap(TWO), JsonNodeFactory.instance.binaryNode(ONE)));
        Upload upload = new Upload("x", TWO, List.of(ByteBuffer.wrap(ONE, 1, 2)));
        EncodedPacket packet = encoder.event("/", -1, "e", new Object[] {map, upload}, true);
        assertThat(Wire.text(packet))
                .isEqualTo(
                        "455-[\"e\",{\"a\":{\"_placeholder\":true,\"num\":0},\"b\":[{\"_placeholder\":true,\"num\":1},"
                                + "{\"_placeholder\":true,\"num\":2}]},{\"name\":\"x\",\"data\":{\"_placeholder\":true,\"num\":3},"
                                + "\"parts\":[{\"_placeholder\":true,\"num\":4}]}]");
        assertThat(Wire.attachments(packet)).containsExactly(ONE, TWO, ONE, TWO, new byte[] {2, 3});
    }

    @Test
    void countOfAttachmentsMayHaveSeveralDigits() {
        Object[] args = new Object[12];
        Arrays.fill(args, ONE);
        assertThat(event("/n", -1, "x", args)).startsWith("4512-/n,[\"x\",{").endsWith("\"num\":11}]");
    }

    @Test
    void bufferIsReadWithoutMovingIt() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).put(ONE).position(1).limit(3);
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {buffer}, true);
        assertThat(Wire.attachments(packet)).containsExactly(new byte[] {2, 3});
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void attachmentIsACopy() {
        byte[] data = {1};
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {data}, true);
        data[0] = 9;
        assertThat(Wire.attachments(packet)).containsExactly(new byte[] {1});
    }

    @Test
    void scalarsAreWrittenAsJavaScriptWritesThem() {
        Object[] args = {
            null,
            true,
            false,
            1,
            -2L,
            (short) 3,
            (byte) 4,
            1.0,
            -0.0,
            1.5,
            1e21,
            1e-7,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            0.1f,
            1e10f,
            Float.NaN,
            Long.MIN_VALUE,
            9007199254740993L
        };
        assertThat(event("/", -1, "x", args))
                .isEqualTo("42[\"x\",null,true,false,1,-2,3,4,1,0,1.5,1e+21,1e-7,null,null,0.1,10000000000,null,"
                        + "-9223372036854775808,9007199254740993]");
    }

    @Test
    void numbersInsideObjectsAreWrittenAsJavaScriptWritesThem() {
        assertThat(event(
                        "/",
                        -1,
                        "x",
                        new Point(1, 2.0),
                        new double[] {1.0, Double.NaN},
                        List.of(0.5f, Float.NaN),
                        1e21))
                .isEqualTo("42[\"x\",{\"x\":1,\"y\":2},[1,null],[0.5,null],1e+21]");
    }

    @Test
    void otherValuesAreWrittenByTheMapper() {
        assertThat(event(
                        "/",
                        -1,
                        "x",
                        Colour.RED,
                        'c',
                        java.net.URI.create("s"),
                        new BigInteger("123456789012345678901"),
                        new BigDecimal("1.50"),
                        Optional.empty(),
                        Instant.EPOCH,
                        Duration.ofSeconds(90),
                        new int[] {1, 2},
                        JsonNodeFactory.instance.objectNode().put("a", 1)))
                .isEqualTo(
                        "42[\"x\",\"RED\",\"c\",\"s\",123456789012345678901,1.50,null,\"1970-01-01T00:00:00Z\",\"PT1M30S\","
                                + "[1,2],{\"a\":1}]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 127, 128, 129, 200, 1000})
    void escapesAreFoundAtEveryPlaceOfAString(int length) {
        for (String special : List.of("\"", "\\", "\n", "\u0000", "\u001f", "?", "é", "€", "😀", "\ud800", "\udc00")) {
            for (int at : new int[] {0, length / 2, Math.max(0, length - 1), length}) {
                String value = "x".repeat(at) + special + "x".repeat(length - at) + special;
                JsonNode read = SocketJson.mapper()
                        .build()
                        .readTree(event("/", -1, value).substring(2));
                assertThat(read.get(0).asString()).isEqualTo(value);
            }
        }
    }

    @Test
    void longStringWithQuestionMarksAndLoneSurrogatesIsWrittenRight() {
        String questions = "Ça va? ".repeat(50);
        assertThat(event("/", -1, "x", questions)).isEqualTo("42[\"x\",\"" + questions + "\"]");
        assertThat(event("/", -1, "x", questions + "\ud800")).isEqualTo("42[\"x\",\"" + questions + "\\ud800\"]");
        assertThat(event("/", -1, "x", "\udfff" + questions)).isEqualTo("42[\"x\",\"\\udfff" + questions + "\"]");
    }

    @Test
    void loneSurrogateInsideAnObjectIsEscaped() {
        assertThat(event("/", -1, "x", Map.of("a\ud800", List.of("\udc00"))))
                .isEqualTo("42[\"x\",{\"a\\uD800\":[\"\\uDC00\"]}]");
    }

    @Test
    void rawArgumentIsWrittenThroughByteForByte() throws ProtocolException {
        SocketPacket.Event event =
                (SocketPacket.Event) Wire.decode(decoder, "2[\"x\", 1.0 ,{ \"a\" : \"\\u0041\\/\" }]");
        assertThat(event("/y", 3, "z", event.args().raw(1), event.args().raw(0)))
                .isEqualTo("42/y,3[\"z\",{ \"a\" : \"\\u0041\\/\" },1.0]");
        assertThat(Wire.text(encoder.encode(event, true))).isEqualTo("42[\"x\",1.0,{ \"a\" : \"\\u0041\\/\" }]");
    }

    @Test
    void rawArgumentsMayStandInsideOtherValues() {
        RawArgument raw = encoder.raw(new Upload("n", ONE, List.of()));
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {TWO, List.of(raw, encoder.raw(1.5))}, true);
        assertThat(Wire.text(packet))
                .isEqualTo("452-[\"x\",{\"_placeholder\":true,\"num\":0},"
                        + "[{\"name\":\"n\",\"data\":{\"_placeholder\":true,\"num\":1},\"parts\":[]},1.5]]");
        assertThat(Wire.attachments(packet)).containsExactly(TWO, ONE);
    }

    @Test
    void placeholdersOfRawArgumentsAreNumberedAnew() throws ProtocolException {
        Wire.decode(
                decoder,
                "53-[\"x\",[{ \"num\":2,\"_placeholder\":true, \"k\":[1]},{\"_placeholder\":true,\"num\":0}],{\"a\":{\"_placeholder\":true,\"num\":2}},{\"_placeholder\":true,\"num\":1}]");
        decoder.decodeBinary(ONE);
        decoder.decodeBinary(TWO);
        byte[] three = {7};
        SocketPacket.Event event = (SocketPacket.Event) decoder.decodeBinary(three);
        EncodedPacket packet = encoder.event(
                "/",
                -1,
                "y",
                new Object[] {
                    new byte[] {9}, event.args().raw(1), "s", event.args().raw(0)
                },
                true);
        assertThat(Wire.text(packet))
                .isEqualTo(
                        "454-[\"y\",{\"_placeholder\":true,\"num\":0},{\"a\":{\"_placeholder\":true,\"num\":1}},\"s\","
                                + "[{\"_placeholder\":true,\"num\":2},{\"_placeholder\":true,\"num\":3}]]");
        assertThat(Wire.attachments(packet)).containsExactly(new byte[] {9}, three, three, ONE);
    }

    @Test
    void unusedAttachmentsAreNotSentOn() throws ProtocolException {
        Wire.decode(decoder, "52-[\"x\",1]");
        decoder.decodeBinary(ONE);
        EncodedPacket packet = encoder.encode(decoder.decodeBinary(TWO), true);
        assertThat(Wire.text(packet)).isEqualTo("42[\"x\",1]");
        assertThat(packet.attachments()).isEmpty();
    }

    @Test
    void valueWrittenOnceMayBePartOfManyPackets() {
        RawArgument raw = encoder.raw(new Upload("n", ONE, List.of()));
        assertThat(raw.hasBinary()).isTrue();
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {TWO, raw}, true);
        assertThat(Wire.text(packet))
                .isEqualTo("452-[\"x\",{\"_placeholder\":true,\"num\":0},"
                        + "{\"name\":\"n\",\"data\":{\"_placeholder\":true,\"num\":1},\"parts\":[]}]");
        assertThat(Wire.attachments(packet)).containsExactly(TWO, ONE);
        assertThat(encoder.raw(raw)).isSameAs(raw);
    }

    @Test
    void everyPacketTypeIsEncoded() {
        assertThat(encode(new SocketPacket.Connect("/", Arguments.of()))).isEqualTo("40");
        assertThat(encode(new SocketPacket.Connect("/a", Arguments.of(Map.of("token", 1)))))
                .isEqualTo("40/a,{\"token\":1}");
        assertThat(encode(new SocketPacket.Disconnect("/a"))).isEqualTo("41/a,");
        assertThat(encode(new SocketPacket.Event("/a", 1, "e", Arguments.of("x"))))
                .isEqualTo("42/a,1[\"e\",\"x\"]");
        assertThat(encode(new SocketPacket.Ack("/", 1, Arguments.of("x")))).isEqualTo("431[\"x\"]");
        assertThat(encode(new SocketPacket.ConnectError("/", Arguments.of("no"))))
                .isEqualTo("44\"no\"");
    }

    @Test
    void idThatLostPrecisionIsWrittenAsItsSenderWouldWriteIt() throws ProtocolException {
        SocketPacket.Event event = (SocketPacket.Event) Wire.decode(decoder, "24611686018427387904[\"x\"]");
        assertThat(Wire.text(encoder.ack("/", event.id(), new Object[0], true))).isEqualTo("434611686018427388000[]");
    }

    @Test
    void compressibilityIsPassedOnToAttachments() {
        EncodedPacket packet = encoder.event("/", -1, "x", new Object[] {ONE}, false);
        assertThat(packet.isCompressible()).isFalse();
        assertThat(packet.attachments()[0].isCompressible()).isFalse();
        assertThat(encoder.event("/", -1, "x", new Object[] {ONE}, true).isCompressible())
                .isTrue();
    }

    private String encode(SocketPacket packet) {
        return Wire.text(encoder.encode(packet, true));
    }

    private String event(String namespace, long id, String name, Object... args) {
        return Wire.text(encoder.event(namespace, id, name, args, true));
    }
}
