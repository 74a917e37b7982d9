package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PacketDecoderTest {
    private static final DecodingContext CONTEXT =
            DecodingContext.of(SocketJson.mapper().build(), DecodingContext.DEFAULT_MAX_ATTACHMENTS);
    private static final byte[] ONE = {1, 2, 3, 4};
    private static final byte[] TWO = {5, 6};

    private final PacketDecoder decoder = PacketDecoder.of(CONTEXT);

    // ---- Socket.IO v5, Packet encoding: the examples of the specification

    @Test
    void connectsToTheMainNamespace() throws ProtocolException {
        SocketPacket.Connect connect = (SocketPacket.Connect) decode("0");
        assertThat(connect.namespace()).isEqualTo("/");
        assertThat(connect.payload().isEmpty()).isTrue();
    }

    @Test
    void connectsToANamespaceWithPayload() throws ProtocolException {
        SocketPacket.Connect connect = (SocketPacket.Connect) decode("0/admin,{\"token\":\"123\"}");
        assertThat(connect.namespace()).isEqualTo("/admin");
        assertThat(connect.payload().size()).isEqualTo(1);
        assertThat(connect.payload().get(0, JsonNode.class).get("token").asString())
                .isEqualTo("123");
    }

    @Test
    void connectErrorCarriesAnObjectOrAString() throws ProtocolException {
        SocketPacket.ConnectError error = (SocketPacket.ConnectError) decode("4{\"message\":\"Not authorized\"}");
        assertThat(error.payload().raw(0)).hasToString("{\"message\":\"Not authorized\"}");
        error = (SocketPacket.ConnectError) decode("4/x,\"Not authorized\"");
        assertThat(error.namespace()).isEqualTo("/x");
        assertThat(error.payload().get(0, String.class)).isEqualTo("Not authorized");
    }

    @Test
    void disconnects() throws ProtocolException {
        assertThat(decode("1")).isEqualTo(new SocketPacket.Disconnect("/"));
        assertThat(decode("1/admin,")).isEqualTo(new SocketPacket.Disconnect("/admin"));
        assertThat(decode("1/admin")).isEqualTo(new SocketPacket.Disconnect("/admin"));
    }

    @Test
    void eventOfTheMainNamespace() throws ProtocolException {
        SocketPacket.Event event = event("2[\"foo\"]");
        assertThat(event.namespace()).isEqualTo("/");
        assertThat(event.id()).isEqualTo(SocketPacket.NO_ID);
        assertThat(event.name()).isEqualTo("foo");
        assertThat(event.args().size()).isZero();
    }

    @Test
    void eventWithNamespaceIdAndArguments() throws ProtocolException {
        SocketPacket.Event event = event("2/admin,12[\"project:delete\", 123 , [4,5] ]");
        assertThat(event.namespace()).isEqualTo("/admin");
        assertThat(event.id()).isEqualTo(12);
        assertThat(event.name()).isEqualTo("project:delete");
        assertThat(event.args().size()).isEqualTo(2);
        assertThat(event.args().get(0, int.class)).isEqualTo(123);
        assertThat(event.args().get(1, int[].class)).containsExactly(4, 5);
        assertThat(event.args().hasBinary()).isFalse();
    }

    @Test
    void acknowledgement() throws ProtocolException {
        SocketPacket.Ack ack = (SocketPacket.Ack) decode("3/admin,13[\"bar\"]");
        assertThat(ack.namespace()).isEqualTo("/admin");
        assertThat(ack.id()).isEqualTo(13);
        assertThat(ack.args().get(0, String.class)).isEqualTo("bar");
        ack = (SocketPacket.Ack) decode("312[]");
        assertThat(ack.id()).isEqualTo(12);
        assertThat(ack.args().isEmpty()).isTrue();
    }

    @Test
    void binaryEventIsCompleteWithItsAttachment() throws ProtocolException {
        assertThat(decode("51-[\"baz\",{\"_placeholder\":true,\"num\":0}]")).isNull();
        assertThat(decoder.pendingAttachments()).isTrue();
        SocketPacket.Event event = (SocketPacket.Event) decoder.decodeBinary(ONE);
        assertThat(decoder.pendingAttachments()).isFalse();
        assertThat(event.name()).isEqualTo("baz");
        assertThat(event.args().hasBinary()).isTrue();
        assertThat(event.args().get(0, byte[].class)).isSameAs(ONE);
    }

    @Test
    void binaryEventWithSeveralAttachments() throws ProtocolException {
        assertThat(decode("52-/admin,[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"))
                .isNull();
        assertThat(decoder.decodeBinary(ONE)).isNull();
        SocketPacket.Event event = (SocketPacket.Event) decoder.decodeBinary(TWO);
        assertThat(event.namespace()).isEqualTo("/admin");
        assertThat(event.args().get(0, byte[].class)).isSameAs(ONE);
        assertThat(event.args().get(1, byte[].class)).isSameAs(TWO);
    }

    @Test
    void binaryAcknowledgement() throws ProtocolException {
        assertThat(decode("61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]")).isNull();
        SocketPacket.Ack ack = (SocketPacket.Ack) decoder.decodeBinary(ONE);
        assertThat(ack.id()).isEqualTo(15);
        assertThat(ack.args().get(0, String.class)).isEqualTo("bar");
        assertThat(ack.args().get(1, byte[].class)).isSameAs(ONE);
    }

    // ---- what the reference tolerates

    @Test
    void numberMayBeAnEventsName() throws ProtocolException {
        assertThat(event("2[1,\"a\"]").name()).isEqualTo("1");
        assertThat(event("2[1.0]").name()).isEqualTo("1");
        assertThat(event("2[-0]").name()).isEqualTo("0");
        assertThat(event("2[1e21]").name()).isEqualTo("1e+21");
        assertThat(event("2[1e400]").name()).isEqualTo("Infinity");
    }

    @Test
    void eventWithoutDataIsNamedUndefinedAndWantsNoAcknowledgement() throws ProtocolException {
        SocketPacket.Event event = event("2/admin,7");
        assertThat(event.name()).isEqualTo("undefined");
        assertThat(event.id()).isEqualTo(SocketPacket.NO_ID);
        assertThat(event.args().isEmpty()).isTrue();
    }

    @Test
    void attachmentsMayBeSharedAndUnused() throws ProtocolException {
        decode("52-[\"x\",{\"_placeholder\":true,\"num\":1},[{\"_placeholder\":true,\"num\":1}]]");
        decoder.decodeBinary(ONE);
        SocketPacket.Event event = (SocketPacket.Event) decoder.decodeBinary(TWO);
        assertThat(event.args().get(0, byte[].class)).isSameAs(TWO);
        assertThat(event.args().get(1, byte[][].class)[0]).isSameAs(TWO);
    }

    @Test
    void placeholderInAPacketOfTextIsAnObject() throws ProtocolException {
        SocketPacket.Event event = event("2[\"x\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(event.args().hasBinary()).isFalse();
        assertThat(event.args().get(0, JsonNode.class).get("num").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'007', 7",
        "' ', 0",
        "' 5', 5",
        "'5 ', 5",
        "'\t', 0",
        "'\u00a0', 0",
        "'9007199254740993', 9007199254740992",
        "'999999999999999', 999999999999999",
        "'9223372036854774784', 9223372036854774784",
        "'1 2', -1",
        "'9223372036854775808', -1",
        "'99999999999999999999999999', -1"
    })
    void idsAreWhatJavaScriptMakesOfThem(String text, long id) throws ProtocolException {
        assertThat(event("2" + text + "[\"x\"]").id()).isEqualTo(id);
        assertThat(event("2/a," + text + "[\"x\"]").id()).isEqualTo(id);
    }

    // ---- errors, with the reference's texts

    @Test
    void emptyMessageIsRefused() {
        assertRefused("", "unknown packet type undefined");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "8[], 8", "9, 9", "x, NaN", "-1, NaN", "'[', NaN", "é, NaN"})
    void unknownTypeIsRefused(String text, String type) {
        assertRefused(text, "unknown packet type " + type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "51",
                "5[\"x\"]",
                "5-[\"x\"]",
                "50-[\"x\"]",
                "51.5-[\"x\"]",
                "5a-[\"x\"]",
                "5NaN-[\"x\"]",
                "5Infinity-[\"x\"]",
                "6",
                "60-[]"
            })
    void illegalCountOfAttachmentsIsRefused(String text) {
        assertRefused(text, "Illegal attachments");
    }

    @Test
    void moreAttachmentsThanTheLimitAreRefused() throws ProtocolException {
        assertRefused("511-[\"x\"]", "too many attachments");
        assertRefused("599999999999999999999-[\"x\"]", "too many attachments");
        assertThat(decode("510-[\"x\"]")).isNull();

        PacketDecoder strict =
                PacketDecoder.of(DecodingContext.of(SocketJson.mapper().build(), 0));
        assertThatThrownBy(() -> Wire.decode(strict, "51-[\"x\"]")).hasMessage("too many attachments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0[]",
                "0null",
                "0\"x\"",
                "0{",
                "0{}x",
                "0,",
                "1{}",
                "1,",
                "1null",
                "2{}",
                "2[]",
                "2null",
                "2[null]",
                "2[true]",
                "2[[]]",
                "2[{}]",
                "2[\"x\"",
                "2[\"x\",]",
                "2[\"x\"]]",
                "2[\"x\"]\u00a0",
                "2-1[\"x\"]",
                "2,[\"x\"]",
                "2[\"x\",01]",
                "3{}",
                "3\"x\"",
                "31,[]",
                "4[]",
                "4null",
                "4true",
                "51-[]",
                "51-{}"
            })
    void invalidPayloadIsRefused(String text) {
        assertRefused(text, "invalid payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    void reservedEventNameIsRefused(String name) {
        assertRefused("2[\"" + name + "\"]", "invalid payload");
        assertRefused(
                "2[\"\\u" + String.format("%04x", (int) name.charAt(0)) + name.substring(1) + "\"]", "invalid payload");
        assertRefused("51-[\"" + name + "\"]", "invalid payload");
    }

    @Test
    void nestingIsLimited() throws ProtocolException {
        int most = SocketJson.MAX_DEPTH - 1; // the packet's own array is one level
        assertThat(event("2[\"x\"," + "[".repeat(most) + "]".repeat(most) + "]")
                        .args()
                        .get(0, JsonNode.class))
                .isNotNull();
        assertRefused("2[\"x\"," + "[".repeat(most + 1) + "]".repeat(most + 1) + "]", "invalid payload");
        assertRefused("2[\"x\"," + "{\"a\":".repeat(most + 1) + "1" + "}".repeat(most + 1) + "]", "invalid payload");
    }

    @Test
    void textWhileAttachmentsAreAwaitedIsRefused() throws ProtocolException {
        decode("51-[\"x\"]");
        assertRefused("2[\"x\"]", "got plaintext data when reconstructing a packet");
        assertThat(decoder.pendingAttachments()).isFalse();
    }

    @Test
    void binaryDataThatNobodyAwaitsIsRefused() throws ProtocolException {
        String text = "got binary data when not reconstructing a packet";
        assertThatThrownBy(() -> decoder.decodeBinary(ONE))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(text);
        decode("51-[\"x\"]");
        assertThat(decoder.decodeBinary(ONE)).isNotNull();
        assertThatThrownBy(() -> decoder.decodeBinary(ONE)).hasMessage(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "0.5", "\"0\"", "null", "[0]", "true", "1e400", "{}"})
    void placeholderOfNoAttachmentIsRefusedOnceTheLastAttachmentIsThere(String num) throws ProtocolException {
        assertThat(decode("51-[\"x\",{\"_placeholder\":true,\"num\":" + num + "}]"))
                .isNull();
        assertThatThrownBy(() -> decoder.decodeBinary(ONE))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("illegal attachments");
        assertThat(decoder.pendingAttachments()).isFalse();
    }

    @Test
    void placeholderWithoutNumberIsRefused() throws ProtocolException {
        decode("51-[\"x\",{\"_placeholder\":true}]");
        assertThatThrownBy(() -> decoder.decodeBinary(ONE)).hasMessage("illegal attachments");
    }

    // ---- what is kept

    @Test
    void namesAndNamespacesAreTheSameStringsAgain() throws ProtocolException {
        SocketPacket.Event first = event("2/chat,[\"chat message\"]");
        SocketPacket.Event second = event("2/chat,[\"chat message\",1]");
        assertThat(second.name()).isSameAs(first.name());
        assertThat(second.namespace()).isSameAs(first.namespace());
    }

    @Test
    void decodersOfOneContextDoNotMixTheirAttachments() throws ProtocolException {
        PacketDecoder other = PacketDecoder.of(CONTEXT);
        decode("51-[\"mine\",{\"_placeholder\":true,\"num\":0}]");
        Wire.decode(other, "51-[\"theirs\",{\"_placeholder\":true,\"num\":0}]");
        SocketPacket.Event theirs = (SocketPacket.Event) other.decodeBinary(TWO);
        SocketPacket.Event mine = (SocketPacket.Event) decoder.decodeBinary(ONE);
        assertThat(mine.name()).isEqualTo("mine");
        assertThat(mine.args().get(0, byte[].class)).isSameAs(ONE);
        assertThat(theirs.args().get(0, byte[].class)).isSameAs(TWO);
    }

    @Test
    void argumentsOfManyElementsKeepTheirPlaces() throws ProtocolException {
        StringBuilder text = new StringBuilder("2[\"x\"");
        for (int i = 0; i < 2000; i++) {
            text.append(',').append(i);
        }
        Arguments args = event(text + "]").args();
        assertThat(args.size()).isEqualTo(2000);
        assertThat(event("2[\"y\",7]").args().get(0, int.class)).isEqualTo(7);
        assertThat(args.get(0, int.class)).isZero();
        assertThat(args.get(1999, int.class)).isEqualTo(1999);
    }

    @Test
    void logShowsPacketsBoundedAndEscaped() throws ProtocolException {
        assertThat(event("2/a\n,3[\"é\",\"" + "x".repeat(1000) + "\"]").toString())
                .startsWith("Event \\u00e9 in /a\\u000a, id 3: [\"xxx")
                .endsWith("... (1002 bytes)]")
                .hasSizeLessThan(300);
        assertThat(decode("0{\"token\":\"secret\"}")).hasToString("Connect to /");
        assertThat(decode("1/a,")).hasToString("Disconnect from /a");
        assertThat(decode("31[2]")).hasToString("Ack in /, id 1: [2]");
        assertThat(decode("4\"no\"")).hasToString("ConnectError for /: [\"no\"]");
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    private SocketPacket.Event event(String text) throws ProtocolException {
        return (SocketPacket.Event) decode(text);
    }

    private SocketPacket decode(String text) throws ProtocolException {
        return Wire.decode(decoder, text);
    }
}
