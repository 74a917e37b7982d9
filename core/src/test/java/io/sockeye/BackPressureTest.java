package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to a connection whose events come faster than their handlers run. */
final class BackPressureTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    @Test
    void readingPausesWhileTooManyEventsWaitAndGoesOnWhenHalfAreDone() {
        io.settings().maxPendingEvents(8);
        TestClient client = io.connect();
        client.join().on("x", Integer.class, n -> io.tell("x" + n));
        for (int i = 0; i < 8; i++) {
            client.receive("42[\"x\"," + i + "]");
        }
        assertThat(client.webSocket().isPaused()).isFalse();
        client.receive("42[\"x\",8]", "42[\"x\",9]");
        assertThat(client.webSocket().isPaused()).isTrue();
        io.loops.settle();
        io.expectTold();
        io.settle();
        assertThat(client.webSocket().isPaused()).isFalse();
        io.expectTold(IntStream.range(0, 10).mapToObj(n -> "x" + n).toArray(String[]::new));
    }

    @Test
    void readingPausesWhileFewEventsWaitThatAreLarge() {
        TestClient client = io.connect();
        client.join().on("x", e -> io.tell("x"));
        String large = "42[\"x\",\"" + "a".repeat(900_000) + "\"]";
        client.receive(large, large, large, large);
        assertThat(client.webSocket().isPaused()).isFalse();
        client.receive(large, large);
        assertThat(client.webSocket().isPaused()).isTrue();
        io.settle();
        assertThat(client.webSocket().isPaused()).isFalse();
        io.expectTold("x", "x", "x", "x", "x", "x");
    }

    @Test
    void attachmentsCountWhenEventsAreLarge() {
        TestClient client = io.connect();
        client.join().on("x", e -> io.tell("x"));
        for (int i = 0; i < 6; i++) {
            client.receive("451-[\"x\",{\"_placeholder\":true,\"num\":0}]");
            client.webSocket().receiveBinary(new byte[900_000]);
        }
        assertThat(client.webSocket().isPaused()).isTrue();
        io.settle();
        assertThat(client.webSocket().isPaused()).isFalse();
        io.expectTold("x", "x", "x", "x", "x", "x");
    }

    @Test
    void heartbeatsGoOnWhileReadingIsPaused() {
        io.settings().maxPendingEvents(1);
        TestClient client = io.connect();
        client.join().on("x", e -> io.tell("x"));
        client.receive("42[\"x\"]", "42[\"x\"]", "42[\"x\"]");
        assertThat(client.webSocket().isPaused()).isTrue();
        io.loops.advance(Duration.ofSeconds(25));
        client.expect("2");
        client.receive("3");
        io.loops.advance(Duration.ofMinutes(5));
        assertThat(io.server().connectionCount()).isEqualTo(1);
        io.settle();
        io.expectTold("x", "x", "x");
        assertThat(client.webSocket().isPaused()).isFalse();
        client.send("3");
        io.discardSent();
    }

    @Test
    void readingStaysPausedUntilEveryNamespaceHasCaughtUp() {
        io.settings().maxPendingEvents(1);
        io.server().of("/other");
        TestClient client = io.connect();
        client.join();
        client.join("/other");
        client.receive("42[\"x\"]", "42[\"x\"]");
        assertThat(client.webSocket().isPaused()).isTrue();
        io.settle();
        assertThat(client.webSocket().isPaused()).isFalse();
    }

    @Test
    void connectionThatEndsWhileReadingIsPausedLeavesNothing() {
        io.settings().maxPendingEvents(1);
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.on("x", e -> io.tell("x"));
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.receive("42[\"x\"]", "42[\"x\"]");
        client.webSocket().breakLine();
        io.settle();
        io.expectTold("x", "x", "transport error");
        client.expectClosed();
    }

    @Test
    void executorThatIsFullClosesTheConnectionVisibly() {
        boolean[] full = {false};
        java.util.ArrayDeque<Runnable> tasks = new java.util.ArrayDeque<>();
        io.settings()
                .execution(HandlerExecution.of(
                        task -> {
                            if (full[0]) {
                                throw new RejectedExecutionException("full");
                            }
                            tasks.add(task);
                        },
                        tasks::add));
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.on("x", e -> io.tell("x"));
        socket.onDisconnect(reason -> io.tell(reason.text()));
        full[0] = true;
        client.send("42[\"x\"]");
        client.expectClosed();
        assertThat(io.logged())
                .hasSize(1)
                .first()
                .asString()
                .endsWith("the handler executor takes no task; the connection is closed");
        full[0] = false;
        assertThat(socket.connected()).isFalse();
        io.expectTold();
    }

    @Test
    void matcherThatNoExecutorRunsRefuses() {
        java.util.concurrent.Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        io.settings().execution(HandlerExecution.of(full, full));
        io.server().of((name, auth) -> true);
        io.connect().send("40/x,").expect("44/x,{\"message\":\"Invalid namespace\"}");
        assertThat(io.logged()).containsExactly("ERROR the handler executor takes no task; a client is refused");
    }
}
