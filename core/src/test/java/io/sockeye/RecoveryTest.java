package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.TestExchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client gets that comes back, and when it does not (Socket.IO documentation, "Connection state recovery"). */
final class RecoveryTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private ReturningClient ann;

    /** How a connection gets lost, or a return goes wrong. */
    private enum Fault {
        /** The line is reset when nothing is under way. */
        DROP,
        /** The line is reset, and what the server believes to have sent has not arrived. */
        DROP_WITH_PACKETS_UNDER_WAY,
        /** The client comes back while the server believes the old connection to be alive. */
        RETURN_BEFORE_CLOSE,
        /** The same, on another event loop. */
        RETURN_BEFORE_CLOSE_ELSEWHERE,
        /** The line is reset again when the client has seen a part of what it has missed. */
        DROP_DURING_REPLAY,
        /** The line is reset again before the answer to CONNECT has arrived. */
        DROP_BEFORE_CONNECT,
        /** The client comes back while the server still replays over a connection that is dead. */
        RETURN_DURING_REPLAY,
        /** The client is silent until the server gives it up. */
        STALL_UNTIL_PING_TIMEOUT
    }

    @BeforeEach
    void turnOn() {
        io.settings().connectionStateRecovery(ConnectionStateRecovery.defaults());
        ann = new ReturningClient(io);
    }

    @AfterEach
    void forgetWhatWasUnderWay() {
        io.discardSent();
    }

    private void emit(String... names) {
        for (String name : names) {
            assertThat(io.server().emit(name)).isTrue();
        }
        io.settle();
    }

    /** Loses the connection, in which {@code b} was under way, and comes back; {@code c} is emitted meanwhile. */
    private void loseAndReturn(Fault fault) {
        switch (fault) {
            case DROP -> ann.read().drop();
            case DROP_WITH_PACKETS_UNDER_WAY, DROP_DURING_REPLAY, DROP_BEFORE_CONNECT -> ann.drop();
            case STALL_UNTIL_PING_TIMEOUT -> io.advance(Duration.ofSeconds(46));
            default -> {}
        }
        emit("c");
        switch (fault) {
            case DROP_DURING_REPLAY -> ann.dial(io.loop).read(2).drop();
            case DROP_BEFORE_CONNECT -> ann.dial(io.loop).drop().dial(io.loop).drop();
            case RETURN_DURING_REPLAY -> ann.dial(io.loop).read(2);
            default -> {}
        }
        emit("d");
        ann.connect(fault == Fault.RETURN_BEFORE_CLOSE_ELSEWHERE ? io.otherLoop : io.loop);
    }

    @ParameterizedTest
    @EnumSource
    void clientSeesEachPacketOnceAndInOrder(Fault fault) {
        ann.connect();
        String sid = ann.sid();
        ann.socket().join("red");
        for (int round = 0; round < 3; round++) {
            emit("a");
            ann.read();
            emit("b");
            loseAndReturn(fault);
            ann.expectRecovered(true);
            assertThat(ann.sid()).isEqualTo(sid);
            emit("e");
            ann.expect("\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"e\"");
        }
        assertThat(ann.socket().rooms()).containsExactlyInAnyOrder(sid, "red");
    }

    @ParameterizedTest
    @EnumSource
    void clientThatHasSeenNothingGetsEverythingSinceItsConnect(Fault fault) {
        emit("before");
        ann.connect();
        emit("b");
        loseAndReturn(fault);
        ann.expectRecovered(true).expect("\"b\"", "\"c\"", "\"d\"");
    }

    @Test
    void wireFormIsThatOfTheProtocol() {
        io.server().onConnection(socket -> socket.join("red"));
        TestClient client = io.connect();
        client.send("40");
        String connect = client.webSocket().next();
        assertThat(connect).matches("40\\{\"sid\":\"[\\w-]{20}\",\"pid\":\"[\\w-]{20}\"}");
        String pid = connect.substring(39, 59);
        io.server().to("red").emit("x", 1, new byte[] {7});
        io.settle();
        String event = client.webSocket().next();
        assertThat(event).matches("451-\\[\"x\",1,\\{\"_placeholder\":true,\"num\":0},\"[\\w-]{13}\"]");
        client.expect("<07>");
        String offset = event.substring(event.length() - 15, event.length() - 2);
        client.close();
        io.server().to("red").emit("y", List.of("é"));
        TestClient again = io.connect();
        again.send("40{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
        assertThat(again.webSocket().next()).isEqualTo(connect);
        assertThat(again.webSocket().next()).matches("42\\[\"y\",\\[\"é\"],\"[\\w-]{13}\"]");
    }

    @Test
    void connectComesBeforeWhatWasMissed() {
        ann.connect();
        emit("a");
        ann.read().drop();
        emit("b");
        ann.dial(io.loop);
        assertThat(ann.line().next()).startsWith("40{");
        assertThat(ann.line().next()).startsWith("42[\"b\"");
    }

    @Test
    void whatAnEventLoopEmitsDoesNotOvertakeWhatOthersHaveHandedOver() {
        ann.connect();
        io.server().emit("a"); // waits for the event loop
        io.loop.run(() -> io.server().emit("b"));
        ann.read(1).drop();
        ann.connect().expectRecovered(true).expect("\"a\"", "\"b\"");
    }

    @Test
    void dataIsTheSameObjectAgain() {
        ann.connect();
        SocketData data = ann.socket().data().put("user", "ann");
        Socket before = ann.socket();
        ann.drop().connect().expectRecovered(true);
        assertThat(ann.socket()).isNotSameAs(before);
        assertThat(ann.socket().data()).isSameAs(data);
    }

    @Test
    void handlersOfTheEndRunBeforeThoseOfTheReturn() {
        io.server().onConnection(socket -> {
            io.tell("connection " + socket.recovered() + " " + socket.rooms().contains("red"));
            socket.join("red");
            socket.onDisconnecting(
                    reason -> io.tell("disconnecting " + socket.rooms().contains("red")));
            socket.onDisconnect((reason, description) -> io.tell(reason + ": " + description));
        });
        ann.connect();
        io.expectTold("connection false false");
        ann.connect(io.otherLoop).expectRecovered(true);
        io.expectTold(
                "disconnecting true",
                "transport close: the client has come back over another connection",
                "connection true true");
    }

    @Test
    void socketEmitsToItsClientWhileThatIsAway() {
        ann.connect();
        Socket before = ann.socket();
        ann.drop();
        assertThat(before.connected()).isFalse();
        assertThat(before.emit("kept", "text")).isTrue();
        ann.connect().expectRecovered(true).expect("\"kept\",\"text\"");
        assertThat(before.emit("later")).isTrue();
        ann.expect("\"later\"");
    }

    @Test
    void socketOutsideOfItsOwnRoomStillEmitsToItsClient() {
        ann.connect();
        ann.socket().leave(ann.socket().id());
        Socket before = ann.socket();
        assertThat(before.emit("a")).isTrue();
        ann.expect("\"a\"").drop();
        before.emit("b");
        io.server().to(before.id()).emit("room");
        ann.connect().expectRecovered(true).expect("\"b\"");
        assertThat(ann.socket().rooms()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = DisconnectReason.class)
    void reasonDecidesWhetherTheClientMayComeBack(DisconnectReason reason) {
        ann.connect();
        switch (reason) {
            case TRANSPORT_ERROR -> ann.line().breakLine();
            case TRANSPORT_CLOSE -> ann.line().closeByPeer();
            case FORCED_CLOSE -> ann.line().receive("4x");
            case PING_TIMEOUT -> io.advance(Duration.ofSeconds(46));
            case PARSE_ERROR -> ann.line().receive("9");
            case SERVER_SHUTTING_DOWN ->
                io.loop.run(() -> ann.socket().connection().shutDown());
            case FORCED_SERVER_CLOSE -> {
                ann.line().stall();
                ann.socket().emit("under way");
                ann.line().receive("40");
            }
            case CLIENT_NAMESPACE_DISCONNECT -> ann.line().receive("41");
            case SERVER_NAMESPACE_DISCONNECT -> ann.socket().disconnect();
        }
        io.settle();
        boolean ended = reason == DisconnectReason.PARSE_ERROR
                || reason == DisconnectReason.CLIENT_NAMESPACE_DISCONNECT
                || reason == DisconnectReason.SERVER_NAMESPACE_DISCONNECT;
        io.discardSent();
        ann.connect().expectRecovered(!ended);
    }

    @Test
    void socketThatTheServerHasDismissedDoesNotComeBack() {
        ann.connect();
        ann.socket().disconnect();
        ann.line().breakLine(); // before the event loop has come to it
        ann.connect().expectRecovered(false);
    }

    @Test
    void clientThatComesTooLateStartsAnew() {
        ann.connect();
        String sid = ann.sid();
        emit("a");
        ann.read().drop();
        emit("b");
        io.advance(Duration.ofMinutes(2).plusMillis(1));
        ann.connect().expectRecovered(false).expect("\"a\"");
        assertThat(ann.sid()).isNotEqualTo(sid);
    }

    @Test
    void clientThatComesInTimeIsRecovered() {
        ann.connect();
        emit("a");
        ann.read().drop();
        emit("b");
        io.advance(Duration.ofMinutes(2).minusMillis(1));
        ann.connect().expectRecovered(true).expect("\"a\"", "\"b\"");
    }

    @Test
    void offsetOfAPacketThatIsNotKeptAnyMoreWillDo() {
        ann.connect();
        emit("a");
        ann.read();
        for (int i = 0; i < 20; i++) {
            io.advance(Duration.ofSeconds(20));
            io.server().to("elsewhere").emit("x");
            ann.read().line().receive("3");
        }
        ann.drop();
        emit("b");
        ann.connect().expectRecovered(true).expect("\"a\"", "\"b\"");
    }

    @Test
    void offsetsOfAnEarlierSessionAndTextsOfTheApplicationAreNotMistaken() {
        ann.connect();
        emit("a");
        ann.read().drop();
        io.advance(Duration.ofMinutes(3));
        ann.connect().expectRecovered(false); // but it still holds the offset of "a"
        emit("b");
        ann.drop().connect().expectRecovered(true).expect("\"a\"", "\"b\"");
        emit("c");
        ann.offset("a text that is no offset");
        ann.drop().connect().expectRecovered(true);
        ann.expect("\"b\"", "\"c\"");
    }

    @Test
    void volatilePacketsHaveAnOffsetButAreNotKept() {
        ann.connect();
        emit("a");
        io.server().volatileFlag().emit("v", "text");
        ann.socket().volatileFlag().emit("w", "text");
        ann.expect("\"a\"", "\"v\",\"text\"", "\"w\",\"text\"").drop();
        io.server().volatileFlag().emit("v");
        emit("b");
        ann.connect().expectRecovered(true).expect("\"b\"");
    }

    @Test
    void packetsWithAcknowledgementHaveNoOffsetAndAreNotKept() {
        ann.connect();
        ann.socket().emitWithAck("ask", 1);
        io.settle();
        assertThat(ann.line().next()).isEqualTo("420[\"ask\",1]");
        var lost = ann.socket().emitWithAck("ask", 2).arguments();
        ann.drop();
        assertThat(lost).isCompletedExceptionally();
        ann.connect().expectRecovered(true).expect();
    }

    @Test
    void roomsCountAsTheyWereWhenAPacketWasEmitted() {
        ann.connect();
        Socket socket = ann.socket();
        socket.join("early");
        io.server().to("early").emit("a");
        io.server().to("late").emit("never");
        socket.leave("early");
        io.server().to("early").emit("never");
        socket.join("late");
        io.server().to("late").emit("b");
        io.server().to("late").except("late").emit("never");
        socket.to("late").emit("never");
        ann.drop();
        io.server().to("late").emit("c");
        ann.connect().expectRecovered(true).expect("\"a\"", "\"b\"", "\"c\"");
    }

    @Test
    void roomsOfAClientThatIsAwayCanBeChanged() {
        ann.connect();
        ann.socket().join("red");
        ann.drop();
        io.server().in("red").socketsJoin("blue");
        io.server().to("blue").emit("a");
        io.server().in("blue").socketsLeave("red");
        io.server().to("red").emit("never");
        ann.connect().expectRecovered(true).expect("\"a\"");
        assertThat(ann.socket().rooms()).containsExactlyInAnyOrder(ann.sid(), "blue");
    }

    @Test
    void clientThatIsAwayCanBeDisconnected() {
        ann.connect();
        ann.socket().join("red");
        ann.drop();
        io.server().in("red").disconnectSockets(false);
        ann.connect().expectRecovered(false);
    }

    @Test
    void middlewareIsSkippedOnReturn() {
        io.server().use(socket -> io.tell("middleware"));
        ann.connect();
        io.expectTold("middleware");
        ann.drop().connect().expectRecovered(true);
        io.expectTold();
    }

    @Test
    void unknownSessionsAreNotRecovered() {
        TestClient client = io.connect();
        client.send("40{\"pid\":\"nobody's\",\"offset\":\"none\"}");
        assertThat(client.webSocket().next()).doesNotContain("nobody's");
        TestClient odd = io.connect();
        odd.send("40{\"pid\":7,\"offset\":{}}");
        assertThat(odd.webSocket().next()).startsWith("40{\"sid\":");
    }

    @Test
    void offsetFromTheFutureIsNotBelieved() {
        ann.connect();
        emit("a");
        ann.read();
        String offset = ann.offset();
        ann.offset(offset.substring(0, 6) + "zzzzzzz");
        ann.drop().connect().expectRecovered(false);
    }

    @Test
    void otherConnectionsOfTheProcessAreLeftAlone() {
        ann.connect();
        ReturningClient bob = new ReturningClient(io).connect();
        ann.connect().expectRecovered(true);
        emit("a");
        ann.expect("\"a\"");
        bob.expect("\"a\"").expectRecovered(false);
    }

    @Test
    void laterOfTwoReturnsWins() {
        ann.connect();
        emit("a");
        ann.drop();
        ann.dial(io.loop);
        var first = ann.line();
        ann.connect(io.otherLoop).expectRecovered(true).expect("\"a\"");
        assertThat(first.next()).startsWith("40{");
        assertThat(io.server().of("/").socketCount()).isOne();
    }

    @Test
    void returnOverLongPollingIsRecovered() {
        String first = io.openPolling();
        io.handle(post(first, "40"));
        String connect = io.get(first).answer().text();
        String pid = connect.substring(39, 59);
        emit("a");
        assertThat(io.get(first).answer().text()).startsWith("42[\"a\"");
        String second = io.openPolling();
        io.handle(post(second, "40{\"pid\":\"" + pid + "\"}"));
        assertThat(io.get(second).answer().text()).startsWith(connect + " 42[\"a\"");
    }

    private TestExchange post(String query, String body) {
        String encoded = URLEncoder.encode(body, StandardCharsets.UTF_8);
        return new TestExchange(io.loop, "POST", "/socket.io/?" + query + "&body=" + encoded).endBody();
    }
}
