package io.sockeye.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code --clients} lose their connection all at once, and come back all at once. Done {@code --rounds} times, of which the
 * first is not measured.
 *
 * <p>An operation is one client that is back; its latency is counted from the loss of all connections. Confined to the
 * load's thread.
 */
final class Avalanche implements Scenario, WebSocketClient.Listener {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Bench bench;
    private List<WebSocketClient> clients = new ArrayList<>();
    private long lostAt;
    private int refused;

    Avalanche(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        int size = bench.settings().number("clients", 10_000);
        int rounds = bench.settings().number("rounds", 3);
        Crew crew = new Crew(bench);
        crew.grow(size);
        clients = crew.clients();
        loseAndReturn(size);
        bench.loop().runFor(bench.settings().nanos("settle", 2));
        Bench.Window window = bench.new Window();
        long busyNanos = 0;
        for (int i = 1; i < rounds; i++) {
            loseAndReturn(size);
            busyNanos += System.nanoTime() - lostAt;
            bench.loop().runFor(bench.settings().nanos("settle", 2));
        }
        window.end(bench.tally().operations());
        bench.put("secondsUntilAllAreBack", busyNanos / 1e9 / (rounds - 1));
        bench.put("refusedPerRound", (double) refused / rounds);
    }

    @Override
    public void onJoined(WebSocketClient client) {
        clients.add(client);
        bench.tally().operations(1);
        bench.tally().latency(System.nanoTime() - lostAt);
    }

    @Override
    public void onAnswers(WebSocketClient client, int count) {
        throw new IllegalStateException("nothing was asked");
    }

    /** A crowd may be too much for the queue of connections that wait to be accepted; clients come again. */
    @Override
    public void onRefused(WebSocketClient client, String when) {
        refused++;
        bench.loop().at(System.nanoTime() + RETRY_NANOS, this::dial);
    }

    private void loseAndReturn(int size) {
        List<WebSocketClient> lost = clients;
        clients = new ArrayList<>(size);
        lostAt = System.nanoTime();
        lost.forEach(WebSocketClient::hangUp);
        for (int i = 0; i < size; i++) {
            dial();
        }
        bench.loop().runUntil(() -> clients.size() == size, "clients come back", TIMEOUT_NANOS);
    }

    private void dial() {
        bench.loop().dial(new WebSocketClient(this, bench.tally()));
    }
}
