package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test's own thread is none of the event loops; {@code engine.onLoop} makes it one. */
class SendTest {
    private static final int OVERHEAD = 64;

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @Test
    void packetsOfOneTurnAreSentTogether() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onLoop(() -> {
            assertThat(engine.session().send(text("a"))).isTrue();
            assertThat(engine.session().send(text("b"))).isTrue();
            webSocket.expect();
        });
        webSocket.expect("4a", "4b");
        assertThat(webSocket.batches()).containsExactly(1, 2); // the handshake, and these
    }

    @Test
    void packetsSentWhileMessagesAreReadAreSentTogether() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onMessage(text -> engine.session().send(text(text)));
        webSocket.receive("4a");
        webSocket.receive("4b");
        engine.expectTold("a", "b");
        engine.loops.settle();
        webSocket.expect("4a", "4b");
        assertThat(webSocket.batches()).containsExactly(1, 2);
    }

    @Test
    void sendsOfAnotherThreadToManySessionsWakeTheLoopOnce() {
        List<FakeWebSocket> webSockets = new ArrayList<>();
        List<EngineSession> sessions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            webSockets.add(engine.openWebSocket());
            sessions.add(engine.session());
        }
        int before = engine.loop.executed();
        sessions.forEach(session -> session.send(text("a")));
        sessions.forEach(session -> session.send(text("b")));
        assertThat(engine.loop.executed()).isEqualTo(before + 1);
        engine.loops.settle();
        assertThat(engine.loop.executed()).isEqualTo(before + 1);
        webSockets.forEach(webSocket -> webSocket.expect("4a", "4b"));
    }

    @Test
    void transportThatFailsCostsNobodyButItsSession() {
        FakeWebSocket broken = engine.openWebSocket();
        EngineSession lost = engine.session();
        FakeWebSocket webSocket = engine.openWebSocket();
        broken.breakDown();
        lost.send(text("a"));
        engine.session().send(text("b"));
        engine.loops.settle();
        broken.expect(FakeWebSocket.DROPPED);
        webSocket.expect("4b");
        engine.expectTold("[transport error: write error]");
        engine.session().send(text("c"));
        engine.loops.settle();
        webSocket.expect("4c");
    }

    @Test
    void packetOfTheLoopDoesNotWaitForAWakeUpThatWorkOffTheLoopPutsOff() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        Queue<Runnable> threads = new ArrayDeque<>();
        Executor given = threads::add;
        engine.onLoop(() -> {
            session.offLoop(given).execute(() -> {
                session.send(text("off the loop"));
                engine.loops.settle();
                webSocket.expect();
                engine.onLoop(() -> session.send(text("on the loop")));
                webSocket.expect("4off the loop", "4on the loop");
            });
            session.offLoop(given).execute(() -> {});
        });
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        engine.loops.advanceMillis(2);
    }

    @Test
    void taskForManySessionsCostsOneWakeUpAndOneFlushEach() {
        List<FakeWebSocket> webSockets = new ArrayList<>();
        List<EngineSession> sessions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            webSockets.add(engine.openWebSocket());
            sessions.add(engine.session());
        }
        int before = engine.loop.executed();
        sessions.get(0)
                .execute(() -> sessions.forEach(session -> {
                    session.send(text("a"));
                    session.send(text("b"));
                }));
        engine.loops.settle();
        assertThat(engine.loop.executed()).isEqualTo(before + 1);
        webSockets.forEach(webSocket -> {
            webSocket.expect("4a", "4b");
            assertThat(webSocket.batches()).containsExactly(1, 2);
        });
    }

    @Test
    void whatOneThreadSendsExecutesAndClosesComesInOrder() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        session.send(text("1"));
        session.execute(() -> session.send(text("2")));
        session.send(text("3"));
        session.close();
        assertThat(session.send(text("4")))
                .as("accepted, the loop not knowing yet")
                .isTrue();
        engine.loops.settle();
        webSocket.expect("41", "42", "43", FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
        assertThat(session.send(text("5"))).isFalse();
    }

    @Test
    void taskOnTheLoopRunsWithinTheCall() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        engine.onLoop(() -> {
            session.execute(() -> session.send(text("1")));
            session.send(text("2"));
        });
        webSocket.expect("41", "42");
    }

    @Test
    void failedTaskDoesNotStopTheOthers() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        session.execute(() -> {
            throw new IllegalStateException("broken");
        });
        session.send(text("alive"));
        engine.loops.settle();
        webSocket.expect("4alive");
    }

    @Test
    void listenerThatThrowsDoesNotEndTheSession() {
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.onMessage(text -> {
            throw new IllegalStateException("broken");
        });
        webSocket.receive("4a");
        webSocket.receive("4b");
        engine.expectTold("a", "b");
    }

    @Test
    void attachmentsFollowTheirPacket() {
        FakeWebSocket webSocket = engine.openWebSocket();
        byte[] array = new byte[EncodedPacket.HEADROOM + 1];
        array[EncodedPacket.HEADROOM] = 'x';
        engine.session()
                .send(EncodedPacket.text(
                        array,
                        1,
                        /* compressible= */ true,
                        EncodedPacket.binary(new byte[] {1, 2}, 0, 2, /* compressible= */ true)));
        engine.loops.settle();
        webSocket.expect("4x", "<0102>");
    }

    @Test
    void binaryMessagesAreDelivered() {
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.receiveBinary((byte) 0xca, (byte) 0xfe);
        webSocket.receive("bAQI=");
        engine.expectTold("<cafe>", "<0102>");
    }

    @Test
    void otherPacketsOfTheClientMeanNothing() {
        FakeWebSocket webSocket = engine.openWebSocket();
        for (String packet : new String[] {"0", "1", "3", "3probe", "5", "6"}) {
            webSocket.receive(packet);
        }
        webSocket.receive("4alive");
        engine.expectTold("alive");
    }

    @Test
    void queuedBytesCountPacketsUntilTheTransportHasThem() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        webSocket.stall();
        session.send(text("abc"));
        assertThat(session.queuedBytes()).as("on its way to the loop").isEqualTo(4 + OVERHEAD);
        engine.loops.settle();
        assertThat(session.queuedBytes()).isEqualTo(4 + OVERHEAD);
        webSocket.recover();
        engine.loops.settle();
        assertThat(session.queuedBytes()).isZero();
        webSocket.expect("4abc");
    }

    @Test
    void drainIsToldAfterABacklogOnly() {
        engine.tellDrains();
        FakeWebSocket webSocket = engine.openWebSocket();
        engine.session().send(text("a"));
        engine.loops.settle();
        webSocket.stall();
        engine.session().send(text("b"));
        engine.loops.settle();
        engine.expectTold();
        webSocket.recover();
        engine.loops.settle();
        engine.expectTold("[drained]");
        webSocket.expect("4a", "4b");
    }

    @Test
    void writableAsksTheTransport() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        engine.onLoop(() -> assertThat(session.writable()).isTrue());
        webSocket.stall();
        engine.onLoop(() -> assertThat(session.writable()).isFalse());
        webSocket.recover();
        engine.onLoop(() -> {
            session.close();
            assertThat(session.writable()).isFalse();
        });
        webSocket.expect(FakeWebSocket.CLOSED);
        engine.expectTold("[forced close]");
    }

    @Test
    void fullQueueDisconnects() {
        FakeWebSocket webSocket = fillQueue(OverflowPolicy.DISCONNECT);
        EngineSession session = engine.session();
        assertThat(session.send(text("xx"))).isFalse();
        assertThat(session.send(text(""))).as("nothing is accepted any more").isFalse();
        engine.loops.settle();
        engine.expectTold("[forced close: send queue overflow]");
        webSocket.expect(FakeWebSocket.DROPPED);
        assertThat(engine.server().stats().droppedPackets()).isEqualTo(1);
    }

    @Test
    void fullQueueDropsTheNewest() {
        FakeWebSocket webSocket = fillQueue(OverflowPolicy.DROP_NEWEST);
        EngineSession session = engine.session();
        assertThat(session.send(text("xx"))).isFalse();
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4aa", "4bb");
        assertThat(session.send(text("xx"))).isTrue();
        engine.loops.settle();
        webSocket.expect("4xx");
        assertThat(engine.server().stats().droppedPackets()).isEqualTo(1);
    }

    @Test
    void fullQueueDropsTheOldestAndKeepsPings() {
        FakeWebSocket webSocket = fillQueue(OverflowPolicy.DROP_OLDEST);
        EngineSession session = engine.session();
        engine.loops.advanceMillis(25_000);
        assertThat(session.send(text("cc"))).isTrue();
        engine.loops.settle();
        assertThat(session.queuedBytes()).isLessThanOrEqualTo(limit());
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("2", "4cc");
        assertThat(engine.server().stats().droppedPackets()).isEqualTo(2);
    }

    @Test
    void loopThatIsBehindRefusesBeyondTwiceTheLimit() {
        FakeWebSocket webSocket = fillQueue(OverflowPolicy.DROP_OLDEST);
        EngineSession session = engine.session();
        assertThat(session.send(text("cc"))).isTrue();
        assertThat(session.send(text("dd"))).isTrue();
        assertThat(session.send(text("ee"))).isFalse();
        engine.loops.settle();
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4cc", "4dd");
        assertThat(engine.server().stats().droppedPackets()).isEqualTo(3);
    }

    @Test
    void messageLongerThanTheLimitIsNeverAccepted() {
        engine.settings().sendQueueLimit(100).overflow(OverflowPolicy.DROP_NEWEST);
        FakeWebSocket webSocket = engine.openWebSocket();
        assertThat(engine.session().send(text("x".repeat(36)))).isFalse();
        assertThat(engine.session().send(text("x".repeat(35)))).isTrue();
        engine.loops.settle();
        assertThat(webSocket.next()).hasSize(36);
    }

    @Test
    void loopThatHasEndedAcceptsNothing() {
        FakeWebSocket webSocket = engine.openWebSocket();
        EngineSession session = engine.session();
        webSocket.closeByPeer();
        engine.expectTold("[transport close]");
        FakeWebSocket other = engine.openWebSocket();
        EngineSession lost = engine.session();
        engine.loop.end();
        assertThat(session.send(text("a"))).isFalse();
        assertThat(lost.send(text("a"))).isFalse();
        assertThat(lost.send(text("a"))).isFalse();
        assertThat(lost.queuedBytes()).isZero();
        assertThatThrownBy(() -> lost.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        engine.loop.run(() -> lost.abort(CloseReason.TRANSPORT_CLOSE, null)); // lest the fixture misses it
        engine.expectTold("[transport close]");
        other.expect(FakeWebSocket.DROPPED);
    }

    /** Opens a session whose queue of limited size is full with two messages, of which none can be sent. */
    private FakeWebSocket fillQueue(OverflowPolicy overflow) {
        engine.settings().sendQueueLimit((int) limit()).overflow(overflow);
        FakeWebSocket webSocket = engine.openWebSocket();
        webSocket.stall();
        assertThat(engine.session().send(text("aa"))).isTrue();
        assertThat(engine.session().send(text("bb"))).isTrue();
        engine.loops.settle();
        webSocket.expect();
        return webSocket;
    }

    private static long limit() {
        return 2 * (3 + OVERHEAD);
    }

    private static EncodedPacket text(String data) {
        return EncodedPacket.text(data);
    }
}
