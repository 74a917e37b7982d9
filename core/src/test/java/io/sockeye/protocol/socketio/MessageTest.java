package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MessageTest {
    private static final Parser PARSER = MsgpackParser.factory()
            .create(new ParserFactory.Settings(SocketJson.mapper().build(), 0));

    private final MessageReader json = MessageReader.json();
    private final MessageReader msgpack = MessageReader.msgpack();

    @Test
    void jsonIsWrittenAsJavaScriptWritesIt() {
        MessageWriter writer = MessageWriter.json();
        writer.startObject(3)
                .name("type")
                .integer(3)
                .name("data")
                .startObject(1)
                .name("packet");
        writer.startArray(3).string("é\"").values(Arguments.of(1.0, null)).end().end();
        writer.name("rooms").strings(List.of("a", "b")).end();

        assertThat(text(writer))
                .isEqualTo("{\"type\":3,\"data\":{\"packet\":[\"é\\\"\",1,null]},\"rooms\":[\"a\",\"b\"]}");
        assertThat(writer.hasBinary()).isFalse();
    }

    @Test
    void binaryDataInJsonIsANodeBuffer() {
        MessageWriter writer = MessageWriter.json();
        writer.startArray(2)
                .value(new byte[] {1, -1})
                .value(Map.of("a", new byte[] {2}))
                .end();

        assertThat(text(writer))
                .isEqualTo("[{\"type\":\"Buffer\",\"data\":[1,255]},{\"a\":{\"type\":\"Buffer\",\"data\":[2]}}]");
        assertThat(writer.hasBinary()).isTrue();
    }

    @Test
    void msgpackIsWrittenAsNotepackWritesIt() {
        MessageWriter writer = MessageWriter.msgpack();
        writer.startObject(2).name("type").integer(300).name("data");
        writer.startArray(2).value(new byte[] {1}).bool(true).end().end();

        assertThat(hex(writer.toBytes())).isEqualTo("82a474797065cd012ca46461746192c40101c3");
        assertThat(writer.hasBinary()).isTrue();
    }

    @Test
    void messagesAreReadInAnyOrderOfTheirFields() throws ProtocolException {
        String wire =
                "{\"data\":{\"packet\":{\"type\":2,\"data\":[\"hi\",{\"a\":[1]},\"x\"]}}, \"type\" : 3 ,\"x\":[[]]}";
        json.read(wire.getBytes(StandardCharsets.UTF_8));
        readBack(json);
        msgpack.read(
                HexFormat.of()
                        .parseHex(
                                "83a46461746181a67061636b657482a47479706502a46461746193a2686981a1619101a178a47479706503a1789190"));
        readBack(msgpack);
    }

    private static void readBack(MessageReader reader) throws ProtocolException {
        reader.startObject();
        assertThat(reader.nextName()).isEqualTo("data");
        reader.startObject();
        assertThat(reader.nextName()).isEqualTo("packet");
        int packet = reader.position();
        reader.skip();
        assertThat(reader.nextName()).isNull();
        assertThat(reader.nextName()).isEqualTo("type");
        assertThat(reader.integer()).isEqualTo(3);

        reader.back(packet);
        reader.startObject();
        assertThat(reader.nextName()).isEqualTo("type");
        reader.skip();
        assertThat(reader.nextName()).isEqualTo("data");
        MessageReader.NamedArguments event = reader.event();
        assertThat(event.name()).isEqualTo("hi");
        assertThat(event.args().size()).isEqualTo(2);
        assertThat(event.args().get(0, JsonNode.class)).hasToString("{\"a\":[1]}");
        assertThat(event.args().get(1, String.class)).isEqualTo("x");
        reader.resume();

        assertThat(reader.nextName()).isEqualTo("x");
        assertThat(reader.kind()).isEqualTo(MessageReader.Kind.ARRAY);
        assertThat(reader.raw().as(JsonNode.class)).hasToString("[[]]");
        assertThat(reader.nextName()).isNull();
        reader.end();
    }

    @Test
    void numbersAmongTextsAreTheTextsThatJavaScriptMakesOfThem() throws ProtocolException {
        json.read("[\"a\",1,2.5]".getBytes(StandardCharsets.UTF_8));
        assertThat(json.strings()).isEqualTo(Set.of("a", "1", "2.5"));
        msgpack.read(HexFormat.of().parseHex("93a16101cb4004000000000000"));
        assertThat(msgpack.strings()).isEqualTo(Set.of("a", "1", "2.5"));
    }

    @Test
    void timestampsAreDates() throws ProtocolException {
        // notepack.io 3: new Date(1e12), new Date(1e12 + 1), new Date(-1), new Date(1e15)
        String dates = "94d6ff3b9aca00d7ff003d09003b9aca00c70cff3b8b87c0ffffffffffffffffc70cff00000000000000e8d4a51000";
        msgpack.read(HexFormat.of().parseHex(dates));
        Arguments args = msgpack.arguments();

        assertThat(args.hasBinary()).isFalse();
        assertThat(args.get(0, Instant.class)).isEqualTo(Instant.ofEpochMilli(1_000_000_000_000L));
        assertThat(args.get(1, String.class)).isEqualTo("2001-09-09T01:46:40.001Z");
        assertThat(args.get(2, String.class)).isEqualTo("1969-12-31T23:59:59.999Z");
        assertThat(args.get(3, Instant.class)).isEqualTo(Instant.ofEpochMilli(1_000_000_000_000_000L));
        MessageWriter copy = MessageWriter.msgpack();
        assertThat(hex(copy.startArray(4).values(args).end().toBytes())).isEqualTo(dates);
    }

    @Test
    void whatClientsMeanByAnExtIsTranslatedForNodes() throws ProtocolException {
        // notepack.io 2: [{a: undefined, b: 1}, undefined, new Date(1e12), an ArrayBuffer]
        String ofClient = "83a47479706502a3" + "6e7370a12fa464617461"
                + "95a16582a161d40000a16201d40000d700000000e8d4a51000c701000a";
        SocketPacket.Event event = (SocketPacket.Event)
                new MsgpackDecoder(new MsgpackBinder(SocketJson.defaultMapper(), MsgpackDialect.OF_CLIENTS))
                        .decodeBinary(HexFormat.of().parseHex(ofClient));

        MessageWriter writer = MessageWriter.msgpack();
        writer.startArray(4).values(event.args()).end();
        assertThat(hex(writer.toBytes())).isEqualTo("9481a16201c0d6ff3b9aca00c4010a");
        msgpack.read(writer.toBytes());
        assertThat(Wire.hex(PARSER.encoder().event("/", SocketPacket.NO_ID, "e", msgpack.arguments(), true)))
                .isEqualTo("83a47479706502a46461746195a16581a16201c0d700000000e8d4a51000c4010aa36e7370a12f");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (String bad :
                List.of("", "{", "{\"a\"", "{\"a\":1", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":}", "{\"a\":1}}")) {
            assertThatThrownBy(() -> all(json, bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("malformed message");
        }
        for (String bad : List.of("", "81", "81a161", "81a1", "8190", "81a161c1", "81a1610000", "df00", "81d40000c0")) {
            assertThatThrownBy(() -> all(msgpack, HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("malformed message");
        }
        assertThatThrownBy(() -> json.read(new byte[] {'"', (byte) 0xff, '"'})).isInstanceOf(ProtocolException.class);
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> all(json, ("{\"a\":" + deep).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ProtocolException.class);
    }

    @Property(tries = 2_000)
    void nothingButProtocolExceptionsComesOfAnyBytes(@ForAll @Size(max = 60) byte[] bytes) {
        for (MessageReader reader : List.of(MessageReader.json(), MessageReader.msgpack())) {
            try {
                all(reader, bytes);
            } catch (ProtocolException expected) {
                assertThat(expected).hasMessage("malformed message");
            }
        }
    }

    /** Reads a message the way drivers do. */
    private static void all(MessageReader reader, byte[] message) throws ProtocolException {
        reader.read(message);
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            switch (reader.kind()) {
                case ARRAY -> reader.event();
                case STRING -> reader.string();
                case NUMBER -> reader.integer();
                case BOOLEAN -> reader.bool();
                default -> reader.raw().as(JsonNode.class);
            }
        }
        reader.end();
    }

    private static String text(MessageWriter writer) {
        return new String(writer.toBytes(), StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
