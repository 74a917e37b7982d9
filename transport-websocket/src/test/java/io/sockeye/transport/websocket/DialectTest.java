package io.sockeye.transport.websocket;

import static io.sockeye.transport.websocket.Peer.BINARY;
import static io.sockeye.transport.websocket.Peer.TEXT;
import static io.sockeye.transport.websocket.Peer.bytes;
import static io.sockeye.transport.websocket.Peer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the frames of a client that is not of revision 4, or that wants base64. */
class DialectTest {

    @ParameterizedTest
    @CsvSource({
        "REVISION_4, 820101, 820102",
        "REVISION_4_BASE64, 81056241513d3d, 81056241673d3d",
        "REVISION_3, 82020401, 82020402",
        "REVISION_3_BASE64, 8106623441513d3d, 8106623441673d3d"
    })
    void binaryMessagesAndAttachmentsGoOutInTheDialect(Dialect dialect, String message, String attachment) {
        byte[] array = new byte[EncodedPacket.HEADROOM + 1];
        array[EncodedPacket.HEADROOM] = 'x';
        EncodedPacket withAttachment = EncodedPacket.text(
                array, 1, /* compressible= */ false, EncodedPacket.binary(new byte[] {2}, 0, 1, true));
        try (Peer peer = new Peer(dialect)) {
            peer.deliver(
                    EncodedPacket.binary(new byte[] {1}, 0, 1, /* compressible= */ true),
                    EncodedPacket.text("a"),
                    withAttachment);
            assertThat(peer.sent()).isEqualTo(message + "81023461" + "81023478" + attachment);
        }
    }

    @Test
    void oneBroadcastSuitsEveryDialect() {
        EncodedPacket packet = EncodedPacket.binary(new byte[2000], 0, 2000, /* compressible= */ true);
        for (int i = 0; i < 2; i++) {
            try (Peer old = new Peer(Dialect.REVISION_3);
                    Peer young = new Peer(Dialect.REVISION_4)) {
                old.deliver(packet);
                young.deliver(packet);
                assertThat(old.sent()).isEqualTo("827e07d1" + "04" + "00".repeat(2000));
                assertThat(young.sent()).isEqualTo("827e07d0" + "00".repeat(2000));
            }
        }
    }

    @Test
    void firstByteOfABinaryFrameIsTheType() {
        try (Peer peer = new Peer(Dialect.REVISION_3)) {
            peer.send(frame(BINARY, bytes("04010203")));
            assertThat(peer.told()).containsExactly("binary 010203");
            peer.send(frame(BINARY, bytes("04")));
            assertThat(peer.told()).containsExactly("binary ");
            peer.send(frame(BINARY, bytes("02")));
            assertThat(peer.told()).containsExactly("Ping[probe=false]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "09", "ff", "34"})
    void binaryFrameOfNoTypeIsANoop(String data) {
        try (Peer peer = new Peer(Dialect.REVISION_3)) {
            peer.send(frame(BINARY, bytes(data)));
            assertThat(peer.told()).containsExactly("Noop[]");
        }
    }

    @ParameterizedTest
    @CsvSource({"REVISION_4, bAQID", "REVISION_4_BASE64, bAQID", "REVISION_3, b4AQID", "REVISION_3_BASE64, b4AQID"})
    void base64IsTakenInEveryDialect(Dialect dialect, String text) {
        try (Peer peer = new Peer(dialect)) {
            peer.send(frame(TEXT, text));
            assertThat(peer.told()).containsExactly("binary 010203");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9", "x"})
    void unknownTypeInTextIsAnErrorInRevision3Too(String text) {
        try (Peer peer = new Peer(Dialect.REVISION_3)) {
            peer.send(frame(TEXT, text));
            assertThat(peer.told()).containsExactly("PARSE_ERROR: parser error");
            assertThat(peer.sent()).isEqualTo("8800");
        }
    }
}
