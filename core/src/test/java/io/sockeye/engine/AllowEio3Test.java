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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the default times: a client of revision 3 has 25 s and 20 s from one of its pings to the next. */
class AllowEio3Test {
    /** Timers are at most this much early, and never late. */
    private static final long TICK_MILLIS = 16;

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    @ParameterizedTest
    @ValueSource(strings = {"EIO=3&transport=polling", "transport=polling", "EIO=2&transport=polling"})
    void revision3IsRefusedByDefault(String query) {
        assertThat(engine.get(query).answer())
                .hasToString("400 {\"code\":5,\"message\":\"Unsupported protocol version\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EIO=3&transport=polling", "transport=polling", "EIO=2&transport=polling"})
    void revision3IsServedWhereItIsAllowed(String query) {
        engine.settings().allowEio3(true);
        assertThat(engine.get(query).answer())
                .hasToString("200 0{\"sid\":\"" + engine.session().id() + "\",\"upgrades\":[\"websocket\"],"
                        + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
        assertThat(engine.session().protocol()).isEqualTo(3);
    }

    @Test
    void revision4IsServedBesideIt() {
        engine.settings().allowEio3(true);
        FakeWebSocket webSocket = engine.openWebSocket();
        assertThat(engine.session().protocol()).isEqualTo(4);
        engine.loops.advanceMillis(25_000);
        webSocket.expect("2");
    }

    @Test
    void sessionIsPinnedToItsRevision() {
        engine.settings().allowEio3(true);
        engine.get("EIO=3&transport=polling").ignoreAnswer();
        String id = engine.session().id();
        for (String transport : new String[] {"polling", "websocket"}) {
            TestExchange request = transport.equals("polling")
                    ? engine.get("EIO=4&transport=polling&sid=" + id)
                    : engine.upgrade("EIO=4&transport=websocket&sid=" + id);
            assertThat(request.answer().status()).isEqualTo(400);
        }
        engine.openPolling();
        assertThat(engine.get("EIO=3&transport=polling&sid=" + engine.session().id())
                        .answer())
                .hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
    }

    /** A page of any origin can run the answer as a script. */
    @ParameterizedTest
    @CsvSource({
        "http://app.example/page?a=b, 200",
        "https://app.example, 200",
        "http://evil.example/app.example, 403",
        "http://app.example.evil.example/, 403",
        "app.example, 403",
        ", 403"
    })
    void jsonpIsForPagesOfTheServersOwnOrigin(String referer, int status) {
        engine.settings().allowEio3(true);
        TestExchange request = new TestExchange(engine.loop, "GET", "/engine.io/?EIO=3&transport=polling&j=0")
                .header("Host", "app.example");
        if (referer != null) {
            request.header("Referer", referer);
        }
        assertThat(engine.handle(request).answer().status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EIO=4&transport=polling&j=0", "EIO=3&transport=polling"})
    void otherRequestsNeedNoReferer(String query) {
        engine.settings().allowEio3(true);
        assertThat(engine.get(query).answer().status()).isEqualTo(200);
    }

    @Test
    void clientsPingIsAnsweredAndTheServerNeverPings() {
        FakeWebSocket webSocket = openRevision3();
        for (int i = 0; i < 5; i++) {
            engine.loops.advanceMillis(44_000);
            webSocket.expect();
            ping(webSocket, "2");
        }
        ping(webSocket, "2probe");
    }

    @Test
    void clientThatDoesNotPingIsClosed() {
        FakeWebSocket webSocket = openRevision3();
        engine.loops.advanceMillis(10_000);
        ping(webSocket, "2");
        engine.loops.advanceMillis(45_000 - TICK_MILLIS - 1);
        engine.expectTold();
        engine.loops.advanceMillis(TICK_MILLIS + 1);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void messagesDoNotStandInForPings() {
        FakeWebSocket webSocket = openRevision3();
        engine.loops.advanceMillis(44_000);
        webSocket.receive("4hello");
        engine.expectTold("hello");
        engine.loops.advanceMillis(1_000);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void clientsPongEndsTheSession() {
        FakeWebSocket webSocket = openRevision3();
        webSocket.receive("3");
        engine.expectTold("[transport error: invalid heartbeat direction]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void sessionThatWasUpgradedTimesOutToo() {
        engine.settings().allowEio3(true);
        engine.get("EIO=3&transport=polling").ignoreAnswer();
        String id = engine.session().id();
        engine.loops.advanceMillis(20_000);
        FakeWebSocket webSocket =
                engine.upgrade("EIO=3&transport=websocket&sid=" + id).webSocket();
        webSocket.receive("2probe");
        webSocket.expect("3probe");
        webSocket.receive("5");
        engine.loops.advanceMillis(45_000 - TICK_MILLIS - 1);
        engine.expectTold();
        engine.loops.advanceMillis(TICK_MILLIS + 1);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void pingThatCannotArriveIsNotMissed() {
        FakeWebSocket webSocket = openRevision3();
        engine.onLoop(engine.session()::pauseReading);
        engine.loops.advanceMillis(200_000);
        engine.expectTold();
        webSocket.receive("2");
        engine.onLoop(engine.session()::resumeReading);
        webSocket.expect("3");
        engine.loops.advanceMillis(45_000);
        engine.expectTold("[ping timeout]");
        webSocket.expect(FakeWebSocket.CLOSED);
    }

    @Test
    void initialPacketFollowsTheHandshake() {
        engine.settings().initialPacket(EncodedPacket.text("init"));
        FakeWebSocket webSocket = openRevision3();
        webSocket.expect("4init");
    }

    @Test
    void clientThatPingsAndReadsNothingHasOneAnswerWaiting() {
        FakeWebSocket webSocket = openRevision3();
        webSocket.stall();
        for (int i = 0; i < 1000; i++) {
            webSocket.receive("2");
            engine.loops.settle();
        }
        assertThat(engine.session().queuedBytes()).isLessThan(100);

        engine.session().send(EncodedPacket.text("a"));
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("3", "4a");
        webSocket.stall();
        engine.session().send(EncodedPacket.text("b"));
        engine.loops.settle();
        webSocket.receive("2");
        webSocket.recover();
        engine.loops.settle();
        webSocket.expect("4b", "3");
    }

    private void ping(FakeWebSocket webSocket, String packet) {
        webSocket.receive(packet);
        engine.loops.settle();
        webSocket.expect("3");
    }

    private FakeWebSocket openRevision3() {
        engine.settings().allowEio3(true);
        FakeWebSocket webSocket = engine.upgrade("EIO=3&transport=websocket").webSocket();
        assertThat(webSocket.next()).startsWith("0{");
        return webSocket;
    }
}
