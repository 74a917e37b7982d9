package io.sockeye.benchmarks.load;

import java.util.concurrent.TimeUnit;

/**
 * Clients come and go: connection, WebSocket handshake, Engine.IO handshake, namespace, then leaving both, until the server
 * has closed. {@code --at-once} are at it at a time.
 *
 * <p>An operation is the whole life of a client; its latency is that up to being in the namespace. Confined to the load's
 * thread.
 */
final class Connects implements Scenario, WebSocketClient.Listener {
    private static final long DRAIN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Bench bench;
    private boolean ending;
    private int alive;

    Connects(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        int atOnce = bench.settings().number("at-once", 16);
        for (int i = 0; i < atOnce; i++) {
            dial();
        }
        bench.measureSteadyLoad();
        ending = true;
        bench.loop().runUntil(() -> alive == 0, "clients leave", DRAIN_TIMEOUT_NANOS);
    }

    @Override
    public void onJoined(WebSocketClient client) {
        bench.tally().latency(System.nanoTime() - client.dialedAt());
        client.leave();
    }

    @Override
    public void onAnswers(WebSocketClient client, int count) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onGone(WebSocketClient client) {
        alive--;
        bench.tally().operations(1);
        if (!ending) {
            dial();
        }
    }

    private void dial() {
        alive++;
        bench.loop().dial(new WebSocketClient(this, bench.tally()));
    }
}
