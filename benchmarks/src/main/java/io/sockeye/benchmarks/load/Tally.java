package io.sockeye.benchmarks.load;

/** What the load counts while it runs. Confined to the load's thread. */
final class Tally {
    private final Histogram latencies = new Histogram();
    private long operations;
    private long deliveries;
    private long heartbeats;

    /** Forgets what happened before the measurement. */
    void clear() {
        latencies.clear();
        operations = 0;
        deliveries = 0;
        heartbeats = 0;
    }

    /** Counts operations that were answered. */
    void operations(long count) {
        operations += count;
    }

    /** Counts messages that reached a receiver of a broadcast. */
    void deliveries(long count) {
        deliveries += count;
    }

    /** Counts a heartbeat. */
    void heartbeat() {
        heartbeats++;
    }

    /** Counts how long an operation took. */
    void latency(long nanos) {
        latencies.record(nanos);
    }

    long operations() {
        return operations;
    }

    long deliveries() {
        return deliveries;
    }

    long heartbeats() {
        return heartbeats;
    }

    Histogram latencies() {
        return latencies;
    }
}
