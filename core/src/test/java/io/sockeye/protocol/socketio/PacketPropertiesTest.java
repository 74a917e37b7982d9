package io.sockeye.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What holds for all packets: nothing a peer sends does harm, and what is written is read back. */
class PacketPropertiesTest {
    private static final Set<String> TEXTS = Set.of(
            "unknown packet type undefined",
            "unknown packet type NaN",
            "unknown packet type 7",
            "unknown packet type 8",
            "unknown packet type 9",
            "Illegal attachments",
            "too many attachments",
            "invalid payload",
            "illegal attachments",
            "got plaintext data when reconstructing a packet",
            "got binary data when not reconstructing a packet");
    private static final DecodingContext CONTEXT =
            DecodingContext.of(SocketJson.mapper().build(), 100);
    private static final PacketEncoder ENCODER =
            PacketEncoder.of(SocketJson.mapper().build());

    // ---- harm

    @Provide
    Arbitrary<List<Object>> conversations() {
        Arbitrary<String> piece = Arbitraries.of(
                "0",
                "1",
                "2",
                "3",
                "4",
                "5",
                "6",
                "51-",
                "52-",
                "61-",
                "-",
                "/",
                "/a,",
                ",",
                "7",
                "12",
                " ",
                "\u00a0",
                "[",
                "]",
                "{",
                "}",
                "\"x\"",
                "\"connect\"",
                ":",
                ",",
                "{\"_placeholder\":true,\"num\":0}",
                "{\"num\":1,\"_placeholder\":true}",
                "\"_placeholder\":true",
                "\"num\":0",
                "null",
                "1e400",
                "-0",
                "\"\\ud800\"",
                "\\u0061",
                "é",
                "[\"x\"]",
                "[\"x\",",
                "]");
        Arbitrary<Object> text = piece.list().ofMaxSize(10).map(pieces -> String.join("", pieces));
        Arbitrary<Object> binary = Arbitraries.just(new byte[] {1});
        return Arbitraries.frequencyOf(Tuple.of(3, text), Tuple.of(2, binary))
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 20_000)
    void noConversationRaisesAnythingButAProtocolException(@ForAll("conversations") List<Object> messages) {
        PacketDecoder decoder = PacketDecoder.of(CONTEXT);
        for (Object message : messages) {
            try {
                SocketPacket packet = message instanceof byte[] data
                        ? decoder.decodeBinary(data)
                        : Wire.decode(decoder, (String) message);
                assertThat(packet == null).isEqualTo(decoder.pendingAttachments());
                if (packet != null) {
                    readEverything(packet);
                }
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isIn(TEXTS);
                assertThat(decoder.pendingAttachments()).isFalse();
            }
        }
    }

    @Property(tries = 10_000)
    void noBytesRaiseAnythingButAProtocolException(@ForAll byte[] bytes) {
        byte[] text = Utf8.repair(bytes);
        try {
            PacketDecoder.of(CONTEXT).decodeText(text, 0, text.length);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isIn(TEXTS);
        }
    }

    /** Reading raises nothing but ArgumentException, and what came in can be sent on. */
    private static void readEverything(SocketPacket packet) {
        assertThat(packet.toString()).hasSizeLessThan(2000);
        if (packet instanceof SocketPacket.Event event) {
            for (int i = 0; i < event.args().size(); i++) {
                for (Class<?> type :
                        List.of(Object.class, JsonNode.class, String.class, int.class, byte[].class, List.class)) {
                    try {
                        event.args().get(i, type);
                    } catch (ArgumentException e) {
                        assertThat(e)
                                .hasMessageStartingWith(
                                        "argument " + i + ": expected " + type.getSimpleName() + ", got ");
                    }
                }
            }
        }
        boolean binary =
                (packet instanceof SocketPacket.Event event && event.args().hasBinary())
                        || (packet instanceof SocketPacket.Ack ack && ack.args().hasBinary());
        assertThat(ENCODER.encode(packet, true).attachments().length > 0).isEqualTo(binary);
    }

    // ---- identity

    @Provide
    Arbitrary<String> names() {
        return text().ofMaxLength(80).filter(name -> !ReservedEvents.isReserved(name));
    }

    @Provide
    Arbitrary<String> namespaces() {
        return Arbitraries.oneOf(
                Arbitraries.just("/"),
                Arbitraries.strings()
                        .withChars("ab/?=é€{}[]\" 1-")
                        .ofMaxLength(80)
                        .map(rest -> "/" + rest));
    }

    @Provide
    Arbitrary<List<@Nullable Object>> values() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                text().ofMaxLength(200).map(string -> string),
                Arbitraries.integers().map(number -> number),
                Arbitraries.integers().map(number -> number + 0.5),
                Arbitraries.of(true, false).map(value -> value),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(data -> data));
        Arbitrary<Object> nested = Arbitraries.recursive(
                () -> leaf.injectNull(0.1),
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(list -> list),
                        Arbitraries.maps(Arbitraries.of("a", "b", "_placeholder", "num", "é"), inner)
                                .ofMaxSize(3)
                                .map(map -> map)),
                0,
                3);
        return nested.list().ofMaxSize(4);
    }

    private static StringArbitrary text() {
        return Arbitraries.strings().withChars("ab\"\\/\n\u0000\u001f\u007fé€?\ud800\udc00\u2028 ");
    }

    @Property(tries = 5000)
    void eventThatIsWrittenIsReadBack(
            @ForAll("namespaces") String namespace,
            @ForAll("ids") long id,
            @ForAll("names") String name,
            @ForAll("values") List<Object> values)
            throws ProtocolException {
        if (hasPlaceholderLookalike(values)) {
            return; // the wire cannot tell it from binary data
        }
        SocketPacket.Event written = new SocketPacket.Event(namespace, id, name, Arguments.of(values));
        SocketPacket.Event read = (SocketPacket.Event) transfer(ENCODER.encode(written, true));
        assertThat(read.namespace()).isEqualTo(namespace);
        assertThat(read.id()).isEqualTo(id);
        assertThat(read.name()).isEqualTo(name);
        assertSame(read.args(), values);

        // And once more, without having been read.
        SocketPacket.Event passedOn = (SocketPacket.Event) transfer(ENCODER.encode(read, true));
        assertSame(passedOn.args(), values);
    }

    @Property(tries = 1000)
    void acknowledgementThatIsWrittenIsReadBack(
            @ForAll("namespaces") String namespace, @ForAll("ids") long id, @ForAll("values") List<Object> values)
            throws ProtocolException {
        if (hasPlaceholderLookalike(values)) {
            return;
        }
        SocketPacket.Ack read = (SocketPacket.Ack) transfer(ENCODER.ack(namespace, id, values.toArray(), true));
        assertThat(read.namespace()).isEqualTo(namespace);
        assertThat(read.id()).isEqualTo(id);
        assertSame(read.args(), values);
    }

    @Provide
    Arbitrary<Long> ids() {
        return Arbitraries.oneOf(
                Arbitraries.just(SocketPacket.NO_ID), Arbitraries.longs().between(0, JsNumber.MAX_EXACT_INTEGER));
    }

    private static SocketPacket transfer(EncodedPacket packet) throws ProtocolException {
        PacketDecoder decoder = PacketDecoder.of(CONTEXT);
        SocketPacket read = decoder.decodeText(packet.array(), packet.packetOffset() + 1, packet.packetLength() - 1);
        for (byte[] attachment : Wire.attachments(packet)) {
            assertThat(read).isNull();
            read = decoder.decodeBinary(attachment);
        }
        return read;
    }

    private static boolean hasPlaceholderLookalike(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(PacketPropertiesTest::hasPlaceholderLookalike);
        }
        if (value instanceof Map<?, ?> map) {
            return Boolean.TRUE.equals(map.get("_placeholder"))
                    || map.values().stream().anyMatch(PacketPropertiesTest::hasPlaceholderLookalike);
        }
        return false;
    }

    private static void assertSame(Arguments read, List<Object> values) {
        assertThat(read.size()).isEqualTo(values.size());
        for (int i = 0; i < values.size(); i++) {
            assertThat(read.get(i, Object.class)).usingRecursiveComparison().isEqualTo(values.get(i));
            if (values.get(i) instanceof String text) {
                assertThat(read.get(i, String.class)).isEqualTo(text);
            }
        }
    }
}
