package io.sockeye.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Somebody in the chat, through the official Java client; what is heard waits until the test asks for it. */
final class TestClient implements AutoCloseable {
    private static final String[] EVENTS = {
        "welcome", "message", "joined", "left", "typing", Socket.EVENT_CONNECT_ERROR, Socket.EVENT_DISCONNECT
    };
    private static final long PATIENCE_SECONDS = 30;

    private final Socket socket;
    private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(1000);

    TestClient(int port, String room, String nickname, String key, String transport) {
        socket = IO.socket(
                URI.create("http://localhost:" + port),
                IO.Options.builder()
                        .setForceNew(true)
                        .setReconnection(false)
                        .setTransports(new String[] {transport})
                        .setAuth(Map.of("room", room, "nickname", nickname, "key", key))
                        .build());
        for (String event : EVENTS) {
            socket.on(event, args -> heard.add(new Heard(event, args)));
        }
        socket.connect();
    }

    /** Sends a post {id, text, picture} and waits for its receipt. */
    JSONObject send(Map<String, Object> post) throws InterruptedException {
        BlockingQueue<JSONObject> receipt = new ArrayBlockingQueue<>(1);
        socket.emit("message", new Object[] {new JSONObject(post)}, (Ack) args -> receipt.add((JSONObject) args[0]));
        JSONObject received = receipt.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(received).as("receipt").isNotNull();
        return received;
    }

    void typing(boolean typing) {
        socket.emit("typing", typing);
    }

    /** The next that is heard has to be that event; returns its arguments. */
    Object[] hear(String event) throws InterruptedException {
        Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("heard, waiting for " + event).isNotNull();
        assertThat(next.event()).isEqualTo(event);
        return next.args();
    }

    /** As {@link #hear}, for events whose argument is an object. */
    JSONObject hearObject(String event) throws InterruptedException {
        return (JSONObject) hear(event)[0];
    }

    static List<Object> list(JSONObject object, String field) throws JSONException {
        JSONArray array = object.getJSONArray(field);
        Object[] items = new Object[array.length()];
        for (int i = 0; i < items.length; i++) {
            items[i] = array.get(i);
        }
        return Arrays.asList(items);
    }

    @Override
    public void close() {
        socket.close();
    }

    private record Heard(String event, Object[] args) {}
}
