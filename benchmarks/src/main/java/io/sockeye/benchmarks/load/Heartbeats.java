package io.sockeye.benchmarks.load;

/**
 * Clients that only answer the server's pings. The server has to run with a short interval, {@code --interval} in
 * seconds, over which the clients' arrivals are spread.
 *
 * <p>An operation is a ping and its pong. Confined to the load's thread.
 */
final class Heartbeats implements Scenario {
    private final Bench bench;

    Heartbeats(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        long interval = bench.settings().nanos("interval", 1);
        Crew crew = new Crew(bench);
        crew.growEvenly(bench.settings().number("clients", 2000), interval);
        bench.measureHeartbeats();
    }
}
