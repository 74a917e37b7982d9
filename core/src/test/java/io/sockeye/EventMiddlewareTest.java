package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Middleware of a socket's events, and the socket's error hook. */
final class EventMiddlewareTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final CompletableFuture<Void> decision = new CompletableFuture<>();
    private TestClient client;
    private Socket socket;

    @BeforeEach
    void join() {
        io.settings().connectTimeout(Duration.ofSeconds(20));
        client = io.connect();
        socket = client.join();
        socket.on("x", e -> io.tell("x" + e.args()));
        socket.on("y", e -> io.tell("y"));
    }

    @Test
    void middlewareRunsInOrderBeforeHandlersAndBehindAnyListeners() {
        socket.use(e -> io.tell("first " + e.name()));
        socket.use(e -> io.tell("second"));
        socket.onAny(e -> io.tell("any"));
        client.send("42[\"x\",1]", "42[\"unknown\"]");
        io.expectTold("any", "first x", "second", "x[1]", "any", "first unknown", "second");
    }

    @Test
    void refusedEventReachesTheErrorHooksAndNoHandler() {
        socket.use(e -> {
            throw new IOException("not today");
        });
        socket.use(e -> io.tell("never"));
        socket.onError((event, error) -> io.tell("socket: " + event.name() + " " + error.getMessage()));
        client.send("420[\"x\"]").expect();
        io.expectTold("socket: x not today", "error of x: not today");
    }

    @Test
    void errorHookMayAnswerTheClient() {
        socket.use(e -> {
            throw new IllegalStateException("rate limited");
        });
        socket.onError((event, error) -> event.ack().send("no: " + error.getMessage()));
        client.send("420[\"x\"]").expect("430[\"no: rate limited\"]");
        io.expectTold("error of x: rate limited");
    }

    @Test
    void errorHookThatFailsStopsNothing() {
        socket.use(e -> {
            throw new IllegalStateException("refused");
        });
        socket.onError((event, error) -> {
            throw new IllegalStateException("hook");
        });
        socket.onError((event, error) -> io.tell("next hook"));
        client.send("42[\"x\"]");
        io.expectTold("error of x: hook", "next hook", "error of x: refused");
        io.expectLogged("ERROR a handler of event \"x\" failed");
    }

    @Test
    void stageThatFailsRefuses() {
        socket.useAsync(e -> CompletableFuture.failedFuture(new IOException("at once")));
        client.send("42[\"x\"]");
        io.expectTold("error of x: at once");
    }

    @Test
    void missingStageRefuses() {
        socket.useAsync(e -> null);
        client.send("42[\"x\"]");
        io.expectTold("error of x: the middleware returned no stage");
    }

    @Test
    void eventsWaitInOrderWhileMiddlewareDecidesLater() {
        socket.useAsync(e -> e.name().equals("x") ? decision : Middleware.ACCEPTED);
        socket.use(e -> io.tell("behind"));
        client.send("42[\"x\",1]", "42[\"y\"]");
        io.expectTold();
        decision.complete(null);
        io.settle();
        io.expectTold("behind", "x[1]", "behind", "y");
    }

    @Test
    void decisionThatFailsLaterRefusesThatEventOnly() {
        socket.useAsync(e -> e.name().equals("x") ? decision : Middleware.ACCEPTED);
        client.send("42[\"x\"]", "42[\"y\"]");
        decision.completeExceptionally(new IOException("no"));
        io.settle();
        io.expectTold("error of x: no", "y");
    }

    @Test
    void decisionThatTakesTooLongRefuses() {
        socket.useAsync(e -> e.name().equals("x") ? decision : Middleware.ACCEPTED);
        client.send("42[\"x\"]", "42[\"y\"]");
        io.advance(Duration.ofSeconds(19));
        io.expectTold();
        io.advance(Duration.ofSeconds(1));
        io.expectTold("error of x: the middleware has not decided in time", "y");
        decision.complete(null);
        io.settle();
    }

    @Test
    void clientThatLeavesMeanwhileStillHasItsEventsHandled() {
        socket.useAsync(e -> decision);
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.send("42[\"x\"]", "41");
        io.expectTold();
        decision.complete(null);
        io.settle();
        io.expectTold("x[]", "client namespace disconnect");
    }

    @Test
    void disconnectByTheServerEndsTheWaitAndDropsTheEvent() {
        socket.useAsync(e -> decision);
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.send("42[\"x\"]", "42[\"y\"]");
        socket.disconnect();
        io.settle();
        client.expect("41");
        io.expectTold("server namespace disconnect");
        decision.complete(null);
        io.settle();
    }

    @Test
    void middlewareThatDisconnectsDropsTheEvent() {
        socket.useAsync(e -> {
            socket.disconnect();
            return decision;
        });
        client.send("42[\"x\"]").expect("41");
    }

    @Test
    void readingStopsWhileTooManyEventsWaitForADecision() {
        socket.useAsync(e -> e.name().equals("x") ? decision : Middleware.ACCEPTED);
        client.send("42[\"x\"]");
        client.send(IntStream.range(0, 256).mapToObj(i -> "42[\"z\"]").toArray(String[]::new));
        assertThat(client.webSocket().isPaused()).isTrue();
        decision.complete(null);
        io.settle();
        assertThat(client.webSocket().isPaused()).isFalse();
        io.expectTold("x[]");
    }
}
