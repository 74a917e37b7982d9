package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CloseTest {
    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @Test
    void closeFlushesAndThenCloses() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        engine.onLoop(() -> {
            session.send(EncodedPacket.text("last"));
            session.close();
            session.close();
            assertThat(session.state()).isEqualTo(EngineSession.State.CLOSING);
            assertThat(session.send(EncodedPacket.text("late"))).isFalse();
        });
        webSocket.expect("4last", FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
        assertThat(session.state()).isEqualTo(EngineSession.State.CLOSED);
        assertThat(engine.server().session(session.id())).isNull();
    }

    @Test
    void nothingIsDeliveredWhileTheSessionCloses() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.stall();
        engine.onLoop(() -> {
            engine.session().send(EncodedPacket.text("last"));
            engine.session().close();
        });
        webSocket.receive("4late");
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4last", FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
    }

    @Test
    void clientThatTakesNothingIsDroppedAfterThePingTimeout() {
        assertDroppedAfter(20_000);
    }

    @Test
    void clientThatTakesNothingIsDroppedAfterHalfAMinuteAtMost() {
        engine.settings().pingTimeout(Duration.ofMinutes(1));
        assertDroppedAfter(30_000);
    }

    private void assertDroppedAfter(int millis) {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.stall();
        engine.onLoop(() -> {
            engine.session().send(EncodedPacket.text("last"));
            engine.session().close();
        });
        engine.loops.advanceMillis(millis - 100);
        engine.expectTold();
        engine.loops.advanceMillis(100);
        engine.expectTold("[forced close: close timeout]");
        webSocket.expect(FakeWebSocket.DROPPED);
    }

    @Test
    void pendingPollIsToldOfTheEnd() {
        EngineSession session = engine.openPolling();
        TestExchange poll = poll(session);
        session.close();
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[forced close]");
        assertThat(poll(session).answer()).hasToString("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    @Test
    void nextPollIsToldOfTheEndIfNoneIsPending() {
        EngineSession session = engine.openPolling();
        session.close();
        engine.loops.settle();
        engine.expectTold();
        assertThat(poll(session).answer()).hasToString("200 6 1");
        engine.expectTold("[forced close]");
        assertThat(poll(session).answer()).hasToString("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    @Test
    void whatIsQueuedGoesBeforeTheEnd() {
        EngineSession session = engine.openPolling();
        session.send(EncodedPacket.text("last"));
        session.close();
        engine.loops.settle();
        assertThat(poll(session).answer()).hasToString("200 4last");
        engine.expectTold();
        assertThat(poll(session).answer()).hasToString("200 6 1");
        engine.expectTold("[forced close]");
    }

    @Test
    void abortDropsTheConnectionAndWhatIsQueued() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        engine.onLoop(() -> {
            session.send(EncodedPacket.text("lost"));
            session.abort(CloseReason.PARSE_ERROR, "bad");
            session.abort(CloseReason.FORCED_CLOSE, null);
            engine.expectTold("[parse error: bad]");
        });
        webSocket.expect(FakeWebSocket.DROPPED);
        assertThat(engine.server().stats().parseErrors()).isEqualTo(1);
    }

    @Test
    void abortEndsAClosingSession() {
        EngineSession session = engine.openPolling();
        session.close();
        session.abort(CloseReason.FORCED_CLOSE, "impatient");
        engine.loops.settle();
        engine.expectTold("[forced close: impatient]");
    }

    @Test
    void peersCloseIsATransportClose() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.closeByPeer();
        engine.expectTold("[transport close]");
    }

    @Test
    void brokenLineIsATransportError() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.breakLine();
        engine.expectTold("[transport error: connection reset]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void undecodablePacketIsAParseErrorAndWhatCameBeforeIsAnswered() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onMessage(text -> engine.session().send(EncodedPacket.text(text)));
        engine.loop.run(() -> {
            webSocket.receive("4echo");
            webSocket.receive("x");
        });
        engine.expectTold("echo", "[parse error: parser error]");
        webSocket.expect("4echo", FakeWebSocket.CLOSED);
    }

    @Test
    void closeListenerThatThrowsLeavesNothingBehind() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        engine.onLoop(() -> session.listener(new EngineSession.Listener() {
            @Override
            public void onMessage(byte[] array, int offset, int length) {}

            @Override
            public void onBinary(byte[] data) {}

            @Override
            public void onClose(CloseReason reason, String description) {
                throw new IllegalStateException("broken");
            }
        }));
        webSocket.closeByPeer();
        assertThat(session.state()).isEqualTo(EngineSession.State.CLOSED);
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void sessionNobodyListensToDropsItsMessages() {
        engine.settings().onSession(session -> {});
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.receive("4a");
        webSocket.receiveBinary((byte) 1);
        webSocket.closeByPeer();
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void serverClosesEverySessionAndRefusesNewOnes() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession polling = engine.openPolling();
        TestExchange poll = poll(polling);
        CompletableFuture<Void> closed = engine.server().close().toCompletableFuture();
        engine.loops.settle();
        webSocket.expect(FakeWebSocket.CLOSED);
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[forced close]", "[forced close]");
        assertThat(closed).isCompleted();
        assertThat(engine.get("EIO=4&transport=polling").answer())
                .hasToString("503 {\"code\":4,\"message\":\"Server closing\"}");
    }

    @Test
    void closedServerWithoutSessionsIsDoneAtOnce() {
        assertThat(engine.server().close().toCompletableFuture()).isCompleted();
        assertThat(engine.server().close().toCompletableFuture()).isCompleted();
    }

    @Test
    void nothingWaitsForTheDeadlineOnceTheLastSessionIsClosed() {
        TestExchange poll = poll(engine.openPolling());
        engine.server().close();
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[forced close]");
        engine.loops.assertIdle();
    }

    @Test
    void sessionsAreClosedOneAfterTheOther() {
        List<FakeWebSocket> webSockets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            webSockets.add(engine.openWebSocket());
        }
        CompletableFuture<Void> closed = engine.server()
                .close(Duration.ofSeconds(8), Duration.ofSeconds(20))
                .toCompletableFuture();
        engine.loops.settle();
        for (int left = 3; left >= 0; left--) {
            assertThat(engine.server().sessions()).isEqualTo(left);
            engine.expectTold("[forced close]");
            assertThat(closed.isDone()).isEqualTo(left == 0);
            engine.loops.advance(Duration.ofSeconds(2));
        }
        webSockets.forEach(webSocket -> webSocket.expect(FakeWebSocket.CLOSED));
    }

    @Test
    void whatIsLeftAtTheDeadlineIsDropped() {
        EngineSession polling = engine.openPolling();
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.stall();
        engine.session().send(EncodedPacket.text("stuck"));
        CompletableFuture<Void> closed =
                engine.server().close(Duration.ZERO, Duration.ofSeconds(5)).toCompletableFuture();
        engine.loops.advanceMillis(900);
        engine.expectTold();
        engine.loops.advanceMillis(100);
        engine.expectTold("[forced close: server closing]");
        assertThat(polling.state()).as("that only had its farewell left").isEqualTo(EngineSession.State.CLOSED);
        engine.loops.advanceMillis(3_900);
        engine.expectTold();
        engine.loops.advanceMillis(100);
        engine.expectTold("[forced close: server closing]");
        webSocket.expect(FakeWebSocket.DROPPED);
        assertThat(closed).isCompleted();
    }

    @Test
    void clientThatComesForWhatIsQueuedWhileTheServerClosesGetsItAndItsFarewell() {
        EngineSession polling = engine.openPolling();
        engine.session().send(EncodedPacket.text("last"));
        CompletableFuture<Void> closed =
                engine.server().close(Duration.ZERO, Duration.ofSeconds(5)).toCompletableFuture();
        engine.loops.advanceMillis(3_000);
        assertThat(poll(polling).answer()).hasToString("200 4last");
        engine.loops.advanceMillis(500);
        assertThat(poll(polling).answer()).hasToString("200 6 1");
        engine.expectTold("[forced close]");
        assertThat(closed).isCompleted();
    }

    @Test
    void clientThatTookWhatWasQueuedAndVanishedIsNotWaitedForUntilTheDeadline() {
        EngineSession polling = engine.openPolling();
        engine.session().send(EncodedPacket.text("last"));
        CompletableFuture<Void> closed =
                engine.server().close(Duration.ZERO, Duration.ofSeconds(20)).toCompletableFuture();
        engine.loops.advanceMillis(2_500);
        assertThat(poll(polling).answer()).hasToString("200 4last");
        engine.loops.advanceMillis(1_400);
        engine.expectTold();
        engine.loops.advanceMillis(100);
        engine.expectTold("[forced close: server closing]");
        assertThat(closed).isCompleted();
    }

    @Test
    void handshakeThatWasUnderWayWhenTheServerClosedOpensNothing() {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        engine.settings().allowRequest(exchange -> admission);
        TestExchange exchange = engine.get("EIO=4&transport=polling");
        engine.server().close();
        admission.complete(Admission.accept());
        engine.loops.settle();
        assertThat(exchange.answer()).hasToString("503 {\"code\":4,\"message\":\"Server closing\"}");
    }

    @Test
    void webSocketThatOpensWhileTheServerClosesIsDropped() {
        TestExchange exchange = new TestExchange(engine.loop, "GET", "/?EIO=4&transport=websocket").upgrade();
        engine.loop.run(() -> {
            engine.server().handle(exchange); // the transport opens in a later task
            engine.server().close();
        });
        engine.loops.settle();
        exchange.webSocket().expect(FakeWebSocket.DROPPED);
        engine.expectTold("[forced close: server closing]");
    }

    private TestExchange poll(EngineSession session) {
        return engine.get("EIO=4&transport=polling&sid=" + session.id());
    }
}
