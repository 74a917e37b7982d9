package io.sockeye.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.json.JSONObject;

/** Somebody who visits the cluster, through the official Java client and the load balancer. Fed by the client's threads. */
final class Visit implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Socket socket;
    private final Map<String, BlockingQueue<JSONObject>> heard = new ConcurrentHashMap<>();

    Visit(int port, String name, String room, String... transports) {
        socket = IO.socket(
                URI.create("http://localhost:" + port),
                IO.Options.builder()
                        .setForceNew(true)
                        .setReconnectionDelay(100)
                        .setReconnectionDelayMax(500)
                        .setTransports(transports)
                        .setAuth(Map.of("name", name, "room", room))
                        .build());
        for (String event : new String[] {"welcome", "node", "said"}) {
            socket.on(event, args -> queue(event).add((JSONObject) args[0]));
        }
        socket.connect();
    }

    private BlockingQueue<JSONObject> queue(String event) {
        return heard.computeIfAbsent(event, key -> new LinkedBlockingQueue<>());
    }

    /** Waits for the next event of that name that is as wanted; drops those before it. */
    JSONObject hear(String event, Predicate<JSONObject> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            JSONObject next = queue(event).poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(next).as("event %s", event).isNotNull();
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    JSONObject hear(String event) throws InterruptedException {
        return hear(event, any -> true);
    }

    boolean hasHeard(String event) {
        return !queue(event).isEmpty();
    }

    /** Says something, and waits for the receipt. */
    JSONObject say(String kind, String to, String text) throws InterruptedException {
        BlockingQueue<JSONObject> receipt = new LinkedBlockingQueue<>();
        JSONObject say = new JSONObject(Map.of("kind", kind, "to", to, "text", text));
        socket.emit("say", new Object[] {say}, (Ack) args -> receipt.add((JSONObject) args[0]));
        JSONObject received = receipt.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(received).as("receipt").isNotNull();
        return received;
    }

    void kill(String node) {
        socket.emit("kill", node);
    }

    @Override
    public void close() {
        socket.close();
    }
}
