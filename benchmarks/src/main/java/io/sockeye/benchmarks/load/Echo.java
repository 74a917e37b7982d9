package io.sockeye.benchmarks.load;

import java.util.List;

/**
 * Each client keeps some messages in flight, and sends another for each that comes back: {@code --event
 * message|ack|binary}, {@code --clients}, {@code --in-flight}, {@code --bytes}, {@code --json true} for records instead of
 * a string, {@code --deflate true} for compressed messages. {@code --typed-attachments true} expects the type of an Engine.IO
 * v3 packet before binary data. With {@code --active}, only so many clients have a message in flight at a time, and the turn
 * goes round.
 *
 * <p>An operation is a message and its answer. Confined to the load's thread.
 */
final class Echo implements Scenario {
    private static final int MIN_OPERATIONS = 4;

    private final Bench bench;

    Echo(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        Settings settings = bench.settings();
        int inFlight = settings.number("in-flight", 8);
        Crew crew = new Crew(bench);
        crew.grow(settings.number("clients", 64));
        List<WebSocketClient> clients = crew.clients();
        int active = Math.min(settings.number("active", clients.size()), clients.size());
        WebSocketClient.Listener round =
                active == clients.size() ? new Again(bench) : new TakeTurns(bench, clients, active);
        EchoScript scripts = new EchoScript(bench, Math.max(inFlight, MIN_OPERATIONS));
        Script shared = settings.flag("deflate") ? scripts.rehearsedWith(clients.get(0)) : null;
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).listener(round);
            clients.get(i).follow(shared == null ? scripts.forClient(i) : shared, inFlight);
        }
        clients.subList(0, active).forEach(client -> client.ask(inFlight));
        bench.measureSteadyLoad();
    }

    /** Asks again for each answer. */
    private record Again(Bench bench) implements WebSocketClient.Listener {
        @Override
        public void onJoined(WebSocketClient client) {
            throw new IllegalStateException("joined twice");
        }

        @Override
        public void onAnswers(WebSocketClient client, int count) {
            bench.tally().operations(count);
            client.ask(count);
        }
    }

    /** Passes the turn to ask on to the client that has waited longest. */
    private static final class TakeTurns implements WebSocketClient.Listener {
        private final Bench bench;
        private final List<WebSocketClient> clients;
        private int next;

        TakeTurns(Bench bench, List<WebSocketClient> clients, int active) {
            this.bench = bench;
            this.clients = clients;
            next = active;
        }

        @Override
        public void onJoined(WebSocketClient client) {
            throw new IllegalStateException("joined twice");
        }

        @Override
        public void onAnswers(WebSocketClient client, int count) {
            bench.tally().operations(count);
            for (int i = 0; i < count; i++) {
                clients.get(next).ask(1);
                next = (next + 1) % clients.size();
            }
        }
    }
}
