package io.sockeye.conformance;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.client.SocketOptionBuilder;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The official Java client, with everything that it receives kept until a test asks for it. Used by the test's thread, and
 * fed by the client's.
 *
 * <p>What it received is given as plain values, which can be compared: maps, lists, and {@link ByteBuffer}s for binary data.
 */
final class JavaClient implements AutoCloseable {
    private static final int WAIT_SECONDS = 10;

    private final Socket socket;
    private final ReceivedEvents received = ReceivedEvents.none();

    private JavaClient(Socket socket) {
        this.socket = socket;
        socket.onAnyIncoming(
                args -> receive((String) args[0], Arrays.asList(args).subList(1, args.length)));
        for (String event : List.of(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, Socket.EVENT_CONNECT_ERROR)) {
            socket.on(event, args -> receive(event, Arrays.asList(args)));
        }
    }

    /** Starts to connect to a namespace with these transports. */
    static JavaClient open(URI server, String namespace, SocketOptionBuilder options) {
        IO.Options all = options.setForceNew(true).build();
        JavaClient client = new JavaClient(IO.socket(server.resolve(namespace), all));
        client.socket.connect();
        return client;
    }

    /** Starts to join another namespace over the same connection. */
    JavaClient openNamespace(String namespace, IO.Options options) {
        JavaClient client = new JavaClient(socket.io().socket(namespace, options));
        client.socket.connect();
        return client;
    }

    String id() {
        return socket.id();
    }

    boolean connected() {
        return socket.connected();
    }

    boolean sharesConnectionWith(JavaClient other) {
        return socket.io() == other.socket.io();
    }

    void send(String event, Object... args) {
        socket.emit(event, args);
    }

    /** Emits the event, and waits for the arguments of its acknowledgement. */
    List<Object> ask(String event, Object... args) {
        return await(asking(event, args), "the acknowledgement of " + event);
    }

    CompletableFuture<List<Object>> asking(String event, Object... args) {
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        socket.emit(event, args, (Ack) arguments -> answer.complete(PlainValues.of(Arrays.asList(arguments))));
        return answer;
    }

    /** Emits the event, and tells whether its acknowledgement came in that time. */
    boolean isAnswered(String event, long timeoutMillis) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        socket.emit(event, new Object[0], new AckWithTimeout(timeoutMillis) {
            @Override
            public void onSuccess(Object... args) {
                outcome.complete(true);
            }

            @Override
            public void onTimeout() {
                outcome.complete(false);
            }
        });
        return await(outcome, "the timeout of an acknowledgement");
    }

    /** Waits for the arguments of the next event of that name. */
    List<Object> next(String event) {
        return received.next(event);
    }

    List<List<Object>> nextOf(String event, int count) {
        List<List<Object>> all = new ArrayList<>();
        while (all.size() < count) {
            all.add(next(event));
        }
        return all;
    }

    /** Drops what was received of that event and not read. */
    void forget(String event) {
        received.forget(event);
    }

    /** How many events of that name were received and not read. */
    int waiting(String event) {
        return received.waiting(event);
    }

    /** What was received and not read; waits first until everything is there that the server sent before now. */
    Map<String, BlockingQueue<List<Object>>> unread() {
        if (connected()) {
            ask("echo");
        }
        return received.unread();
    }

    /** Leaves the namespace; the last to leave closes the connection. */
    @Override
    public void close() {
        socket.disconnect();
    }

    private void receive(String event, List<Object> args) {
        received.add(event, PlainValues.of(args));
    }

    static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Waited for " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
