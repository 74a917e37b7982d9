package io.sockeye.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What a scenario works with: the loop, the counters, the settings, and the measured window. Confined to the load's thread.
 */
final class Bench {
    private static final double NANOS_PER_MICRO = 1e3;

    private static final long SHORTEST_STRETCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TRY_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<String, String> result = new LinkedHashMap<>();
    private final Loop loop;
    private final Tally tally = new Tally();
    private final Settings settings;
    private final ServerMeter server;
    private final ServerMeter self = new ServerMeter("self");
    private final ServerTalk talk;

    Bench(Loop loop, Settings settings, ServerTalk talk) {
        this.loop = loop;
        this.settings = settings;
        this.talk = talk;
        server = new ServerMeter(settings.text("pid"));
    }

    Loop loop() {
        return loop;
    }

    Tally tally() {
        return tally;
    }

    Settings settings() {
        return settings;
    }

    ServerMeter server() {
        return server;
    }

    ServerTalk talk() {
        return talk;
    }

    /** What was found, by name, in the order it was put. */
    Map<String, String> result() {
        return result;
    }

    /** Adds a figure to what was found. */
    void put(String name, double value) {
        result.put(name, value == Math.rint(value) ? Long.toString((long) value) : String.format("%.3f", value));
    }

    /**
     * Lets the load run until the server is warm, then measures it. {@code --warmup} and {@code --seconds} are seconds of
     * the server's CPU time, so that a busy machine makes the run longer but not the server colder; {@code --patience}
     * times as long is waited at most.
     */
    void measureSteadyLoad() {
        measure(tally::operations, this::runForServerTime);
    }

    /** The same for what happens at its own pace, heartbeats: the seconds are those of the clock. */
    void measureHeartbeats() {
        measure(tally::heartbeats, loop::runFor);
    }

    /** With {@code --operations}, a cold server does that many, for a try. */
    private void measure(LongSupplier count, LongConsumer runFor) {
        int wanted = settings.number("operations", 0);
        if (wanted == 0) {
            runFor.accept(Math.max(settings.nanos("warmup", 4), settings.nanos("least-warmup", 0)));
        }
        Window window = new Window();
        if (wanted == 0) {
            runFor.accept(settings.nanos("seconds", 4));
        } else {
            loop.runUntil(() -> count.getAsLong() >= wanted, "operations", TRY_TIMEOUT_NANOS);
        }
        window.end(count.getAsLong());
    }

    private void runForServerTime(long nanos) {
        long begin = System.nanoTime();
        long patience = settings.number("patience", 4) * nanos;
        for (long left = nanos, cpu = server.cpuNanos();
                left > 0 && System.nanoTime() - begin < patience;
                left = nanos - (server.cpuNanos() - cpu)) {
            loop.runFor(Math.max(left, SHORTEST_STRETCH_NANOS));
        }
    }

    /** A stretch of time in which everything is counted; it begins when it is made. */
    final class Window {
        private final long allocated = talk.allocatedBytes();
        private final long begin;
        private final long serverCpu;
        private final long selfCpu;
        private final long machine;

        Window() {
            tally.clear();
            begin = System.nanoTime();
            serverCpu = server.cpuNanos();
            selfCpu = self.cpuNanos();
            machine = ServerMeter.machineBusyNanos();
        }

        /** Ends the window and puts what was counted in it; so many operations were. */
        void end(long operations) {
            double cpu = server.cpuNanos() - serverCpu;
            double load = self.cpuNanos() - selfCpu;
            double nanos = System.nanoTime() - begin;
            double foreign = Math.max(0, ServerMeter.machineBusyNanos() - machine - cpu - load);
            put("seconds", nanos / 1e9);
            put("operations", (double) operations);
            put("cpuMillis", cpu / 1e6);
            put("loadCpuMillis", load / 1e6);
            put("foreignPercent", 100 * foreign / nanos);
            if (operations > 0) {
                put("cpuMicrosPerOperation", cpu / NANOS_PER_MICRO / operations);
                put("loadMicrosPerOperation", load / NANOS_PER_MICRO / operations);
            }
            if (tally.deliveries() > 0) {
                put("cpuMicrosPerDelivery", cpu / NANOS_PER_MICRO / tally.deliveries());
                put("loadMicrosPerDelivery", load / NANOS_PER_MICRO / tally.deliveries());
            }
            if (tally.latencies().total() > 0) {
                put("p50Micros", tally.latencies().quantile(0.5) / NANOS_PER_MICRO);
                put("p99Micros", tally.latencies().quantile(0.99) / NANOS_PER_MICRO);
            }
            put("residentMegabytes", server.residentBytes() / 1e6);
            putAllocated(tally.deliveries() > 0 ? tally.deliveries() : operations);
        }

        private void putAllocated(long times) {
            long after = talk.allocatedBytes();
            if (allocated >= 0 && after >= 0 && times > 0) {
                put("allocatedBytes", (double) (after - allocated) / times);
            }
        }
    }
}
