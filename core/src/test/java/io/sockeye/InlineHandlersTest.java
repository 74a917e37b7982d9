package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers on the event loops. */
final class InlineHandlersTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture(SocketIoFixture.Handlers.INLINE);

    @Test
    void middlewareAndHandlersRunOnTheSocketsLoop() {
        io.server().use(socket -> tellLoop("middleware"));
        io.server().onConnection(socket -> {
            tellLoop("connection");
            socket.on("x", e -> {
                tellLoop("x");
                e.ack().send(1);
            });
            socket.onDisconnect(reason -> tellLoop(reason.text()));
        });
        TestClient client = io.connect(io.otherLoop);
        client.join();
        client.send("420[\"x\"]", "41").expect("430[1]");
        io.expectTold("middleware: two", "connection: two", "x: two", "client namespace disconnect: two");
    }

    private void tellLoop(String what) {
        io.tell(what + ": " + (io.loop.inEventLoop() ? "one" : io.otherLoop.inEventLoop() ? "two" : "none"));
    }

    @Test
    void stageThatCompletesElsewhereBringsTheSocketBackToItsLoop() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> decision);
        io.server().use(socket -> tellLoop("next"));
        TestClient client = io.connect().send("40");
        decision.complete(null);
        io.expectTold();
        io.settle();
        client.joined("/");
        io.expectTold("next: one");
    }

    @Test
    void handlerOnAnEventLoopCannotCloseTheServerAndBreaksNothingByTrying() {
        io.server()
                .onConnection(socket -> socket.on("shut", e -> {
                    try {
                        io.server().close();
                    } catch (IllegalStateException refusal) {
                        io.tell(refusal.getMessage());
                    }
                    e.ack().send(1);
                }));
        TestClient client = io.connect();
        client.join();
        client.send("420[\"shut\"]").expect("430[1]");
        io.expectTold("close: called on an event loop of the server");
        io.connect(io.otherLoop).join();
    }

    @Test
    void handlerThatDisconnectsAndBroadcastsWithinItsCall() {
        io.server()
                .onConnection(socket -> socket.on("bye", e -> {
                    io.server().emit("left", 1);
                    socket.disconnect();
                    io.server().emit("left", 2);
                }));
        TestClient client = io.connect();
        TestClient other = io.connect();
        client.join();
        other.join();
        client.receive("42[\"bye\"]");
        io.settle();
        client.expect("42[\"left\",1]", "41");
        other.expect("42[\"left\",1]", "42[\"left\",2]");
    }

    @Test
    void matcherRunsOnTheLoop() {
        io.server().of((name, auth) -> {
            tellLoop(name);
            return true;
        });
        io.connect(io.otherLoop).join("/x");
        io.expectTold("/x: two");
        assertThat(io.server().namespaces()).hasSize(2);
    }
}
