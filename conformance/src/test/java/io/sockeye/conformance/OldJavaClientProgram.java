package io.sockeye.conformance;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The {@link OldJavaClient}. Compiled with 2.x, and run with 1.0.x by {@link OldJavaClientLoader}: uses only what both have. Fed
 * by the client's threads.
 */
public final class OldJavaClientProgram implements OldJavaClient {
    private static final int WAIT_SECONDS = 10;
    private static final List<String> EVENTS =
            List.of("connect", "disconnect", "connect_error", "error", "echo", "question", "news", "burst", "flow");

    private final Socket socket;
    private final ReceivedEvents received = ReceivedEvents.none();

    private OldJavaClientProgram(Socket socket) {
        this.socket = socket;
        for (String event : EVENTS) {
            socket.on(event, args -> received.add(event, plain(args)));
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
        socket.emit(event, args, (Ack) arguments -> answer.complete(plain(arguments)));
        return answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public List<Object> next(String event) {
        if (!EVENTS.contains(event)) {
            throw new IllegalArgumentException(event);
        }
        return received.next(event);
    }

    @Override
    public void close() {
        socket.disconnect();
    }

    private static List<Object> plain(Object[] values) {
        List<Object> plain = PlainValues.of(Arrays.asList(values));
        plain.replaceAll(value -> value instanceof Ack ack ? (Answer) ack::call : value);
        return plain;
    }
}
