package io.sockeye.benchmarks.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Starts a fresh server and a load for it, and waits for the figures. Thread-safe. */
final class Measurement {
    private static final int SERVER_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final long LIMIT_SECONDS = 240;

    private final Installation installation;
    private final List<String> loadFlags;
    private final boolean pinned;
    private final Path errors;
    private int nextPort = FIRST_PORT + (int) (ProcessHandle.current().pid() % PORTS);

    /**
     * @param loadFlags flags for every load: how long it warms up and measures
     * @param errors the file for what servers print on their standard error
     */
    Measurement(Installation installation, List<String> loadFlags, boolean pinned, Path errors) {
        this.installation = installation;
        this.loadFlags = loadFlags;
        this.pinned = pinned;
        this.errors = errors;
    }

    /** The figures of one server in one scenario, by name; a {@code failure} instead when something went wrong. */
    Outcome take(Peer peer, Plan plan) throws IOException {
        int port = freePort();
        List<String> command = peer.command(installation, port, plan);
        try (Child server = Child.start(command, pinned ? SERVER_CORE : -1, errors, LIMIT_SECONDS)) {
            String line;
            do {
                line = server.readLine();
                if (line == null) {
                    return Outcome.failed("the server did not start");
                }
            } while (!line.startsWith("ready "));
            return drive(server, loadCommand(peer, plan, port, server.pid()));
        }
    }

    /** The same for several servers at once, which share the core as their loads share the other; in their order. */
    List<Outcome> takeTogether(List<Peer> peers, Plan plan) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(peers.size());
        try {
            List<Callable<Outcome>> takes = new ArrayList<>();
            peers.forEach(peer -> takes.add(() -> take(peer, plan)));
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : threads.invokeAll(takes)) {
                outcomes.add(outcome.get());
            }
            return outcomes;
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Outcome drive(Child server, List<String> command) throws IOException {
        try (Child load = Child.start(command, pinned ? LOAD_CORE : -1, errors, LIMIT_SECONDS)) {
            for (String line; (line = load.readLine()) != null; ) {
                if (line.startsWith("ask ")) {
                    server.writeLine(line.substring("ask ".length()));
                    String answer = server.readLine();
                    load.writeLine(answer == null ? "nobody: unknown" : answer);
                } else if (line.startsWith("result ")) {
                    return new Outcome(figures(line), "");
                } else if (line.startsWith("failure ")) {
                    return Outcome.failed(line.substring("failure ".length()));
                }
            }
            return Outcome.failed("the load ended without a result");
        }
    }

    private List<String> loadCommand(Peer peer, Plan plan, int port, long pid) {
        List<String> command = new ArrayList<>(installation.java(List.of("-Xmx1g"), installation.classPath()));
        command.add("io.sockeye.benchmarks.load.Load");
        command.addAll(plan.load());
        command.addAll(List.of("--port", Integer.toString(port), "--pid", Long.toString(pid)));
        command.addAll(loadFlags);
        command.addAll(peer.loadFlags(plan));
        return command;
    }

    private static Map<String, Double> figures(String line) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String pair : line.substring("result ".length()).split(" ", -1)) {
            int equals = pair.indexOf('=');
            figures.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
        }
        return figures;
    }

    /** A port below those that connections get, which nobody listens on. */
    private synchronized int freePort() {
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + (nextPort++ - FIRST_PORT) % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // so it is the next one
            }
        }
        throw new IllegalStateException("no free port");
    }

    /**
     * What came of a measurement.
     *
     * @param figures the figures by name; empty when it failed
     * @param failure why it failed; empty when it did not
     */
    record Outcome(Map<String, Double> figures, String failure) {
        static Outcome failed(String why) {
            return new Outcome(Map.of(), why);
        }
    }
}
