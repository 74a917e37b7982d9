package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The echo over long-polling: each of {@code --clients} posts a message once the one before has come back. {@code
 * --ended-by-server true} says that the server ends connections after each answer.
 *
 * <p>An operation is a POST and the poll that brings the message back. Confined to the load's thread.
 */
final class Polling implements Scenario, PollingClient.Listener {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Bench bench;
    private final IdentityHashMap<PollingClient, Exchange> exchanges = new IdentityHashMap<>();
    private boolean begun;

    Polling(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        int size = bench.settings().number("clients", 64);
        boolean endedByServer = bench.settings().flag("ended-by-server");
        for (int i = 0; i < size; i++) {
            new PollingClient(bench.loop(), endedByServer, this).open();
        }
        bench.loop().runUntil(() -> exchanges.size() == size, "clients join", TIMEOUT_NANOS);
        begun = true;
        exchanges.forEach((client, exchange) -> exchange.ask(client));
        bench.measureSteadyLoad();
    }

    @Override
    public void onReady(PollingClient client) {
        Exchange exchange = exchanges.get(client);
        if (exchange == null) {
            String payload = Payload.text(bench.settings().number("bytes", 64), exchanges.size());
            exchanges.put(client, new Exchange(client, payload));
        } else if (begun) {
            bench.tally().operations(1);
            bench.tally().latency(System.nanoTime() - exchange.askedAt);
            exchange.ask(client);
        }
    }

    /** The message that a client sends again and again. */
    private static final class Exchange {
        private final ByteBuffer request;
        private final byte[] answer;
        private long askedAt;

        Exchange(PollingClient client, String payload) {
            request = client.post("42[\"message\"," + payload + "]");
            answer = ("42[\"message-back\"," + payload + "]").getBytes(UTF_8);
        }

        void ask(PollingClient client) {
            askedAt = System.nanoTime();
            client.ask(request, answer);
        }
    }
}
