package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.TestExchange;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What arrives, when, and in which order. */
final class DeliveryTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    @Test
    void emitsOfTheConnectionHandlerFollowTheConnectPacket() {
        io.server().onConnection(socket -> {
            socket.emit("a", 1);
            io.server().emit("b", 2);
            socket.emitWithAck("c");
            io.server().to(socket.id()).emit("d");
            socket.disconnect();
        });
        TestClient client = io.connect().send("40");
        assertThat(client.webSocket().next()).startsWith("40{\"sid\":");
        client.expect("42[\"a\",1]", "42[\"b\",2]", "420[\"c\"]", "42[\"d\"]", "41");
    }

    @Test
    void emitsOfMiddlewareComeBeforeItsVerdictHoweverLateThatIs() {
        CompletableFuture<Void> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> {
            socket.emit("wait", "a moment");
            return decision;
        });
        TestClient client = io.connect().send("40");
        client.expect("42[\"wait\",\"a moment\"]");
        decision.completeExceptionally(new ConnectError("no"));
        io.settle();
        client.expect("44{\"message\":\"no\"}");
    }

    @Test
    void whatOneThreadEmitsKeepsItsOrderOverAllWaysToEmit() {
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.join("a");
        for (int i = 0; i < 3; i++) {
            socket.emit("x", i);
            io.server().emit("x", "all", i);
            io.server().to("a").emit("x", "a", i);
            io.server().of("/").in(socket.id()).volatileFlag().emit("x", "volatile", i);
            socket.compress(false).emit("x", "plain", i);
        }
        io.settle();
        assertThat(client.webSocket().drain())
                .containsExactly(IntStream.range(0, 3)
                        .boxed()
                        .flatMap(i -> Stream.of(
                                "42[\"x\"," + i + "]",
                                "42[\"x\",\"all\"," + i + "]",
                                "42[\"x\",\"a\"," + i + "]",
                                "42[\"x\",\"volatile\"," + i + "]",
                                "42[\"x\",\"plain\"," + i + "]"))
                        .toArray(String[]::new));
    }

    @Test
    void eventFollowedAtOnceByTheEndIsHandled() {
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.on("last", String.class, text -> io.tell(text));
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.receive("42[\"last\",\"words\"]", "41");
        io.settle();
        io.expectTold("words", "client namespace disconnect");
        TestClient other = io.connect();
        Socket second = other.join();
        second.on("last", String.class, text -> io.tell(text));
        second.onDisconnect(reason -> io.tell(reason.text()));
        other.receive("42[\"last\",\"words\"]");
        other.close();
        io.expectTold("words", "transport close");
    }

    @Test
    void answersToEventsFollowedByTheClientsDisconnectAreNotSent() {
        TestClient client = io.connect();
        client.join().onWithAck("last", () -> "too late");
        client.receive("420[\"last\"]", "41");
        io.settle();
        client.expect();
    }

    @Test
    void volatileEventsOverPollingAreDroppedUnlessAPollIsPending() {
        String query = io.openPolling();
        io.handle(new TestExchange(io.loop, "POST", "/socket.io/?" + query + "&body=40"))
                .answer();
        assertThat(io.get(query).answer().text()).startsWith("40{\"sid\":");
        io.server().volatileFlag().emit("dropped");
        Socket socket = io.server().of("/").sockets().iterator().next();
        assertThat(socket.volatileFlag().emit("dropped too")).isTrue();
        io.settle();
        TestExchange poll = io.get(query);
        assertThat(poll.isPending()).isTrue();
        io.server().volatileFlag().emit("now", new byte[] {1});
        io.settle();
        assertThat(poll.answer().text()).isEqualTo("451-[\"now\",{\"_placeholder\":true,\"num\":0}] <01>");
        io.server().volatileFlag().emit("gone");
        io.server().emit("kept");
        io.settle();
        assertThat(io.get(query).answer().text()).isEqualTo("42[\"kept\"]");
    }

    @Test
    void volatileEventsOverWebSocketAreDroppedWhileItsBufferIsFull() {
        TestClient client = io.connect();
        Socket socket = client.join();
        client.webSocket().stall();
        socket.volatileFlag().emit("dropped", new byte[] {1});
        socket.emit("kept");
        io.settle();
        client.webSocket().recover();
        io.settle();
        client.expect("42[\"kept\"]");
        socket.volatileFlag().emit("now");
        io.settle();
        client.expect("42[\"now\"]");
    }
}
