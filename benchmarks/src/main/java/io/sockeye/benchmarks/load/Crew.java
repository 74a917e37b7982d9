package io.sockeye.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients that are let in before the measurement, some at a time. Confined to the load's thread. */
final class Crew implements WebSocketClient.Listener {
    private static final int AT_ONCE = 32;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Bench bench;
    private final boolean deflate;
    private final List<WebSocketClient> joined = new ArrayList<>();
    private int dialed;
    private int wanted;

    /** Clients that offer compression if {@code --deflate true} says so. */
    Crew(Bench bench) {
        this.bench = bench;
        deflate = bench.settings().flag("deflate");
    }

    /** The clients that are in, in the order they got in. */
    List<WebSocketClient> clients() {
        return joined;
    }

    /** Brings the number of clients up to that. */
    void grow(int size) {
        wanted = size;
        for (int i = 0; i < AT_ONCE; i++) {
            dialNext();
        }
        bench.loop().runUntil(() -> joined.size() == size, "only " + joined.size() + " joined", TIMEOUT_NANOS);
    }

    /** Brings the number of clients up to that, spread over that time. */
    void growEvenly(int size, long overNanos) {
        long start = System.nanoTime();
        int more = size - wanted;
        for (int i = 0; i < more; i++) {
            bench.loop().at(start + overNanos * i / more, this::inviteOne);
        }
        bench.loop().runUntil(() -> joined.size() == size, "clients join", overNanos + TIMEOUT_NANOS);
    }

    @Override
    public void onJoined(WebSocketClient client) {
        joined.add(client);
        dialNext();
    }

    @Override
    public void onAnswers(WebSocketClient client, int count) {
        throw new IllegalStateException("nothing was asked");
    }

    private void inviteOne() {
        wanted++;
        dialNext();
    }

    private void dialNext() {
        if (dialed < wanted && dialed - joined.size() < AT_ONCE) {
            dialed++;
            bench.loop().dial(new WebSocketClient(this, bench.tally(), deflate));
        }
    }
}
