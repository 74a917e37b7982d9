package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PauseTest {
    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @Test
    void pausedSessionDeliversNothing() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.session().pauseReading(); // by another thread than the loop's
        engine.loops.settle();
        webSocket.receive("4held");
        engine.expectTold();
        engine.session().resumeReading();
        engine.loops.settle();
        engine.expectTold("held");
    }

    @Test
    void pauseWithinADeliveryTakesEffectAtOnce() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onMessage(text -> engine.session().pauseReading());
        webSocket.receive("4one");
        webSocket.receive("4two");
        engine.expectTold("one");
        engine.onLoop(() -> engine.session().resumeReading());
        engine.expectTold("two");
    }

    @Test
    void missingPongEndsNothingWhileReadingIsPausedAndPingsGoOn() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onLoop(() -> engine.session().pauseReading());
        engine.loops.advanceMillis(25_000 + 5 * 20_000);
        webSocket.expect("2", "2", "2", "2", "2", "2");
        engine.expectTold();
    }

    @Test
    void pongThatWaitedIsCountedOnceReadingResumes() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onLoop(() -> engine.session().pauseReading());
        engine.loops.advanceMillis(25_000 + 20_000);
        webSocket.expect("2", "2");
        webSocket.receive("3");
        engine.onLoop(() -> engine.session().resumeReading());
        engine.loops.advanceMillis(24_900);
        webSocket.expect();
        engine.loops.advanceMillis(100);
        webSocket.expect("2");
    }

    @Test
    void deadClientIsNoticedOnceReadingResumes() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onLoop(() -> engine.session().pauseReading());
        engine.loops.advanceMillis(60_000);
        webSocket.expect("2", "2");
        engine.onLoop(() -> engine.session().resumeReading());
        engine.loops.advanceMillis(19_900);
        engine.expectTold();
        engine.loops.advanceMillis(100);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void pingsDoNotPileUpForAClientThatTakesNone() {
        EngineSession session = engine.openPolling();
        engine.onLoop(session::pauseReading);
        engine.loops.advanceMillis(600_000);
        assertThat(engine.get("EIO=4&transport=polling&sid=" + session.id()).answer())
                .hasToString("200 2");
    }

    @Test
    void closingResumesReading() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.stall();
        engine.onLoop(() -> {
            engine.session().pauseReading();
            engine.session().send(io.sockeye.protocol.engineio.EncodedPacket.text("last"));
            engine.session().close();
        });
        assertThat(webSocket.isPaused()).isFalse();
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4last", FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
    }
}
