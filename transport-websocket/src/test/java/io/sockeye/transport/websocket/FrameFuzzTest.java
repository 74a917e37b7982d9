package io.sockeye.transport.websocket;

import static io.sockeye.transport.websocket.Peer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Bytes of a peer may be anything, and arrive in any pieces. */
class FrameFuzzTest {

    @Property(tries = 2000)
    void anyBytesAreSurvived(@ForAll @Size(max = 200) byte[] bytes, @ForAll boolean compression) {
        try (Peer peer = new Peer(new HandLoop(), compression ? 1 : Integer.MAX_VALUE)) {
            peer.send(bytes);
            peer.hangUp();
            peer.sent();
            assertThat(peer.told().stream().filter(FrameFuzzTest::isEnd)).hasSize(1);
        }
    }

    @Property(tries = 500)
    void brokenFramesAreSurvived(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = frames(random, new ArrayList<>());
        for (int i = random.nextInt(5); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try (Peer peer = new Peer()) {
            sendInPieces(peer, bytes, random);
            peer.hangUp();
            peer.sent();
            assertThat(peer.told().stream().filter(FrameFuzzTest::isEnd)).hasSize(1);
        }
    }

    @Property(tries = 500)
    void piecesDoNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> messages = new ArrayList<>();
        byte[] bytes = frames(random, messages);
        try (Peer peer = new Peer()) {
            sendInPieces(peer, bytes, random);
            assertThat(peer.told()).isEqualTo(messages);
            peer.sent();
        }
    }

    private static boolean isEnd(String told) {
        return told.equals("close") || told.contains("_ERROR: ");
    }

    private static void sendInPieces(Peer peer, byte[] bytes, Random random) {
        int start = 0;
        while (start < bytes.length && peer.isOpen()) {
            int end = Math.min(bytes.length, start + 1 + random.nextInt(random.nextBoolean() ? 4 : 1000));
            peer.send(Arrays.copyOfRange(bytes, start, end));
            start = end;
        }
    }

    /** Some messages, each in one or several frames, with pings between them. */
    private static byte[] frames(Random random, List<String> messages) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            boolean text = random.nextBoolean();
            int length = random.nextInt(random.nextBoolean() ? 300 : 20) + 1;
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            if (text) {
                String letters = "4" + "é".repeat(length / 2) + "x".repeat(length % 2);
                payload = letters.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                messages.add("message " + letters.substring(1));
            } else {
                messages.add("binary " + Peer.hex(payload));
            }
            int sent = 0;
            int opcode = text ? 1 : 2;
            while (random.nextInt(3) == 0) {
                int end = sent + random.nextInt(payload.length - sent + 1);
                frames.writeBytes(frame(opcode, Arrays.copyOfRange(payload, sent, end)));
                frames.writeBytes(frame(Peer.PING, new byte[random.nextInt(126)]));
                opcode = 0;
                sent = end;
            }
            frames.writeBytes(frame(0x80 | opcode, Arrays.copyOfRange(payload, sent, payload.length)));
        }
        return frames.toByteArray();
    }
}
