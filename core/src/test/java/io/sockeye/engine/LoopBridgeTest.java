package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions whose requests and upgrades come in on another event loop than the one they live on. */
class LoopBridgeTest {
    @RegisterExtension
    final EngineFixture engine =
            new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory(/* movesConnections= */ false));

    private EngineSession session;

    @BeforeEach
    void open() {
        session = engine.openPolling();
    }

    @Test
    void requestsOfOtherLoopsHopToTheSessions() {
        TestExchange poll = handleElsewhere("GET", "polling", /* upgrade= */ false);
        session.send(EncodedPacket.text("hello"));
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 4hello");
        assertThat(handleElsewhere("POST", "websocket", /* upgrade= */ false).answer())
                .hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
    }

    @Test
    void upgradeOfAnotherLoopCarriesPacketsBothWays() {
        FakeWebSocket webSocket = upgrade();
        session.send(EncodedPacket.text("a"));
        session.send(EncodedPacket.text("b"));
        engine.loops.settle();
        webSocket.expect("4a", "4b");
        webSocket.receive("4c");
        webSocket.receive("4d");
        engine.loops.settle();
        engine.expectTold("c", "d");
        assertThat(session.eventLoop()).isSameAs(engine.loop);
    }

    @Test
    void stallPassesThrough() {
        FakeWebSocket webSocket = upgrade();
        webSocket.stall();
        session.send(EncodedPacket.text("a"));
        engine.loops.settle();
        engine.onLoop(() -> assertThat(session.writable()).isFalse());
        session.send(EncodedPacket.text("b"));
        engine.loops.settle();
        assertThat(session.queuedBytes())
                .as("only what is under way left the queue")
                .isPositive();
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4a", "4b");
        assertThat(session.queuedBytes()).isZero();
        engine.onLoop(() -> assertThat(session.writable()).isTrue());
    }

    @Test
    void fullBufferPassesThrough() {
        FakeWebSocket webSocket = upgrade();
        webSocket.fillUp();
        session.send(EncodedPacket.text("a"));
        engine.loops.settle();
        webSocket.expect("4a");
        engine.onLoop(() -> assertThat(session.writable()).isFalse());
        webSocket.recover();
        engine.loops.settle();
        engine.onLoop(() -> assertThat(session.writable()).isTrue());
    }

    @Test
    void pausePassesThrough() {
        FakeWebSocket webSocket = upgrade();
        session.pauseReading();
        engine.loops.settle();
        assertThat(webSocket.isPaused()).isTrue();
        webSocket.receive("4held");
        engine.loops.settle();
        engine.expectTold();
        session.resumeReading();
        engine.loops.settle();
        engine.expectTold("held");
    }

    @Test
    void closeFlushesFirst() {
        FakeWebSocket webSocket = upgrade();
        webSocket.stall();
        session.send(EncodedPacket.text("last"));
        session.close();
        engine.loops.settle();
        webSocket.expect();
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4last", FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
    }

    @Test
    void abortDropsTheConnection() {
        FakeWebSocket webSocket = upgrade();
        session.abort(CloseReason.FORCED_CLOSE, null);
        engine.loops.settle();
        webSocket.expect(FakeWebSocket.DROPPED);
        webSocket.receive("4late");
        webSocket.closeByPeer();
        engine.loops.settle();
        engine.expectTold("[forced close]");
    }

    @Test
    void peersCloseAndBrokenLinePassThrough() {
        FakeWebSocket first = upgrade();
        first.closeByPeer();
        engine.loops.settle();
        engine.expectTold("[transport close]");
        session = engine.openPolling();
        FakeWebSocket second = upgrade();
        second.breakLine();
        engine.loops.settle();
        engine.expectTold("[transport error: connection reset]");
    }

    @Test
    void failedProbeIsClosedOnItsOwnLoop() {
        FakeWebSocket probe =
                handleElsewhere("GET", "websocket", /* upgrade= */ true).webSocket();
        probe.receive("4early");
        engine.loops.settle();
        probe.expect(FakeWebSocket.CLOSED);
        handleElsewhere("GET", "polling", /* upgrade= */ false).ignoreAnswer();
    }

    private FakeWebSocket upgrade() {
        FakeWebSocket probe =
                handleElsewhere("GET", "websocket", /* upgrade= */ true).webSocket();
        probe.receive("2probe");
        engine.loops.settle();
        probe.expect("3probe");
        probe.receive("5");
        engine.loops.settle();
        assertThat(session.transportName()).isEqualTo("websocket");
        return probe;
    }

    private TestExchange handleElsewhere(String method, String transport, boolean upgrade) {
        TestExchange exchange =
                new TestExchange(engine.otherLoop, method, "/?EIO=4&transport=" + transport + "&sid=" + session.id());
        return engine.handle(upgrade ? exchange.upgrade() : exchange);
    }
}
