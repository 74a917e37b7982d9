package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;

/** What holds for all messages in MessagePack: nothing a peer sends does harm, and what is written is read back. */
class MsgpackPropertiesTest {
    private static final Set<String> TEXTS = Set.of(
            "Could not parse", "invalid packet type", "invalid namespace", "invalid payload", "invalid packet id");
    private static final Parser PARSER = MsgpackParser.factory()
            .create(new ParserFactory.Settings(SocketJson.mapper().build(), 0));

    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<String> piece = Arbitraries.of(
                "a474797065",
                "a36e7370",
                "a464617461",
                "a26964",
                "a12f",
                "a178",
                "00",
                "01",
                "02",
                "03",
                "04",
                "80",
                "81",
                "82",
                "83",
                "84",
                "90",
                "91",
                "92",
                "c0",
                "c1",
                "c2",
                "c4",
                "c40101",
                "c5",
                "c7",
                "c70100ff",
                "c9",
                "ca",
                "cb",
                "cb3ff8000000000000",
                "cc",
                "cf",
                "d0",
                "d3",
                "d4",
                "d40000",
                "d7",
                "d70000",
                "d8",
                "d9",
                "db",
                "dc0001",
                "dd00000001",
                "ddffffffff",
                "de0001",
                "df00000001",
                "ff",
                "83a47479706502a464617461",
                "93a178",
                "a36e7370a12f");
        Arbitrary<String> pieces = piece.list().ofMaxSize(30).map(all -> String.join("", all));
        Arbitrary<String> packets = pieces.map(data -> "83a47479706502a46461746192a178" + data + "a36e7370a12f");
        return Arbitraries.oneOf(pieces, packets).map(hex -> HexFormat.of().parseHex(hex));
    }

    @Property(tries = 20_000)
    void anyBytesMakeAPacketOrAProtocolException(@ForAll("messages") byte[] message) {
        byte[] before = message.clone();
        try {
            SocketPacket packet = PARSER.newDecoders().newDecoder().decodeBinary(message);
            assertThat(packet.toString()).hasSizeLessThan(2000);
            if (packet instanceof SocketPacket.Event event) {
                check(event);
            }
        } catch (ProtocolException e) {
            assertThat(TEXTS).contains(e.getMessage());
        }
        assertThat(message).isEqualTo(before);
    }

    /** Arguments that are read, sent on, or turned into JSON raise nothing, and are the same in each form. */
    private static void check(SocketPacket.Event event) throws ProtocolException {
        byte[] again = bytes(event);
        SocketPacket.Event copy =
                (SocketPacket.Event) PARSER.newDecoders().newDecoder().decodeBinary(again);
        assertThat(copy.args().size()).isEqualTo(event.args().size());
        for (int i = 0; i < event.args().size(); i++) {
            JsonNode value = event.args().get(i, JsonNode.class);
            assertThat(String.valueOf(copy.args().get(i, JsonNode.class))).isEqualTo(String.valueOf(value));
            assertThat(event.args().raw(i).json().remaining()).isPositive();
        }
    }

    private static byte[] bytes(SocketPacket.Event event) {
        return HexFormat.of()
                .parseHex(Wire.hex(
                        PARSER.encoder().event(event.namespace(), event.id(), event.name(), event.args(), true)));
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                Arbitraries.strings().map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.of(true, false).map(bool -> (Object) bool),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(data -> (Object) data));
        return Arbitraries.recursive(
                () -> scalar,
                value -> Arbitraries.oneOf(
                        value.list().ofMaxSize(20).map(list -> (Object) list),
                        Arbitraries.maps(Arbitraries.strings().ofMaxLength(40), value)
                                .ofMaxSize(20)
                                .map(map -> (Object) map)),
                0,
                3);
    }

    @Property(tries = 1000)
    void whatIsWrittenIsReadBack(@ForAll("values") Object value) throws ProtocolException {
        String hex = Wire.hex(PARSER.encoder().event("/a", 7, "e", new Object[] {value, List.of(value)}, true));
        SocketPacket.Event event = (SocketPacket.Event)
                PARSER.newDecoders().newDecoder().decodeBinary(HexFormat.of().parseHex(hex));
        assertThat(event.id()).isEqualTo(7);
        assertThat(event.args().size()).isEqualTo(2);
        assertSame(event.args().get(0, Object.class), value);
        assertSame(((List<?>) event.args().get(1, Object.class)).get(0), value);
    }

    private static void assertSame(Object read, Object written) {
        if (written instanceof String text) {
            assertThat(read).isEqualTo(text.replaceAll("[\\ud800-\\udfff]", "\ufffd"));
        } else if (written instanceof Number number) {
            assertThat(((Number) read).doubleValue()).isEqualTo(number.doubleValue() + 0.0);
        } else if (written instanceof byte[] data) {
            assertThat(Arrays.equals((byte[]) read, data)).isTrue();
        } else if (written instanceof List<?> list) {
            assertThat((List<?>) read).hasSameSizeAs(list);
            for (int i = 0; i < list.size(); i++) {
                assertSame(((List<?>) read).get(i), list.get(i));
            }
        } else if (written instanceof Map<?, ?> map) {
            map.forEach((key, member) -> assertSame(
                    ((Map<?, ?>) read).get(((String) key).replaceAll("[\\ud800-\\udfff]", "\ufffd")), member));
        } else {
            assertThat(read).isEqualTo(written);
        }
    }
}
