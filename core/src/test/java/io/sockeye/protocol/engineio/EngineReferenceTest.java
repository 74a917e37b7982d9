package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.ReferenceTable;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Engine.IO codecs beside engine.io-parser. */
class EngineReferenceTest {

    @Test
    void packetsAreReadAsTheReferenceReadsThem() {
        ReferenceTable.forEachRow("engine-io-packets.json", row -> {
            byte[] text = row.get("text").asString().getBytes(UTF_8);
            assertThat(read(text)).as(row.toString()).isEqualTo(expected(row.get("packet")));
        });
    }

    @Test
    void payloadsAreReadAsTheReferenceReadsThem() {
        ReferenceTable.forEachRow("engine-io-payloads.json", row -> {
            List<String> expected = row.get("packets")
                    .valueStream()
                    .map(EngineReferenceTest::expected)
                    .toList();
            byte[] body = HexFormat.of().parseHex(row.get("body").asString());
            assertThat(readAll(PayloadDecoder.of(body))).as(row.toString()).isEqualTo(expected);
        });
    }

    static String expected(JsonNode packet) {
        String type = packet.get("type").asString();
        String data = packet.has("data") ? packet.get("data").asString() : "";
        return switch (type) {
            case "message", "binary" -> type + " " + data;
            case "ping", "pong" -> type + (data.equals("probe") ? " probe" : "");
            default -> type;
        };
    }

    static List<String> readAll(PayloadDecoder decoder) {
        List<String> packets = new ArrayList<>();
        try {
            EnginePacket packet = decoder.next();
            while (packet != null) {
                packets.add(shown(packet));
                packet = decoder.next();
            }
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
            packets.add("error");
        }
        return packets;
    }

    private static String read(byte[] text) {
        try {
            return shown(EnginePacketDecoder.decodeText(text, 0, text.length));
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
            return "error";
        }
    }

    static String shown(EnginePacket packet) {
        if (packet instanceof EnginePacket.Message message) {
            return "message " + message.text();
        }
        if (packet instanceof EnginePacket.Binary binary) {
            return "binary " + HexFormat.of().formatHex(binary.data());
        }
        if (packet instanceof EnginePacket.Ping ping) {
            return ping.probe() ? "ping probe" : "ping";
        }
        if (packet instanceof EnginePacket.Pong pong) {
            return pong.probe() ? "pong probe" : "pong";
        }
        return packet.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
