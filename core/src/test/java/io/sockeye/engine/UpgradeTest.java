package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeTest {
    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @Test
    void probeIsAnsweredAndThePollReleasedAtOnce() {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        assertThat(poll.answer()).hasToString("200 6");
    }

    @Test
    void laterPollsAreReleasedEveryTenthOfASecond() {
        openAndPoll().ignoreAnswer();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        engine.loops.advanceMillis(50);
        TestExchange poll = poll();
        engine.loops.advanceMillis(30);
        assertThat(poll.isPending()).isTrue();
        engine.loops.advanceMillis(20);
        assertThat(poll.answer()).hasToString("200 6");
        TestExchange next = poll();
        engine.loops.advanceMillis(100);
        assertThat(next.answer()).hasToString("200 6");
    }

    @Test
    void pollIsNotReleasedBeforeTheProbe() {
        TestExchange poll = openAndPoll();
        probe();
        engine.loops.advanceMillis(500);
        assertThat(poll.isPending()).isTrue();
        poll.ignoreAnswer();
    }

    @Test
    void upgradePacketMovesTheSession() {
        openAndPoll().ignoreAnswer();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        engine.session().send(EncodedPacket.text("queued"));
        engine.loops.settle();
        probe.receive("5");
        engine.loops.settle();
        probe.expect("4queued");
        assertThat(engine.session().transportName()).isEqualTo("websocket");
        assertThat(engine.server().stats().upgraded()).isEqualTo(1);
        probe.receive("4hello");
        engine.expectTold("hello");
        assertThat(poll().answer()).hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
    }

    @Test
    void pollThatIsPendingAtTheUpgradeIsToldToClose() {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        probe.receive("5"); // a probe before it is not asked for
        assertThat(poll.answer()).hasToString("200 1");
        assertThat(engine.session().transportName()).isEqualTo("websocket");
    }

    @Test
    void messagesGoOverThePollWhileTheUpgradeIsTried() {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        engine.session().send(EncodedPacket.text("early"));
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 4early");
        probe.expect();
    }

    @Test
    void queuedMessageReleasesThePollInsteadOfANoop() {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        engine.loop.run(() -> {
            engine.session().send(EncodedPacket.text("early"));
            probe.receive("2probe");
        });
        engine.loops.settle();
        probe.expect("3probe");
        assertThat(poll.answer()).hasToString("200 4early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3", "3probe", "4early", "1", "0", "6", "x", ""})
    void anythingElseClosesTheProbeAndTheSessionLivesOn(String packet) {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        probe.receive(packet);
        engine.loops.settle();
        probe.expect(FakeWebSocket.CLOSED);
        assertThat(poll.isPending()).isTrue();
        engine.session().send(EncodedPacket.text("alive"));
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 4alive");
        assertAnotherAttemptWorks();
    }

    @Test
    void abandonedUpgradeKeepsPolling() {
        TestExchange poll = openAndPoll();
        probe().closeByPeer();
        engine.loops.settle();
        assertThat(poll.isPending()).isTrue();
        poll.ignoreAnswer();
        assertAnotherAttemptWorks();
    }

    @Test
    void upgradeThatTakesTooLongIsClosedAndAnotherMayFollow() {
        TestExchange poll = openAndPoll();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        poll.ignoreAnswer();
        engine.loops.advanceMillis(9_900);
        probe.expect();
        engine.loops.advanceMillis(100);
        probe.expect(FakeWebSocket.CLOSED);
        assertAnotherAttemptWorks();
    }

    @Test
    void secondWebSocketIsClosedWhileTheFirstIsTried() {
        openAndPoll().ignoreAnswer();
        FakeWebSocket probe = probe();
        probe().expect(FakeWebSocket.CLOSED);
        probe.receive("2probe");
        probe.expect("3probe");
    }

    @Test
    void webSocketAfterTheUpgradeIsClosed() {
        openAndPoll().ignoreAnswer();
        FakeWebSocket probe = probe();
        probe.receive("5");
        probe().expect(FakeWebSocket.CLOSED);
        probe.receive("4alive");
        engine.expectTold("alive");
    }

    @Test
    void sessionThatBeganOverWebSocketIsNotUpgraded() {
        FakeWebSocket webSocket = engine.openWebSocket();
        probe().expect(FakeWebSocket.CLOSED);
        webSocket.receive("4alive");
        engine.expectTold("alive");
    }

    @Test
    void endOfTheSessionClosesTheProbe() {
        openAndPoll().ignoreAnswer();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        engine.session().abort(CloseReason.TRANSPORT_ERROR, "gone");
        engine.loops.settle();
        engine.expectTold("[transport error: gone]");
        probe.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void closingSessionEndsOverTheNewTransport() {
        EngineSession session = engine.openPolling();
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        session.close();
        engine.loops.settle();
        assertThat(session.state()).isEqualTo(EngineSession.State.CLOSING);
        probe.receive("5");
        engine.loops.settle();
        probe.expect(FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
    }

    @Test
    void pongAwaitedAtTheUpgradeHasItsTimeAnew() {
        openAndPoll().ignoreAnswer();
        engine.loops.advanceMillis(25_000);
        engine.loops.advanceMillis(15_000);
        FakeWebSocket probe = probe();
        probe.receive("5");
        engine.loops.advanceMillis(19_000);
        engine.expectTold();
        engine.loops.advanceMillis(1_000);
        engine.expectTold("[ping timeout]");
        probe.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void pauseOutlastsTheUpgrade() {
        openAndPoll().ignoreAnswer();
        engine.onLoop(() -> engine.session().pauseReading());
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        probe.receive("5");
        probe.receive("4held");
        engine.expectTold();
        engine.onLoop(() -> engine.session().resumeReading());
        engine.expectTold("held");
    }

    @Test
    void upgradesAreRefusedWhereTheyAreNotAllowed() {
        engine.settings().allowUpgrades(false);
        openAndPoll().ignoreAnswer();
        assertThat(engine.upgrade("EIO=4&transport=websocket&sid="
                                + engine.session().id())
                        .answer())
                .hasToString("400 Bad request");
    }

    @Test
    void upgradeWithOtherRevisionIsRefused() {
        openAndPoll().ignoreAnswer();
        assertThat(engine.upgrade("EIO=3&transport=websocket&sid="
                                + engine.session().id())
                        .answer())
                .hasToString("400 Bad request");
    }

    @Test
    void upgradeOfForeignOriginIsRefused() {
        openAndPoll().ignoreAnswer();
        TestExchange exchange = new TestExchange(
                        engine.loop,
                        "GET",
                        "/?EIO=4&transport=websocket&sid=" + engine.session().id())
                .upgrade()
                .header("Host", "app.example")
                .header("Origin", "http://evil.example");
        assertThat(engine.handle(exchange).answer()).hasToString("403 Forbidden");
    }

    @Test
    void connectionOfAnotherLoopMovesToTheSessions() {
        openAndPoll().ignoreAnswer();
        TestExchange exchange = new TestExchange(
                        engine.otherLoop,
                        "GET",
                        "/?EIO=4&transport=websocket&sid=" + engine.session().id())
                .upgrade();
        FakeWebSocket probe = engine.handle(exchange).webSocket();
        probe.receive("5");
        probe.receive("4hello");
        engine.expectTold("hello");
        assertThat(probe.eventLoop()).isSameAs(engine.loop);
    }

    @Test
    void upgradeThatNamesPollingIsClosedAndTheSessionUnharmed() {
        TestExchange poll = openAndPoll();
        engine.upgrade("EIO=4&transport=polling&sid=" + engine.session().id())
                .webSocket()
                .expect(FakeWebSocket.CLOSED);
        assertThat(poll.isPending()).isTrue();
        poll.ignoreAnswer();
    }

    @Test
    void requestsThatDoNotFitTheSessionAreRefused() {
        String id = engine.openPolling().id();
        assertThat(engine.get("EIO=4&transport=websocket&sid=" + id).answer())
                .hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(engine.get("EIO=3&transport=polling&sid=" + id).answer())
                .hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
        engine.openWebSocket();
        assertThat(engine.get("EIO=4&transport=websocket&sid="
                                + engine.session().id())
                        .answer())
                .hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
    }

    private TestExchange openAndPoll() {
        engine.openPolling();
        return poll();
    }

    private TestExchange poll() {
        return engine.get("EIO=4&transport=polling&sid=" + engine.session().id());
    }

    private FakeWebSocket probe() {
        return engine.upgrade(
                        "EIO=4&transport=websocket&sid=" + engine.session().id())
                .webSocket();
    }

    private void assertAnotherAttemptWorks() {
        FakeWebSocket probe = probe();
        probe.receive("2probe");
        probe.expect("3probe");
        probe.receive("5");
        assertThat(engine.session().transportName()).isEqualTo("websocket");
    }
}
