package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.ReferenceTable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The codecs of revision 3 beside the parser that engine.io has for it. */
class Revision3ReferenceTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void packetsAreReadAsTheReferenceReadsThem() {
        ReferenceTable.forEachRow("engine-io-3-packets.json", row -> {
            String packet = row.has("text")
                    ? readText(row.get("text").asString().getBytes(UTF_8))
                    : readBinary(HEX.parseHex(row.get("octets").asString()));
            assertThat(packet).as(row.toString()).isEqualTo(EngineReferenceTest.expected(row.get("packet")));
        });
    }

    @Test
    void payloadsAreReadAsTheReferenceReadsThem() {
        ReferenceTable.forEachRow("engine-io-3-payloads.json", row -> {
            List<String> expected = row.get("packets")
                    .valueStream()
                    .map(EngineReferenceTest::expected)
                    .toList();
            byte[] body = HEX.parseHex(row.get("body").asString());
            PayloadDecoder decoder = row.get("octets").asBoolean()
                    ? PayloadDecoder.ofRevision3Octets(body)
                    : PayloadDecoder.ofRevision3(body);
            assertThat(EngineReferenceTest.readAll(decoder)).as(row.toString()).isEqualTo(expected);
        });
    }

    @Test
    void messagesAreWrittenAsTheReferenceWritesThem() {
        ReferenceTable.forEachRow("engine-io-3-encoded.json", row -> {
            List<EncodedPacket> packets = row.get("messages")
                    .valueStream()
                    .map(Revision3ReferenceTest::message)
                    .toList();
            assertThat(HEX.formatHex(Revision3PayloadEncoder.encodeText(packets)))
                    .as(row.toString())
                    .isEqualTo(row.get("text").asString());
            assertThat(Revision3PayloadEncoder.hasBinary(packets)).isEqualTo(row.has("octets"));
            if (row.has("octets")) {
                assertThat(HEX.formatHex(Revision3PayloadEncoder.encodeOctets(packets)))
                        .as(row.toString())
                        .isEqualTo(row.get("octets").asString());
            }
            assertThat(frames(packets, Dialect.REVISION_3)).isEqualTo(strings(row.get("frames")));
            assertThat(frames(packets, Dialect.REVISION_3_BASE64)).isEqualTo(strings(row.get("base64Frames")));
        });
    }

    private static List<String> frames(List<EncodedPacket> packets, Dialect dialect) {
        return packets.stream().map(packet -> payload(packet.in(dialect))).toList();
    }

    private static String payload(EncodedPacket packet) {
        int start = packet.packetOffset();
        return HEX.formatHex(Arrays.copyOfRange(packet.array(), start, start + packet.packetLength()));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static EncodedPacket message(JsonNode message) {
        if (message.has("text")) {
            return EncodedPacket.text(message.get("text").asString());
        }
        byte[] data = HEX.parseHex(message.get("octets").asString());
        return EncodedPacket.binary(data, 0, data.length, /* compressible= */ true);
    }

    private static String readText(byte[] text) {
        try {
            return EngineReferenceTest.shown(Revision3PacketDecoder.decodeText(text, 0, text.length));
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
            return "error";
        }
    }

    private static String readBinary(byte[] data) {
        return EngineReferenceTest.shown(Revision3PacketDecoder.decodeBinary(data, 0, data.length));
    }
}
