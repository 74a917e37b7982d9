package io.sockeye.transport.websocket;

import static io.sockeye.transport.websocket.Peer.bytes;
import static io.sockeye.transport.websocket.Peer.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code permessage-deflate} (RFC 7692), without context between messages. */
class CompressionTest {
    private static final String ACCEPTED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final int TEXT = 0xc1;
    private static final int BINARY = 0xc2;

    private static Peer peer(int threshold) {
        return new Peer(new HandLoop(), threshold);
    }

    /** RFC 7692, 7.2.1. */
    private static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(9, true);
        try {
            deflater.setInput(message);
            byte[] output = new byte[message.length + 100];
            int length = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(output, length - 4);
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflate(byte[] payload, int length) throws Exception {
        Inflater inflater = new Inflater(true);
        try {
            byte[] input = Arrays.copyOf(payload, payload.length + 4);
            input[input.length - 2] = (byte) 0xff;
            input[input.length - 1] = (byte) 0xff;
            inflater.setInput(input);
            byte[] output = new byte[length + 1];
            return Arrays.copyOf(output, inflater.inflate(output));
        } finally {
            inflater.end();
        }
    }

    /** RFC 7692, 7.2.3.1 and 7.2.3.2: the examples of the specification. */
    @Test
    void examplesOfTheSpecificationAreRead() {
        try (Peer peer = peer(1024)) {
            peer.send(frame(BINARY, bytes("f248cdc9c90700")));
            peer.send(frame(0x42, bytes("f248cd")), frame(0x80, bytes("c9c90700")));
            peer.send(frame(BINARY, bytes("000500faff48656c6c6f00")));
            peer.send(frame(BINARY, bytes("f348cdc9c9070000")));
            peer.send(frame(BINARY, bytes("f248050000 00ffff cac9c90700")));
            assertThat(peer.told()).hasSize(5).containsOnly("binary " + Peer.hex("Hello".getBytes(UTF_8)));
        }
    }

    @Test
    void messagesAreIndependentOfEachOther() {
        try (Peer peer = peer(1024)) {
            byte[] message = deflate("4hé€".getBytes(UTF_8));
            peer.send(frame(TEXT, message), frame(0x81, "4plain"), frame(TEXT, message));
            assertThat(peer.told()).containsExactly("message hé€", "message plain", "message hé€");
        }
    }

    @Test
    void messagesFromTheThresholdOnAreCompressed() throws Exception {
        try (Peer peer = peer(100)) {
            peer.deliver(EncodedPacket.text("a".repeat(98)));
            assertThat(peer.sent()).startsWith("8163" + "3461");
            peer.deliver(EncodedPacket.text("a".repeat(99)));
            String sent = peer.sent();
            assertThat(sent).startsWith("c1");
            byte[] frame = bytes(sent);
            assertThat(frame[1]).isEqualTo((byte) (frame.length - 2));
            byte[] payload = Arrays.copyOfRange(frame, 2, frame.length);
            assertThat(new String(inflate(payload, 100), UTF_8)).isEqualTo("4" + "a".repeat(99));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 70_000, 200_000})
    void incompressibleMessagesAreFramedByTheirLength(int length) throws Exception {
        byte[] data = new byte[length];
        new java.util.Random(1).nextBytes(data);
        try (Peer peer = peer(100)) {
            peer.deliver(EncodedPacket.binary(data, 0, length, /* compressible= */ true));
            byte[] frame = bytes(peer.sent());
            int header = length < 60_000 ? 4 : 10;
            assertThat(frame[0]).isEqualTo((byte) BINARY);
            assertThat(frame[1]).isEqualTo((byte) (header == 4 ? 126 : 127));
            byte[] payload = Arrays.copyOfRange(frame, header, frame.length);
            int announced = new java.math.BigInteger(1, Arrays.copyOfRange(frame, 2, header)).intValue();
            assertThat(announced).isEqualTo(payload.length);
            assertThat(inflate(payload, length)).isEqualTo(data);
            peer.told();
        }
    }

    @Test
    void packetsThatAreNotToBeCompressedAreNot() {
        try (Peer peer = peer(10)) {
            peer.deliver(EncodedPacket.binary(new byte[50], 0, 50, /* compressible= */ false));
            assertThat(peer.sent()).isEqualTo("8232" + "00".repeat(50));
        }
    }

    @Test
    void broadcastIsCompressedOnce() {
        MessageDeflater deflater = new MessageDeflater();
        EncodedPacket packet = EncodedPacket.text("a".repeat(2000));
        byte[] frame = deflater.frame(packet);
        assertThat(deflater.frame(packet)).isSameAs(frame);
        assertThat(deflater.frame(EncodedPacket.text("b".repeat(2000)))).isNotEqualTo(frame);
        deflater.end();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "RSV1 on a continuation,         42 81 00000000 f2 c0 81 00000000 00,       1002",
        "RSV1 on a ping,                 c9 80 00000000,                            1002",
        "RSV2 beside RSV1,               e1 81 00000000 00,                         1002",
        "no compressed data,             c2 84 00000000 ffffffff,                   1007",
        "block type that is none,        c2 81 00000000 07,                         1007",
        "compressed text that is no UTF-8, c1 87 00000000 000200fdff34ff,           1007"
    })
    void brokenRuleEndsTheConnection(String rule, String frames, int code) {
        try (Peer peer = peer(1024)) {
            peer.send(bytes(frames));
            assertThat(peer.sent()).isEqualTo("8802" + String.format("%04x", code));
            assertThat(peer.told()).hasSize(1).first().asString().startsWith("TRANSPORT_ERROR: ");
        }
    }

    @Test
    void messageThatUnpacksBeyondTheLimitEndsTheConnection() {
        try (Peer peer = peer(1024)) {
            peer.send(frame(BINARY, deflate(new byte[Peer.MAX_PAYLOAD])));
            assertThat(peer.told()).hasSize(1).first().asString().startsWith("binary 00");
            peer.send(frame(BINARY, deflate(new byte[Peer.MAX_PAYLOAD + 1])));
            assertThat(peer.sent()).isEqualTo("880203f1");
            assertThat(peer.told()).containsExactly("TRANSPORT_ERROR: Max payload size exceeded");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "permessage-deflate                                              | " + ACCEPTED,
                "permessage-deflate; client_max_window_bits                      | " + ACCEPTED,
                "permessage-deflate; client_max_window_bits=8                    | " + ACCEPTED,
                "permessage-deflate;server_no_context_takeover                   | " + ACCEPTED,
                "'permessage-deflate; client_max_window_bits=\"10\"'             | " + ACCEPTED,
                "permessage-deflate; server_max_window_bits=15                   | " + ACCEPTED
                        + "; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=14                   | -",
                "'permessage-deflate; server_max_window_bits=10, permessage-deflate' | " + ACCEPTED,
                "'x-webkit-deflate-frame, permessage-deflate'                    | " + ACCEPTED,
                "x-webkit-deflate-frame                                          | -",
                "x; a=b; a=c                                                     | -"
            })
    void offerIsAnswered(String offers, String answer) throws ProtocolException {
        assertThat(DeflateNegotiation.answer(ExtensionOffer.parse(offers))).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-deflate;",
                "permessage-deflate,",
                ", permessage-deflate",
                "permessage-deflate; ; a",
                "permessage-deflate; unknown",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate; client_max_window_bits=\"\"",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate, permessage-deflate; unknown",
                "permessage deflate",
                "permessage-deflate; a = b"
            })
    void invalidOfferIsAnError(String offers) {
        assertThatThrownBy(() -> DeflateNegotiation.answer(ExtensionOffer.parse(offers)))
                .isInstanceOf(ProtocolException.class);
    }
}
