package io.sockeye.conformance;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The {@link OldJavaClient}. Compiled with 2.x, and run with 1.0.x by {@link OldJavaClientLoader}: uses only what both have. Fed
 * by the client's threads.
 */
public final class OldJavaClientProgram implements OldJavaClient {
    private static final int WAIT_SECONDS = 10;
    private static final List<String> EVENTS =
            List.of("connect", "disconnect", "connect_error", "error", "echo", "question", "news", "burst", "flow");

    private final Socket socket;
    private final ConcurrentMap<String, BlockingQueue<List<Object>>> unread = new ConcurrentHashMap<>();

    private OldJavaClientProgram(Socket socket) {
        this.socket = socket;
        for (String event : EVENTS) {
            socket.on(event, args -> queue(event).add(plainList(args)));
        }
        socket.connect();
    }

    /** Opens clients of 1.0.x: the server with the namespace, and the transports. For {@link OldJavaClientLoader}. */
    public static Function<Map.Entry<URI, String[]>, Object> opener() {
        return target -> {
            IO.Options options = new IO.Options();
            options.transports = target.getValue();
            options.forceNew = true;
            options.reconnection = false;
            return new OldJavaClientProgram(IO.socket(target.getKey(), options));
        };
    }

    @Override
    public OldJavaClient openNamespace(String namespace) {
        return new OldJavaClientProgram(socket.io().socket(namespace));
    }

    @Override
    public String id() {
        return socket.id();
    }

    @Override
    public boolean connected() {
        return socket.connected();
    }

    @Override
    public void send(String event, Object... args) {
        socket.emit(event, args);
    }

    @Override
    public List<Object> ask(String event, Object... args) {
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        socket.emit(event, args, (Ack) arguments -> answer.complete(plainList(arguments)));
        return answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public List<Object> next(String event) {
        try {
            List<Object> args = queue(event).poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (args == null) {
                throw new AssertionError("Waited for the event " + event + ", and there is: " + unread);
            }
            return args;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        socket.disconnect();
    }

    private BlockingQueue<List<Object>> queue(String event) {
        if (!EVENTS.contains(event)) {
            throw new IllegalArgumentException(event);
        }
        return unread.computeIfAbsent(event, name -> new LinkedBlockingQueue<>());
    }

    private static List<Object> plainList(Object[] values) {
        List<Object> plain = new ArrayList<>();
        Arrays.asList(values).forEach(value -> plain.add(plain(value)));
        return plain;
    }

    private static Object plain(Object value) {
        try {
            if (value instanceof byte[] bytes) {
                return ByteBuffer.wrap(bytes);
            }
            if (value instanceof Ack ack) {
                return (Answer) ack::call;
            }
            if (value instanceof JSONArray array) {
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < array.length(); i++) {
                    list.add(plain(array.get(i)));
                }
                return list;
            }
            if (value instanceof JSONObject object) {
                Map<String, Object> map = new LinkedHashMap<>();
                for (Iterator<?> keys = object.keys(); keys.hasNext(); ) {
                    String key = (String) keys.next();
                    map.put(key, plain(object.get(key)));
                }
                return map;
            }
            return value == null ? JSONObject.NULL : value;
        } catch (JSONException e) {
            throw new AssertionError(e);
        }
    }
}
