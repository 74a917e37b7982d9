package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class PacketRoundTripTest {
    private final PacketDecoder decoder =
            PacketDecoder.of(DecodingContext.of(SocketJson.mapper().build(), 10));
    private final PacketEncoder encoder = PacketEncoder.of(SocketJson.mapper().build());

    record Order(String id, int amount, byte[] receipt) {}

    @Test
    void smoke() throws ProtocolException {
        SocketPacket.Event event =
                (SocketPacket.Event) decode("2/admin,12[\"a b\",1,\"x\\u00e9é\",{\"id\":\"7\",\"amount\":3},null]");
        assertThat(event.name()).isEqualTo("a b");
        assertThat(event.args().size()).isEqualTo(4);
        assertThat(event.args().get(0, int.class)).isEqualTo(1);
        assertThat(event.args().get(1, String.class)).isEqualTo("xéé");
        assertThat(event.args().get(2, Order.class).amount()).isEqualTo(3);
        assertThat(event.args().get(3, String.class)).isNull();
        assertThatThrownBy(() -> event.args().get(1, Order.class)).hasMessage("argument 1: expected Order, got string");
        assertThatThrownBy(() -> event.args().get(0, String.class))
                .hasMessage("argument 0: expected String, got number");
        assertThatThrownBy(() -> event.args().get(4, String.class))
                .hasMessage("argument 4: expected String, got nothing");
        assertThat(text(encoder.encode(event, true)))
                .isEqualTo("42/admin,12[\"a b\",1,\"x\\u00e9é\",{\"id\":\"7\",\"amount\":3},null]");

        assertThat(
                        decode(
                                "52-[\"x\",{\"id\":\"1\",\"receipt\":{\"num\":1,\"_placeholder\":true}},{\"_placeholder\":true,\"num\":0}]"))
                .isNull();
        assertThat(decoder.decodeBinary(new byte[] {1})).isNull();
        SocketPacket.Event binary = (SocketPacket.Event) decoder.decodeBinary(new byte[] {2});
        assertThat(binary.args().get(1, byte[].class)).containsExactly(1);
        assertThat(binary.args().get(0, JsonNode.class).get("receipt").binaryValue())
                .containsExactly(2);
        assertThat(binary.args()
                        .get(0, new TypeReference<Map<String, Object>>() {})
                        .get("receipt"))
                .isEqualTo(new byte[] {2});
        assertThat(binary.args().get(1, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        EncodedPacket again = encoder.encode(binary, true);
        assertThat(text(again))
                .isEqualTo(
                        "452-[\"x\",{\"id\":\"1\",\"receipt\":{\"_placeholder\":true,\"num\":0}},{\"_placeholder\":true,\"num\":1}]");
        EncodedPacket live = encoder.event(
                "/",
                -1,
                "e",
                new Object[] {
                    List.of(1.0, 1e21, Double.NaN),
                    Map.of("b", ByteBuffer.wrap(new byte[1])),
                    new Order("\ud800", 1, new byte[] {5}),
                    1.0,
                    1e-7,
                    "\u0007\ud800\n"
                },
                true);
        assertThat(text(live))
                .isEqualTo(
                        "452-[\"e\",[1,1e+21,null],{\"b\":{\"_placeholder\":true,\"num\":0}},{\"id\":\"\\uD800\",\"amount\":1,\"receipt\":{\"_placeholder\":true,\"num\":1}},1,1e-7,\"\\u0007\\ud800\\n\"]");
        System.out.println(event.args() + " " + binary.args() + " " + Arguments.of("x", 1, List.of()));
        assertThat(text(encoder.connect("/a", "s", "p"))).isEqualTo("40/a,{\"sid\":\"s\",\"pid\":\"p\"}");
        assertThat(text(encoder.connectError("/", "m", Map.of("a", 1))))
                .isEqualTo("44{\"message\":\"m\",\"data\":{\"a\":1}}");
        assertThat(text(encoder.disconnect("/x"))).isEqualTo("41/x,");
    }

    private SocketPacket decode(String text) throws ProtocolException {
        byte[] utf8 = ("4" + text).getBytes(UTF_8);
        return decoder.decodeText(utf8, 1, utf8.length - 1);
    }

    private static String text(EncodedPacket packet) {
        return new String(packet.array(), packet.packetOffset(), packet.packetLength(), UTF_8);
    }
}
