package io.sockeye.benchmarks.load;

import java.util.concurrent.TimeUnit;

/**
 * Clients that only keep their connection: {@code --clients} of them at first, {@code --more} in the end. What each takes
 * of the server's resident set is the slope between the two.
 *
 * <p>Before, {@code --churn} clients come and go, so that code is compiled and pools are filled when the first figure is
 * taken. Both figures are taken after the server has collected its garbage; the slope without that is put too. Confined to
 * the load's thread.
 */
final class Idle implements Scenario {
    private static final int COLLECTIONS = 2;
    private static final int CHURN_AT_ONCE = 64;
    private static final long CHURN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Bench bench;
    private final long settleNanos;

    Idle(Bench bench) {
        this.bench = bench;
        settleNanos = bench.settings().nanos("settle", 3);
    }

    @Override
    public void run() {
        churn(bench.settings().number("churn", 5000));
        int few = bench.settings().number("clients", 2000);
        int many = bench.settings().number("more", 10_000);
        Crew crew = new Crew(bench);
        crew.grow(few);
        bench.loop().runFor(settleNanos);
        long touchedByFew = bench.server().residentBytes();
        long takenByFew = residentAfterCollection();
        crew.grow(many);
        bench.loop().runFor(settleNanos);
        long touchedByMany = bench.server().residentBytes();
        long takenByMany = residentAfterCollection();
        bench.put("bytesPerConnection", (double) (takenByMany - takenByFew) / (many - few));
        bench.put("bytesPerConnectionWithGarbage", (double) (touchedByMany - touchedByFew) / (many - few));
        bench.put("residentMegabytes", takenByMany / 1e6);
    }

    private long residentAfterCollection() {
        for (int i = 0; i < COLLECTIONS; i++) {
            bench.talk().collectGarbage();
            bench.loop().runFor(bench.settings().nanos("collect", 1));
        }
        return bench.server().residentBytes();
    }

    private void churn(int clients) {
        Churn churn = new Churn(clients);
        for (int i = 0; i < Math.min(CHURN_AT_ONCE, clients); i++) {
            churn.dial();
        }
        bench.loop().runUntil(() -> churn.gone == clients, "clients come and go", CHURN_TIMEOUT_NANOS);
    }

    /** Clients that leave as soon as they are in. */
    private final class Churn implements WebSocketClient.Listener {
        private final int wanted;
        private int dialed;
        private int gone;

        Churn(int wanted) {
            this.wanted = wanted;
        }

        void dial() {
            dialed++;
            bench.loop().dial(new WebSocketClient(this, bench.tally()));
        }

        @Override
        public void onJoined(WebSocketClient client) {
            client.leave();
        }

        @Override
        public void onAnswers(WebSocketClient client, int count) {
            throw new IllegalStateException("nothing was asked");
        }

        @Override
        public void onGone(WebSocketClient client) {
            gone++;
            if (dialed < wanted) {
                dial();
            }
        }
    }
}
