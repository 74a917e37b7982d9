package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.StoredSession;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Recovery over a log that two nodes share: what happens when, and what is promised without the broker. */
final class ClusterRecoveryTest {
    private static final String REFERENCE_PID = "AAAAAAAAAAAAAAAAAAAA";
    private static final String OFFSET = "[0-9]{13}-[0-9]{7}";

    private final SocketIoFixture one = new SocketIoFixture();
    private final SocketIoFixture two = new SocketIoFixture();

    private final TestLog log = new TestLog();
    private final TestLog.Node wayOfOne = log.node();
    private final TestLog.Node wayOfTwo = log.node();
    private ReturningClient client;

    @BeforeEach
    void startNodes() {
        start(one, wayOfOne);
        start(two, wayOfTwo);
        client = new ReturningClient(one);
    }

    @AfterEach
    void endNodes() {
        one.close(/* nothingMayBeLeft= */ false);
        two.close(/* nothingMayBeLeft= */ false);
    }

    private void start(SocketIoFixture io, TestLog.Node way) {
        io.open();
        io.settings()
                .connectionStateRecovery(ConnectionStateRecovery.defaults())
                .adapter(way.adapters());
        io.server().of("/");
        log.settle();
    }

    private void settle() {
        for (int i = 0; i < 3; i++) {
            log.settle();
            one.settle();
            two.settle();
        }
    }

    private void connect(SocketIoFixture node) {
        client.moveTo(node).dial(node.loop);
        settle();
        client.read();
    }

    @Test
    void offsetIsThePositionInTheLogOfOneLength() {
        connect(one);
        one.server().emit("a", 1);
        settle();
        assertThat(client.line().next()).matches("42\\[\"a\",1,\"" + OFFSET + "\"]");
        client.socket().emit("to one", 2);
        settle();
        assertThat(client.line().next()).matches("42\\[\"to one\",2,\"" + OFFSET + "\"]");
    }

    @Test
    void nothingIsDeliveredBeforeItIsInTheLog() {
        connect(one);
        one.server().emit("mine");
        one.settle();
        assertThat(client.line().hasSent()).isFalse();
        two.server().emit("other");
        while (wayOfTwo.command()) {
            // the other node is faster
        }
        settle();
        client.expect("\"other\"", "\"mine\"");
    }

    @Test
    void clientThatHasSeenNoEventGetsItAllOnAnotherNode() {
        connect(one);
        client.line().breakLine();
        one.settle();
        two.server().emit("missed");
        connect(two);
        client.expectRecovered(true).expect("\"missed\"");
    }

    @Test
    void sessionWithItsRoomsAndDataOutlivesItsNode() {
        connect(one);
        client.socket().join("room");
        client.socket().data().put("name", "Ada");
        settle();
        wayOfOne.kill();
        client.gone();
        two.server().to("room").emit("missed");
        two.server().to("elsewhere").emit("not for it");
        connect(two);
        client.expectRecovered(true).expect("\"missed\"");
        assertThat(client.socket().rooms()).containsExactlyInAnyOrder(client.sid(), "room");
        assertThat(client.socket().data().get("name", String.class)).isEqualTo("Ada");
    }

    @Test
    void connectionThatANodeStillBelievesInEndsWhenTheClientIsElsewhere() {
        one.server().onConnection(socket -> socket.onDisconnect(reason -> one.tell(reason.toString())));
        connect(one);
        var before = client.line();
        connect(two);
        client.expectRecovered(true);
        settle();
        one.expectTold("transport close");
        assertThat(one.server().of("/").socketCount()).isZero();
        assertThat(before.next()).isEqualTo(FakeWebSocket.DROPPED);
        two.server().emit("once");
        settle();
        client.expect("\"once\"");
    }

    @Test
    void packetsOfOneThreadKeepTheirOrderAcrossAcknowledgementsAndDisconnection() {
        one.server()
                .onConnection(socket -> socket.on("ask", String.class, (text, ack) -> {
                    socket.emit("before");
                    ack.send("answer");
                    socket.emitWithAck("question");
                    socket.emit("bye");
                    socket.disconnect();
                }));
        connect(one);
        client.line().receive("421[\"ask\",\"x\"]");
        one.settle();
        settle();
        assertThat(client.line().next()).startsWith("42[\"before\"");
        assertThat(client.line().next()).isEqualTo("431[\"answer\"]");
        assertThat(client.line().next()).matches("42\\d+\\[\"question\"]");
        assertThat(client.line().next()).startsWith("42[\"bye\"");
        assertThat(client.line().next()).isEqualTo("41");
    }

    @Test
    void leavingARoomDoesNotTakeBackWhatWasEmittedBefore() {
        connect(one);
        client.socket().join("room");
        one.server().to("room").emit("for those who are in");
        client.socket().leave("room");
        settle();
        client.expect("\"for those who are in\"");
        client.drop();
        connect(two);
        client.expectRecovered(true).expect();
    }

    @Test
    void joiningARoomDoesNotBringWhatWasEmittedBefore() {
        connect(one);
        one.server().to("room").emit("too early");
        client.socket().join("room");
        settle();
        client.expect();
        client.drop();
        connect(two);
        client.expectRecovered(true).expect();
    }

    @Test
    void withoutTheBrokerDeliveryGoesOnAndNothingComesTwice() {
        connect(one);
        one.server().emit("logged");
        settle();
        wayOfOne.cut(true);
        one.server().emit("waits");
        one.settle();
        client.expect("\"logged\"");
        one.advance(TestLog.PATIENCE);
        wayOfOne.ticks(5);
        one.server().emit("at once");
        client.expect("\"waits\"", "\"at once\"");
        one.expectLogged(
                "WARN the way to the other nodes is broken: what is emitted reaches the clients of this node only",
                "WARN /: the log does not take in time what is emitted; it is delivered ahead of it");
        wayOfOne.cut(false);
        settle();
        client.expect();
        assertThat(log.entries).hasSize(3);
    }

    @Test
    void clientInDoubtStartsAnewUntilItHasSeenSomethingFromTheLog() {
        connect(one);
        ReturningClient other = new ReturningClient(one);
        other.dial(one.loop);
        settle();
        other.read();
        wayOfOne.cut(true);
        one.server().emit("ahead");
        one.advance(TestLog.PATIENCE);
        wayOfOne.ticks(5);
        one.settle();
        wayOfOne.cut(false);
        settle();
        one.server().emit("shows that it is back");
        settle();
        one.server().emit("in the log");
        settle();
        client.expect("\"ahead\"", "\"shows that it is back\"", "\"in the log\"")
                .drop();
        connect(two);
        client.expectRecovered(true).expect();
        other.read(1).drop();
        other.moveTo(two).dial(two.loop);
        settle();
        other.read().expectRecovered(false).expect("\"ahead\"");
    }

    @Test
    void refusedAppendIsDeliveredHereAndTold() {
        connect(one);
        wayOfOne.room = 0;
        assertThat(one.server().emit("here only")).isFalse();
        client.expect("\"here only\"");
        one.expectLogged("WARN /: the log does not take in time what is emitted; it is delivered ahead of it");
    }

    @Test
    void sessionOfTheReferenceIsTakenUpBehindItsOffset() {
        SocketPacket.Event seen = new SocketPacket.Event("/", SocketPacket.NO_ID, "seen", Arguments.of());
        log.appendOfReference(new ClusterMessage.Broadcast(seen, BroadcastOptions.DEFAULT, null));
        SocketPacket.Event missed = new SocketPacket.Event("/", SocketPacket.NO_ID, "missed", Arguments.of());
        log.appendOfReference(new ClusterMessage.Broadcast(missed, BroadcastOptions.DEFAULT.to(Set.of("room")), null));
        settle();
        log.sessions.put(
                REFERENCE_PID,
                StoredSession.ofReference(
                        "BBBBBBBBBBBBBBBBBBBB",
                        REFERENCE_PID,
                        Set.of("BBBBBBBBBBBBBBBBBBBB", "room"),
                        JsonNodeFactory.instance.objectNode()));
        TestClient back = one.connect();
        String millis = "1795269600002"; // two ways had been made
        back.send("40{\"pid\":\"" + REFERENCE_PID + "\",\"offset\":\"" + millis + "-1\"}");
        settle();
        assertThat(back.webSocket().next())
                .isEqualTo("40{\"sid\":\"BBBBBBBBBBBBBBBBBBBB\",\"pid\":\"" + REFERENCE_PID + "\"}");
        assertThat(back.webSocket().next()).matches("42\\[\"missed\",\"" + OFFSET + "\"]");
    }

    @Test
    void whatTheLogDoesNotHaveAnyMoreIsNotMadeUpFor() {
        connect(one);
        one.server().emit("seen");
        settle();
        client.expect("\"seen\"").drop();
        for (int i = 0; i < 5; i++) {
            two.server().emit("missed");
        }
        settle();
        log.trimTo(2);
        TestLog.Node wayOfThree = log.node();
        SocketIoFixture three = new SocketIoFixture();
        start(three, wayOfThree);
        client.moveTo(three).dial(three.loop);
        settle();
        three.settle();
        settle();
        three.settle();
        settle();
        three.settle();
        client.read().expectRecovered(false);
        three.close(/* nothingMayBeLeft= */ false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8796093022207-0000000", "1795269699999-0000001"})
    void offsetThatTheLogHasNotReachedIsRefused(String offset) {
        connect(one);
        one.server().emit("seen");
        settle();
        client.expect("\"seen\"").drop();
        client.offset(offset);
        connect(two);
        client.expectRecovered(false);
    }

    @Test
    void disconnectionForGoodEndsTheSession() {
        connect(one);
        assertThat(log.sessions).hasSize(1);
        client.socket().disconnect();
        settle();
        assertThat(log.sessions).isEmpty();
        assertThat(client.line().next()).isEqualTo("41");
    }

    @Test
    void sessionIsWrittenAgainBeforeItsTimeIsOver() {
        connect(one);
        int before = log.saves;
        one.advance(Duration.ofSeconds(29));
        settle();
        assertThat(log.saves).isEqualTo(before);
        one.advance(Duration.ofSeconds(2));
        settle();
        assertThat(log.saves).isEqualTo(before + 1);
        client.read();
    }
}
