package io.sockeye.transport.websocket;

import static io.sockeye.transport.websocket.Peer.BINARY;
import static io.sockeye.transport.websocket.Peer.CLOSE;
import static io.sockeye.transport.websocket.Peer.MAX_PAYLOAD;
import static io.sockeye.transport.websocket.Peer.PING;
import static io.sockeye.transport.websocket.Peer.PONG;
import static io.sockeye.transport.websocket.Peer.TEXT;
import static io.sockeye.transport.websocket.Peer.bytes;
import static io.sockeye.transport.websocket.Peer.concat;
import static io.sockeye.transport.websocket.Peer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of a client (RFC 6455, 5), good and bad, and what they are answered with. */
class WebSocketFramesTest {
    private static final int TEXT_FRAGMENT = 0x01;
    private static final int BINARY_FRAGMENT = 0x02;
    private static final int FRAGMENT = 0x00;
    private static final int LAST_FRAGMENT = 0x80;

    @Test
    void literalFramesAreRead() {
        try (Peer peer = new Peer()) {
            peer.send(bytes("81 83 01020304 35 63 61"), bytes("82 82 00000000 ff 00"), bytes("81 81 ffffffff c9"));
            assertThat(peer.told()).containsExactly("message ab", "binary ff00", "Noop[]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 124, 125, 126, 127, 1000, 65_534, 65_535, 65_536, MAX_PAYLOAD - 1})
    void messageOfAnyLengthIsRead(int length) {
        String text = "abcdefghijklmnopqrstuvwxyz".repeat(length / 26 + 1).substring(0, length);
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT, "4" + text), frame(BINARY, text));
            assertThat(peer.told())
                    .containsExactly(
                            "message " + text,
                            "binary " + Peer.hex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void framesArriveByteByByte() {
        try (Peer peer = new Peer()) {
            byte[] frames = concat(
                    frame(TEXT, "4hé€😀llo"),
                    frame(PING, "p"),
                    frame(BINARY_FRAGMENT, new byte[300]),
                    frame(LAST_FRAGMENT, new byte[66_000]),
                    frame(TEXT, "4" + "x".repeat(200)));
            for (byte b : frames) {
                peer.send(new byte[] {b});
            }
            assertThat(peer.told())
                    .containsExactly("message hé€😀llo", "binary " + "00".repeat(66_300), "message " + "x".repeat(200));
            assertThat(peer.sent()).isEqualTo("8a0170");
        }
    }

    @Test
    void manyFramesInOneReadAreAnsweredWithOneFlush() {
        try (Peer peer = new Peer()) {
            peer.send(frame(PING, "a"), frame(PING, ""), frame(PING, "c"));
            assertThat(peer.flushes()).isEqualTo(1);
            assertThat(peer.sent()).isEqualTo("8a0161" + "8a00" + "8a0163");
        }
    }

    @Test
    void fragmentsMakeOneMessage() {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT_FRAGMENT, "4a"), frame(FRAGMENT, ""), frame(FRAGMENT, "b"));
            assertThat(peer.told()).isEmpty();
            peer.send(frame(LAST_FRAGMENT, "c"));
            assertThat(peer.told()).containsExactly("message abc");
        }
    }

    @Test
    void controlFramesMayStandBetweenFragments() {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT_FRAGMENT, "4a"), frame(PING, "x"), frame(PONG, "y"), frame(LAST_FRAGMENT, "b"));
            assertThat(peer.told()).containsExactly("message ab");
            assertThat(peer.sent()).isEqualTo("8a0178");
        }
    }

    @Test
    void characterMayBeSplitBetweenFragments() {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT_FRAGMENT, bytes("34 e2 82")), frame(LAST_FRAGMENT, bytes("ac")));
            assertThat(peer.told()).containsExactly("message €");
        }
    }

    @Test
    void longerFormsOfALengthAreAccepted() {
        try (Peer peer = new Peer()) {
            peer.send(bytes("81 fe 0002 00000000 34 61"), bytes("81 ff 0000000000000002 00000000 34 62"));
            assertThat(peer.told()).containsExactly("message a", "message b");
        }
    }

    @Test
    void unsolicitedPongIsIgnored() {
        try (Peer peer = new Peer()) {
            peer.send(frame(PONG, "x"));
            assertThat(peer.told()).isEmpty();
        }
    }

    @Test
    void messageOfTheGreatestLengthIsRead() {
        try (Peer peer = new Peer()) {
            peer.send(frame(BINARY, new byte[MAX_PAYLOAD]));
            peer.send(frame(BINARY_FRAGMENT, new byte[MAX_PAYLOAD - 1]), frame(LAST_FRAGMENT, new byte[1]));
            assertThat(peer.told()).hasSize(2);
        }
    }

    /** Names the rule, the frames that break it, and the code of the close frame that answers them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "RSV1 without compression,              c1 81 00000000 34,                             1002",
        "RSV2,                                  a1 81 00000000 34,                             1002",
        "RSV3,                                  91 81 00000000 34,                             1002",
        "RSV3 on a ping,                        99 80 00000000,                                1002",
        "reserved data opcode,                  83 81 00000000 34,                             1002",
        "reserved data opcode 7,                87 81 00000000 34,                             1002",
        "reserved control opcode,               8b 80 00000000,                                1002",
        "reserved control opcode 15,            8f 80 00000000,                                1002",
        "continuation of nothing,               80 81 00000000 34,                             1002",
        "message inside a fragmented one,       01 81 00000000 34 81 81 00000000 34,           1002",
        "no mask,                               81 01 34,                                      1002",
        "no mask on a close frame,              88 00,                                         1002",
        "fragmented ping,                       09 80 00000000,                                1002",
        "ping with a 16 bit length,             89 fe 007e 00000000,                           1002",
        "close frame with half a code,          88 81 00000000 03,                             1002",
        "text that is no UTF-8,                 81 82 00000000 34 ff,                          1007",
        "text that ends within a character,     81 83 00000000 34 e2 82,                       1007",
        "overlong character,                    81 83 00000000 34 c0 af,                       1007",
        "surrogate,                             81 84 00000000 34 ed a0 80,                    1007",
        "beyond Unicode,                        81 85 00000000 34 f4 90 80 80,                 1007",
        "no UTF-8 across fragments,             01 82 00000000 34 ff 80 81 00000000 61,        1007",
        "reason that is no UTF-8,               88 83 00000000 03e8 ff,                        1007",
        "too long,                              82 ff 00000000000186a1,                        1009",
        "too long by far,                       82 ff 7fffffffffffffff,                        1009",
        "length with the highest bit set,       82 ff ffffffffffffffff,                        1009",
        "too long in sum,                       02 81 00000000 00 80 ff 00000000000186a0,      1009"
    })
    void brokenRuleEndsTheConnection(String rule, String frames, int code) {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT, "4before"), bytes(frames), frame(TEXT, "4after"));
            assertThat(peer.sent()).isEqualTo("8802" + String.format("%04x", code));
            assertThat(peer.told()).hasSize(2).first().isEqualTo("message before");
        }
    }

    @Test
    void tooManyFragmentsEndTheConnection() {
        try (Peer peer = new Peer()) {
            peer.send(frame(BINARY_FRAGMENT, ""));
            for (int i = 1; i < 16 * 1024; i++) {
                peer.send(frame(FRAGMENT, ""));
            }
            assertThat(peer.sent()).isEmpty();
            peer.send(frame(FRAGMENT, ""));
            assertThat(peer.sent()).isEqualTo("880203f0");
            assertThat(peer.told()).containsExactly("TRANSPORT_ERROR: Too many message fragments");
        }
    }

    @Test
    void errorIsToldInTheReferencesWords() {
        try (Peer peer = new Peer()) {
            peer.send(bytes("81 01 34"));
            assertThat(peer.told()).containsExactly("TRANSPORT_ERROR: MASK must be set");
            assertThat(peer.sent()).isEqualTo("880203ea");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999})
    void closeFrameIsAnsweredInKind(int code) {
        try (Peer peer = new Peer()) {
            byte[] payload = concat(new byte[] {(byte) (code >>> 8), (byte) code}, bytes("c3a9"));
            peer.send(frame(CLOSE, payload), frame(TEXT, "4late"), frame(PING, "late"));
            assertThat(peer.told()).containsExactly("close");
            assertThat(peer.sent()).isEqualTo(String.format("8804%04xc3a9", code));
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void closeFrameWithoutACodeIsAnsweredInKind() {
        try (Peer peer = new Peer()) {
            peer.send(frame(CLOSE, ""));
            assertThat(peer.told()).containsExactly("close");
            assertThat(peer.sent()).isEqualTo("8800");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 32_768, 65_535})
    void closeFrameWithACodeThatMustNotBeIsAnError(int code) {
        try (Peer peer = new Peer()) {
            peer.send(frame(CLOSE, new byte[] {(byte) (code >>> 8), (byte) code}));
            assertThat(peer.told()).containsExactly("TRANSPORT_ERROR: invalid status code");
            assertThat(peer.sent()).isEqualTo("880203ea");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "x", " 4a", "\ufeff4a", "é"})
    void textThatIsNoPacketClosesWithoutACode(String text) {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT, text), frame(TEXT, "4late"), frame(PING, "late"));
            assertThat(peer.told()).containsExactly("PARSE_ERROR: parser error");
            assertThat(peer.sent()).isEqualTo("8800");
            assertThat(peer.isOpen()).as("awaits the client's close frame").isTrue();
            peer.send(frame(CLOSE, ""));
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void base64InTextIsBinary() {
        try (Peer peer = new Peer()) {
            peer.send(frame(TEXT, "bAQID"), frame(TEXT, "2probe"), frame(TEXT, "5"));
            assertThat(peer.told()).containsExactly("binary 010203", "Ping[probe=true]", "Upgrade[]");
        }
    }
}
