package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With the default times: a ping 25 s after the last pong, and 20 s for the pong. */
class HeartbeatTest {
    /** Timers are at most this much early, and never late. */
    private static final long TICK_MILLIS = 16;

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @Test
    void serverPingsAfterTheInterval() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.loops.advanceMillis(25_000 - TICK_MILLIS - 1);
        webSocket.expect();
        engine.loops.advanceMillis(TICK_MILLIS + 1);
        webSocket.expect("2");
    }

    @Test
    void pongStartsTheNextInterval() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.loops.advanceMillis(25_000);
        webSocket.expect("2");
        engine.loops.advanceMillis(15_000);
        webSocket.receive("3");
        engine.loops.advanceMillis(25_000 - TICK_MILLIS - 1);
        webSocket.expect();
        engine.loops.advanceMillis(TICK_MILLIS + 1);
        webSocket.expect("2");
    }

    @Test
    void pongNobodyAskedForStartsTheIntervalAnew() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.loops.advanceMillis(20_000);
        webSocket.receive("3");
        engine.loops.advanceMillis(20_000);
        webSocket.expect();
        engine.loops.advanceMillis(5_000);
        webSocket.expect("2");
    }

    @Test
    void clientThatDoesNotAnswerIsClosed() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.loops.advanceMillis(25_000);
        webSocket.expect("2");
        engine.loops.advanceMillis(20_000 - TICK_MILLIS - 1);
        engine.expectTold();
        engine.loops.advanceMillis(TICK_MILLIS + 1);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void shortTimesAreKeptToTheMillisecondsThatClientsCountWith() {
        engine.settings().pingInterval(Duration.ofMillis(300)).pingTimeout(Duration.ofMillis(200));
        engine.openPolling();
        engine.loops.advanceMillis(485);
        engine.expectTold();
        engine.loops.advanceMillis(15);
        engine.expectTold("[ping timeout]");
    }

    @Test
    void firstOtherPacketGivesTheClientItsTimeAnewOncePerPing() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.loops.advanceMillis(25_000);
        webSocket.expect("2");
        engine.loops.advanceMillis(19_000);
        webSocket.receive("4busy");
        engine.loops.advanceMillis(19_000);
        webSocket.receive("4still busy");
        engine.expectTold("busy", "still busy");
        engine.loops.advanceMillis(1_000);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void nextPingAllowsAnotherExtension() {
        FakeWebSocket webSocket = engine.openWebSocket();
        for (int i = 0; i < 3; i++) {
            engine.loops.advanceMillis(25_000);
            webSocket.expect("2");
            engine.loops.advanceMillis(19_000);
            webSocket.receive("6");
            engine.loops.advanceMillis(19_000);
            webSocket.receive("3");
        }
    }

    @Test
    void clientThatPingsBreaksTheProtocol() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.receive("2");
        engine.expectTold("[transport error: invalid heartbeat direction]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void probeOutsideAnUpgradeIsAPing() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.receive("2probe");
        engine.expectTold("[transport error: invalid heartbeat direction]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void pingWaitsForAPoll() {
        EngineSession session = engine.openPolling();
        engine.loops.advanceMillis(25_000);
        assertThat(engine.get("EIO=4&transport=polling&sid=" + session.id()).answer())
                .hasToString("200 2");
    }

    @Test
    void endOfTheSessionStopsItsTimer() {
        FakeWebSocket webSocket = engine.openWebSocket();
        assertThat(engine.loop.scheduled()).isEqualTo(1);
        webSocket.closeByPeer();
        engine.expectTold("[transport close]");
        assertThat(engine.loop.scheduled()).isZero();
    }

    @Test
    void sessionsShareOneScheduledTask() {
        for (int i = 0; i < 100; i++) {
            engine.openWebSocket();
            engine.loops.advanceMillis(1);
        }
        assertThat(engine.loop.scheduled()).isEqualTo(1);
    }
}
