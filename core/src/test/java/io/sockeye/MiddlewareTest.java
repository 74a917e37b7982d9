package io.sockeye;

import static io.sockeye.SocketIoFixture.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may join a namespace (Socket.IO v5, Connection to a namespace). */
final class MiddlewareTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final List<Socket> seen = new ArrayList<>();

    @Test
    void runsInOrderOfAddingAndBeforeTheConnectionHandler() {
        io.server().use(socket -> io.tell("first"));
        io.server().useAsync(socket -> {
            io.tell("second");
            return CompletableFuture.completedFuture(null);
        });
        io.server().use(socket -> io.tell("third"));
        io.server().onConnection(socket -> io.tell("connection"));
        io.connect().join();
        io.expectTold("first", "second", "third", "connection");
    }

    @Test
    void connectErrorTellsTheClientWhyWithData() {
        io.server().use(socket -> {
            throw new ConnectError("not \"authorized\"", Map.of("code", 7));
        });
        io.server().use(socket -> io.tell("next middleware"));
        io.server().onConnection(socket -> io.tell("connection"));
        TestClient client = io.connect().send("40");
        client.expect("44{\"message\":\"not \\\"authorized\\\"\",\"data\":{\"code\":7}}");
        assertThat(io.server().of("/").socketCount()).isZero();
    }

    @Test
    void connectErrorWithoutDataHasNone() {
        io.server().of("/admin").use(socket -> {
            throw new ConnectError("no");
        });
        io.connect().send("40/admin,").expect("44/admin,{\"message\":\"no\"}");
    }

    @Test
    void refusedClientMayTryAgain() {
        io.server().use(socket -> {
            if (socket.handshake().auth("token") == null) {
                throw new ConnectError("no token");
            }
        });
        TestClient client = io.connect().send("40").expect("44{\"message\":\"no token\"}");
        client.send("40{\"token\":\"x\"}");
        assertThat(client.joined("/").connected()).isTrue();
    }

    @Test
    void otherExceptionIsAnInternalErrorAndLogged() {
        io.server().use(socket -> {
            throw new IOException("the database said: secret");
        });
        io.connect().send("40").expect("44{\"message\":\"internal error\"}");
        io.expectLogged("ERROR a middleware of namespace \"/\" failed; the socket is refused");
        io.expectTold("error of null: the database said: secret");
    }

    @Test
    void connectErrorWhoseDataCannotBeWrittenIsAnInternalError() {
        io.server().use(socket -> {
            throw new ConnectError("no", new byte[] {1});
        });
        io.connect().send("40").expect("44{\"message\":\"internal error\"}");
        io.expectLogged("ERROR a middleware of namespace \"/\" failed; the socket is refused");
        io.expectTold("error of null: data: contains binary data (expected: JSON alone)");
    }

    @Test
    void asyncMiddlewareDecidesLater() {
        CompletableFuture<String> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> decision);
        io.server().use(socket -> io.tell("next"));
        TestClient client = io.connect().send("40").expect();
        io.expectTold();
        decision.complete("whatever");
        io.expectTold();
        io.settle();
        io.expectTold("next");
        client.joined("/");
    }

    @Test
    void failedStageRefuses() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> decision.thenApply(x -> x));
        io.server().use(socket -> io.tell("next"));
        TestClient client = io.connect().send("40");
        decision.completeExceptionally(new ConnectError("no"));
        io.settle();
        client.expect("44{\"message\":\"no\"}");
    }

    @Test
    void stageThatFailsOtherwiseIsAnInternalError() {
        io.server()
                .useAsync(socket ->
                        CompletableFuture.failedFuture(new CompletionException(new IllegalStateException("down"))));
        io.connect().send("40").expect("44{\"message\":\"internal error\"}");
        io.expectLogged("ERROR a middleware of namespace \"/\" failed; the socket is refused");
        io.expectTold("error of null: down");
    }

    @Test
    void asyncMiddlewareThatThrowsOrReturnsNothingRefuses() {
        io.server().of("/a").useAsync(socket -> {
            throw new ConnectError("thrown");
        });
        io.server().of("/b").useAsync(socket -> null);
        io.connect()
                .send("40/a,", "40/b,")
                .expect("44/a,{\"message\":\"thrown\"}", "44/b,{\"message\":\"internal error\"}");
        io.expectLogged("ERROR a middleware of namespace \"/b\" failed; the socket is refused");
        io.expectTold("error of null: the middleware returned no stage");
    }

    @Test
    void middlewareThatNeverDecidesRefusesInTheEnd() {
        io.settings().connectTimeout(Duration.ofSeconds(3));
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().of("/slow").useAsync(socket -> {
            seen.add(socket);
            return decision;
        });
        TestClient client = io.connect();
        client.join();
        client.send("40/slow,");
        io.advance(Duration.ofMillis(2900));
        client.expect();
        io.advance(Duration.ofMillis(200));
        client.expect("44/slow,{\"message\":\"timeout\"}");
        decision.complete(null);
        io.settle();
        assertThat(seen.get(0).connected()).isFalse();
    }

    @Test
    void middlewareThatRefusesWhenItsTimeIsOverIsNotHeard() {
        io.settings().connectTimeout(Duration.ofSeconds(3));
        List<CompletableFuture<Object>> decisions = new ArrayList<>();
        io.server().of("/slow").useAsync(socket -> {
            decisions.add(new CompletableFuture<>());
            return decisions.get(decisions.size() - 1);
        });
        TestClient client = io.connect();
        client.join();
        client.send("40/slow,");
        io.advance(Duration.ofSeconds(3));
        client.send("40/slow,").expect("44/slow,{\"message\":\"timeout\"}");
        decisions.get(0).completeExceptionally(new ConnectError("too late"));
        io.settle();
        client.expect();
        decisions.get(1).complete(null);
        io.settle();
        client.joined("/slow");
    }

    @Test
    void connectionLostWhileMiddlewareRunsAdmitsNobody() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> {
            socket.join("room");
            socket.onDisconnect(reason -> io.tell("disconnect"));
            seen.add(socket);
            return decision;
        });
        io.server().use(socket -> io.tell("next"));
        io.server().onConnection(socket -> io.tell("connection"));
        io.connect().send("40").close();
        decision.complete(null);
        io.settle();
        assertThat(seen.get(0).connected()).isFalse();
        assertThat(seen.get(0).rooms()).isEmpty();
        assertThat(seen.get(0).emit("late")).isFalse();
    }

    @Test
    void socketThatMiddlewareDisconnectsIsRefused() {
        io.server().use(socket -> socket.disconnect());
        io.server().use(socket -> io.tell("next"));
        io.server().onConnection(socket -> io.tell("connection"));
        TestClient client = io.connect().send("40");
        client.expect("44{\"message\":\"disconnected\"}");
        client.send("40").expect("44{\"message\":\"disconnected\"}");
    }

    @Test
    void middlewareMayCloseTheConnection() {
        io.server().of("/bad").use(socket -> socket.disconnect(true));
        TestClient client = io.connect();
        client.join().onDisconnect(reason -> io.tell(reason.text()));
        client.send("40/bad,");
        client.expectClosed("41", "44/bad,{\"message\":\"disconnected\"}");
        io.expectTold("server namespace disconnect");
    }

    @Test
    void emitsOfMiddlewareGoOutBeforeConnect() {
        io.server().use(socket -> socket.emit("first", 1));
        TestClient client = io.connect();
        client.send("40");
        assertThat(client.webSocket().next()).isEqualTo("42[\"first\",1]");
        client.joined("/");
    }

    @Test
    void acknowledgementsAskedForByMiddlewareFailWithItsRefusal() {
        List<Acknowledgement> acks = new ArrayList<>();
        io.server().use(socket -> {
            acks.add(socket.emitWithAck("confirm"));
            throw new ConnectError("no");
        });
        io.connect().send("40").expect("420[\"confirm\"]", "44{\"message\":\"no\"}");
        assertThatThrownBy(() -> now(acks.get(0).arguments())).hasCauseInstanceOf(SocketDisconnectedException.class);
    }

    @Test
    void acknowledgementsAskedForByMiddlewareFailWithTheConnection() {
        List<Acknowledgement> acks = new ArrayList<>();
        io.server().useAsync(socket -> {
            acks.add(socket.timeout(Duration.ofHours(1)).emitWithAck("confirm"));
            return new CompletableFuture<>();
        });
        TestClient client = io.connect().send("40").expect("420[\"confirm\"]");
        client.close();
        assertThatThrownBy(() -> now(acks.get(0).arguments())).hasCauseInstanceOf(SocketDisconnectedException.class);
    }

    @Test
    void socketBeingAdmittedReceivesNoBroadcast() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> {
            socket.join("room");
            seen.add(socket);
            return decision;
        });
        TestClient client = io.connect().send("40");
        io.server().emit("all");
        io.server().to("room").emit("room");
        io.server().to(seen.get(0).id()).emit("own room");
        io.settle();
        client.expect();
        decision.complete(null);
        io.settle();
        client.joined("/");
        io.server().to("room").emit("room");
        io.server().to(seen.get(0).id()).emit("own room");
        io.settle();
        client.expect("42[\"room\"]", "42[\"own room\"]");
    }

    @Test
    void roomsJoinedAndLeftByMiddlewareCountAfterAcceptance() {
        io.server().use(socket -> {
            socket.join("stays", "goes");
            socket.leave("goes");
            socket.leave("never there");
            socket.leave(socket.id());
            socket.join("back");
            socket.leave("back");
            socket.join("back");
            io.tell(new java.util.TreeSet<>(socket.rooms()).toString());
            assertThat(socket.namespace().socketCount()).isZero();
        });
        Socket socket = io.connect().join();
        io.expectTold("[back, stays]");
        assertThat(socket.rooms()).containsExactlyInAnyOrder("back", "stays");
    }

    @Test
    void refusedSocketIsInNoRoom() {
        io.server().use(socket -> {
            socket.join("room");
            seen.add(socket);
            throw new ConnectError("no");
        });
        io.connect().send("40").expect("44{\"message\":\"no\"}");
        assertThat(seen.get(0).rooms()).isEmpty();
        seen.get(0).join("late");
        assertThat(seen.get(0).rooms()).isEmpty();
        assertThat(io.server().of("/").rooms().names()).isEmpty();
        assertThat(seen.get(0).emit("late")).isFalse();
    }

    @Test
    void middlewareAddedLaterCountsForLaterSockets() {
        io.connect().join();
        io.server().use(socket -> {
            throw new ConnectError("full");
        });
        io.connect().send("40").expect("44{\"message\":\"full\"}");
    }

    record Token(String name, int level) {}

    @Test
    void authThatDoesNotFitIsTheClientsFault() {
        io.server().use(socket -> io.tell("never " + socket.handshake().auth(Token.class)));
        io.server()
                .of("/async")
                .useAsync(socket ->
                        CompletableFuture.supplyAsync(() -> socket.handshake().auth(Token.class), Runnable::run));
        String refusal =
                "{\"message\":\"invalid arguments\",\"data\":{\"message\":\"argument 0: expected Token, got object (at level)\"}}";
        TestClient client = io.connect();
        client.send("40{\"name\":\"a\",\"level\":\"high\"}").expect("44" + refusal);
        client.send("40/async,{\"name\":\"a\",\"level\":\"high\"}").expect("44/async," + refusal);
    }

    @Test
    void whatMiddlewareReservedIsReleasedWhateverTheEnd() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().use(socket -> {
            socket.onRelease(() -> io.tell("released"));
            socket.onDisconnect(reason -> io.tell(reason.text()));
        });
        io.server()
                .useAsync(socket -> "no".equals(socket.handshake().auth("say"))
                        ? CompletableFuture.failedFuture(new ConnectError("no"))
                        : "wait".equals(socket.handshake().auth("say")) ? decision : Middleware.ACCEPTED);

        io.connect().send("40{\"say\":\"no\"}").expect("44{\"message\":\"no\"}");
        io.expectTold("released");

        io.connect().send("40{\"say\":\"wait\"}").close();
        io.expectTold("released");
        decision.complete(null);
        io.settle();

        TestClient client = io.connect();
        Socket socket = client.join();
        io.expectTold();
        client.send("41");
        io.expectTold("client namespace disconnect", "released");
        socket.onRelease(() -> io.tell("late"));
        io.settle();
        io.expectTold("late");
    }

    @Test
    void releaseThatFailsStopsNothing() {
        Socket socket = io.connect().join();
        socket.onRelease(() -> {
            throw new IllegalStateException("on purpose");
        });
        socket.onRelease(() -> io.tell("next"));
        socket.disconnect(true);
        io.settle();
        io.discardSent();
        io.expectTold("error of release: on purpose", "next");
        io.expectLogged("ERROR a handler of event \"release\" failed");
    }
}
