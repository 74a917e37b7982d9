package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.CloseReason;
import io.sockeye.fixture.TestExchange;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sockets end, and what they are told of it. */
final class DisconnectTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private TestClient client;
    private Socket socket;

    @BeforeEach
    void join() {
        client = io.connect();
        socket = client.join();
        socket.onDisconnect((reason, description) -> io.tell(reason + (description == null ? "" : ": " + description)));
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSPORT_ERROR, transport error",
        "TRANSPORT_CLOSE, transport close",
        "FORCED_CLOSE, forced close",
        "PING_TIMEOUT, ping timeout",
        "PARSE_ERROR, parse error",
        "SERVER_SHUTTING_DOWN, server shutting down",
        "FORCED_SERVER_CLOSE, forced server close",
        "CLIENT_NAMESPACE_DISCONNECT, client namespace disconnect",
        "SERVER_NAMESPACE_DISCONNECT, server namespace disconnect"
    })
    void reasonsHaveTheTextsOfTheDocumentation(DisconnectReason reason, String text) {
        assertThat(reason.text()).isEqualTo(text);
        assertThat(reason).hasToString(text);
        assertThat(DisconnectReason.values()).hasSize(9);
    }

    @Test
    void clientLeavesANamespace() {
        io.server().of("/admin");
        Socket admin = client.join("/admin");
        client.send("41").expect();
        io.expectTold("client namespace disconnect");
        assertThat(socket.connected()).isFalse();
        assertThat(admin.connected()).isTrue();
        assertThat(socket.emit("x")).isFalse();
        Socket again = client.join();
        assertThat(again.id()).isNotEqualTo(socket.id());
    }

    @Test
    void serverDisconnectsOneNamespace() {
        io.server().of("/admin");
        Socket admin = client.join("/admin");
        socket.emit("before");
        socket.disconnect();
        io.settle();
        client.expect("42[\"before\"]", "41");
        io.expectTold("server namespace disconnect");
        assertThat(admin.connected()).isTrue();
        socket.disconnect();
        socket.disconnect(true);
        io.settle();
        client.expect();
    }

    @Test
    void disconnectTakesEffectAtOnce() {
        socket.disconnect();
        assertThat(socket.connected()).isFalse();
        assertThat(socket.emit("after")).isFalse();
        assertThat(socket.volatileFlag().emit("after")).isFalse();
        assertThat(socket.emitWithAck("after").arguments()).isNotDone();
        io.settle();
        client.expect("41");
        io.expectTold("server namespace disconnect");
    }

    @Test
    void disconnectIsNotOvertakenByWhatTheEventLoopEmits() {
        socket.disconnect();
        io.loop.run(() -> {
            assertThat(socket.emit("after")).isFalse();
            assertThat(socket.emitWithAck("after").arguments()).isNotDone();
        });
        io.settle();
        client.expect("41");
        io.expectTold("server namespace disconnect");
    }

    @Test
    void disconnectThatComesTooLateDoesNotHitTheNextSocket() {
        socket.disconnect(true);
        client.receive("41", "40");
        io.settle();
        assertThat(client.joined("/").connected()).isTrue();
        io.expectTold("client namespace disconnect");
    }

    @Test
    void serverClosesTheConnectionWithAllNamespaces() {
        io.server().of("/admin");
        Socket admin = client.join("/admin");
        admin.onDisconnect(reason -> io.tell("admin: " + reason));
        admin.emit("before");
        socket.disconnect(true);
        io.settle();
        client.expectClosed("42/admin,[\"before\"]", "41", "41/admin,");
        io.expectTold("server namespace disconnect", "admin: server namespace disconnect");
    }

    @Test
    void eventsThatWaitWhenTheServerDisconnectsAreDropped() {
        socket.on("kick", e -> socket.disconnect());
        socket.on("x", e -> io.tell("x"));
        client.receive("42[\"x\"]", "42[\"kick\"]", "42[\"x\"]");
        io.settle();
        client.expect("41");
        io.expectTold("x", "server namespace disconnect");
    }

    @Test
    void eventsThatWaitWhenAnotherNamespaceClosesTheConnectionAreDropped() {
        io.server().of("/admin");
        Socket admin = client.join("/admin");
        socket.on("x", e -> io.tell("x"));
        client.receive("42[\"x\"]");
        admin.disconnect(true);
        io.settle();
        client.expectClosed("41", "41/admin,");
        io.expectTold("server namespace disconnect");
    }

    @Test
    void clientClosesTheConnection() {
        socket.on("last", e -> io.tell("last"));
        client.receive("42[\"last\"]");
        client.close();
        io.expectTold("last", "transport close");
    }

    @Test
    void lineBreaks() {
        client.webSocket().breakLine();
        io.settle();
        io.expectTold("transport error: connection reset");
        client.expectClosed();
    }

    @Test
    void clientDoesNotAnswerAPing() {
        io.advance(Duration.ofSeconds(25));
        client.expect("2");
        io.advance(Duration.ofSeconds(20));
        client.expectClosed();
        io.expectTold("ping timeout");
    }

    @Test
    void enginePacketThatCannotBeDecoded() {
        client.webSocket().receive("x");
        io.settle();
        assertThat(io.told().get(0)).startsWith("parse error");
        io.expectTold(io.told().get(0));
        client.webSocket().next();
    }

    @Test
    void clientThatPings() {
        client.send("2");
        io.expectTold("transport error: invalid heartbeat direction");
        client.expectClosed();
    }

    @Test
    void violationWithoutAPendingPollIsAForcedServerClose() {
        String query = io.openPolling();
        post(query, "40");
        assertThat(io.get(query).answer().text()).startsWith("40{");
        io.server()
                .of("/")
                .rooms()
                .recipients(Set.of(), Set.of())
                .groups()
                .forEach(group ->
                        group.sockets().forEach(each -> each.onDisconnect(reason -> io.tell("poll: " + reason))));
        post(query, "40");
        io.expectTold("poll: forced server close");
        assertThat(io.get(query).answer().text()).isEqualTo("6 1");
        client.expect();
    }

    @Test
    void violationWithAPendingPollIsAForcedClose() {
        String query = io.openPolling();
        post(query, "40");
        assertThat(io.get(query).answer().text()).startsWith("40{");
        io.server()
                .of("/")
                .rooms()
                .recipients(Set.of(), Set.of())
                .groups()
                .forEach(group ->
                        group.sockets().forEach(each -> each.onDisconnect(reason -> io.tell("poll: " + reason))));
        TestExchange poll = io.get(query);
        post(query, "40");
        io.expectTold("poll: forced close");
        assertThat(poll.answer().text()).isEqualTo("1");
    }

    @Test
    void malformedPacketEndsSocketsAtOnceEvenIfTheClientCannotBeTold() {
        String query = io.openPolling();
        post(query, "40");
        assertThat(io.get(query).answer().text()).startsWith("40{");
        post(query, "42[");
        assertThat(io.server().of("/").socketCount()).isEqualTo(1);
        assertThat(io.get(query).answer().text()).isEqualTo("6 1");
    }

    private void post(String query, String packet) {
        TestExchange exchange = new TestExchange(io.loop, "POST", "/socket.io/?" + query + "&body=" + packet);
        assertThat(io.handle(exchange).answer().text()).isEqualTo("ok");
    }

    @Test
    void sessionEndedFromOutside() {
        socket.connection().session().abort(CloseReason.TRANSPORT_ERROR, "application");
        io.settle();
        io.expectTold("transport error: application");
        client.expect("[connection dropped]");
    }

    @Test
    void disconnectingStillSeesTheRoomsAndDisconnectDoesNot() {
        socket.join("red");
        socket.onDisconnecting(reason -> io.tell("disconnecting " + reason + " "
                + socket.rooms().equals(Set.of("red", socket.id())) + " " + socket.connected()));
        socket.onDisconnect(reason -> io.tell("rooms " + socket.rooms()));
        client.send("41");
        io.expectTold(
                "disconnecting client namespace disconnect true false", "client namespace disconnect", "rooms []");
    }

    @Test
    void exceptionsOfTheLastHandlersStopNothing() {
        socket.onDisconnecting(reason -> {
            throw new IllegalStateException("one");
        });
        socket.onDisconnecting(reason -> io.tell("disconnecting"));
        socket.onDisconnect(reason -> {
            throw new IllegalStateException("two");
        });
        socket.onDisconnect(reason -> io.tell("disconnect"));
        client.send("41");
        io.expectTold(
                "error of disconnecting: one",
                "disconnecting",
                "client namespace disconnect",
                "error of disconnect: two",
                "disconnect");
        io.expectLogged(
                "ERROR a handler of event \"disconnecting\" failed", "ERROR a handler of event \"disconnect\" failed");
    }

    @Test
    void disconnectHandlersRunOnceWhateverComesLater() {
        client.send("41");
        io.expectTold("client namespace disconnect");
        socket.disconnect(true);
        client.close();
    }

    @Test
    void socketThatGoesBeforeItsConnectionHandlerRanStillRunsThatAndThenTheEnd() {
        io.server().onConnection(late -> {
            io.tell("connection " + late.connected());
            late.onDisconnect(reason -> io.tell("late: " + reason));
        });
        TestClient other = io.connect().receive("40");
        other.webSocket().closeByPeer();
        io.loops.settle();
        io.expectTold();
        io.settle();
        io.expectTold("connection false", "late: transport close");
    }

    @Test
    void closingServerTellsEverySocketAndSendsNoDisconnect() {
        TestClient other = io.connect(io.otherLoop);
        other.join().onDisconnect(reason -> io.tell("other: " + reason));
        socket.emit("last words");
        CompletableFuture<Void> closed = io.close();
        io.expectTold("server shutting down", "other: server shutting down");
        client.expectClosed("42[\"last words\"]");
        other.expectClosed();
        assertThat(closed).isCompleted();
        assertThat(socket.emit("x")).isFalse();
        assertThat(io.server().connectionCount()).isZero();
    }

    @Test
    void serverClosesWhenAnEventLoopHasEndedBefore() {
        TestClient other = io.connect(io.otherLoop);
        other.join().onDisconnect(reason -> io.tell("other: " + reason));
        io.loop.end();
        CompletableFuture<Void> closed = io.close();
        io.expectTold("other: server shutting down");
        other.expectClosed();
        assertThat(closed).isCompleted();
        assertThat(io.server().connectionCount()).isZero();
        io.discardServer();
    }

    @Test
    void socketThatJoinsWhileTheServerClosesIsRefused() {
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().of("/slow").useAsync(late -> decision);
        client.send("40/slow,").expect();
        var unused = io.server().closeSessions(Duration.ofSeconds(1));
        decision.complete(null);
        io.settle();
        client.expectClosed();
        io.expectTold("server shutting down");
        assertThat(io.server().of("/slow").socketCount()).isZero();
    }

    @Test
    void nothingIsHeardOfAClosedServer() {
        CompletableFuture<Void> closed = io.close();
        io.server().closeResources(Duration.ZERO);
        io.expectTold("server shutting down");
        client.expectClosed();
        assertThat(io.server().emit("x")).isFalse();
        CompletionStage<Void> again = io.server().closeSessions(Duration.ofSeconds(1));
        assertThat(again.toCompletableFuture()).isDone();
        assertThat(closed).isDone();
        io.loop.end();
        socket.disconnect(true);
        assertThat(socket.emitWithAck("x").arguments()).isNotDone();
        io.settle();
        assertThat(socket.emitWithAck("x").arguments()).isNotDone();
        io.settle();
    }

    @Test
    void eventLoopThatHasEndedFailsWhatIsWaitedFor() {
        io.loop.end();
        var ack = socket.emitWithAck("x").arguments();
        var all = io.server().compress(true).emitWithAck("x");
        assertThat(socket.emit("x")).isFalse();
        socket.disconnect();
        io.settle();
        assertThat(ack).isCompletedExceptionally();
        assertThat(SocketIoFixture.now(all).missing()).isEqualTo(1);
        io.discardServer();
    }
}
