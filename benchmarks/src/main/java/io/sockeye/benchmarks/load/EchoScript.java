package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sockeye.benchmarks.load.Script.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes the scripts of {@link Echo}: messages that come back. Confined to the load's thread. */
final class EchoScript {
    private static final long REHEARSAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Bench bench;
    private final String event;
    private final int operations;

    /** @param operations how many different messages a script has */
    EchoScript(Bench bench, int operations) {
        this.bench = bench;
        this.operations = operations;
        event = bench.settings().text("event", "message");
    }

    /** A script of messages that no other client sends. */
    Script forClient(int client) {
        List<Operation> script = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            long seed = (long) client * operations + i;
            script.add(
                    switch (event) {
                        case "binary" -> binary(seed);
                        case "ack" -> ack(i, payload(seed));
                        default -> message(payload(seed));
                    });
        }
        return new Script(script);
    }

    /**
     * A script of compressed messages for everyone. How a server compresses is its own affair, so this client rehearses:
     * the answers are inflated and checked, and their bytes are those expected from then on.
     */
    Script rehearsedWith(WebSocketClient client) {
        List<Operation> script = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            String payload = payload(i);
            byte[] outgoing = Frames.fromClient(
                    Frames.COMPRESSED_TEXT, Deflation.deflate(("42[\"message\"," + payload + "]").getBytes(UTF_8)));
            List<ServerFrame> heard = new ArrayList<>();
            client.hear(heard::add);
            client.send(outgoing);
            bench.loop().runUntil(() -> !heard.isEmpty(), "the rehearsal", REHEARSAL_NANOS);
            ServerFrame answer = heard.get(0);
            if (!answer.text().equals("42[\"message-back\"," + payload + "]")) {
                throw new LoadFailure("wrong answer: " + LoadFailure.printable(answer.payload()));
            }
            if ((answer.bytes()[0] & 0xff) != Frames.COMPRESSED_TEXT) {
                throw new LoadFailure("the answer is not compressed");
            }
            script.add(new Operation(outgoing, answer.bytes()));
        }
        return new Script(script);
    }

    private String payload(long seed) {
        int bytes = bench.settings().number("bytes", 64);
        return bench.settings().flag("json") ? Payload.records(bytes, seed) : Payload.text(bytes, seed);
    }

    /** Engine.IO v4 message 4, Socket.IO v5 EVENT 2. */
    private static Operation message(String payload) {
        return new Operation(
                Frames.fromClient("42[\"message\"," + payload + "]"),
                Frames.fromServer("42[\"message-back\"," + payload + "]"));
    }

    /** The answer is an ACK, 3, of the same number. */
    private static Operation ack(int id, String payload) {
        return new Operation(
                Frames.fromClient("42" + id + "[\"message-with-ack\"," + payload + "]"),
                Frames.fromServer("43" + id + "[" + payload + "]"));
    }

    /** BINARY_EVENT, 5, with one attachment in a frame of its own. */
    private Operation binary(long seed) {
        byte[] data = Payload.binary(bench.settings().number("bytes", 64), seed);
        byte[] back = bench.settings().flag("typed-attachments") ? Frames.join(new byte[] {4}, data) : data;
        return new Operation(
                Frames.join(
                        Frames.fromClient("451-[\"message\",{\"_placeholder\":true,\"num\":0}]"),
                        Frames.fromClient(Frames.BINARY, data)),
                Frames.join(
                        Frames.fromServer("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]"),
                        Frames.fromServer(Frames.BINARY, back)));
    }
}
