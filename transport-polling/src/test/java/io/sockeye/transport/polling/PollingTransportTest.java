package io.sockeye.transport.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.CloseReason;
import io.sockeye.engine.EngineSession;
import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollingTransportTest {
    @RegisterExtension
    final EngineFixture engine = new EngineFixture(PollingTransportFactory.create(), new FakeWebSocket.Factory());

    @Test
    void factoryIsFoundAsAService() {
        assertThat(ServiceLoader.load(TransportFactory.class))
                .singleElement()
                .isEqualTo(PollingTransportFactory.create());
    }

    @Test
    void handshakeIsTheFirstPollsAnswer() {
        TestExchange.Answer answer = engine.get("EIO=4&transport=polling").answer();
        assertThat(answer)
                .hasToString("200 0{\"sid\":\"" + engine.session().id() + "\",\"upgrades\":[\"websocket\"],"
                        + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, text/plain; charset=UTF-8, cache-control, no-store]");
    }

    @Test
    void initialPacketFollowsTheHandshake() {
        engine.settings().initialPacket(EncodedPacket.text("init"));
        assertThat(engine.get("EIO=4&transport=polling").answer().text()).endsWith("}\u001e4init");
    }

    @Test
    void whatCollectsBetweenPollsComesInOnePayload() {
        PollingClient client = PollingClient.open(engine);
        client.serverSends("a");
        client.serverSends("€");
        client.session().send(EncodedPacket.binary(new byte[] {1, 2, 3, 4}, 0, 4, /* compressible= */ true));
        engine.loops.settle();
        assertThat(client.poll().answer()).hasToString("200 4a\u001e4€\u001ebAQIDBA==");
    }

    @Test
    void pendingPollIsAnsweredWithWhatOneTurnSends() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(poll.isPending()).isTrue();
        client.session().send(EncodedPacket.text("a"));
        client.session().send(EncodedPacket.text("b"));
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 4a\u001e4b");
    }

    @Test
    void writableMeansThatAPollIsPending() {
        PollingClient client = PollingClient.open(engine);
        engine.onLoop(() -> assertThat(client.session().writable()).isFalse());
        TestExchange poll = client.poll();
        engine.onLoop(() -> assertThat(client.session().writable()).isTrue());
        poll.ignoreAnswer();
    }

    @Test
    void packetsOfAPostAreDeliveredInOrderAndThenAnswered() {
        PollingClient client = PollingClient.open(engine);
        TestExchange.Answer answer =
                client.post("4hello\u001ebAQIDBA==\u001e4\u001e4€").answer();
        engine.expectTold("hello", "<01020304>", "", "€");
        assertThat(answer).hasToString("200 ok");
        assertThat(answer.headers().toString()).isEqualTo("[Content-Type, text/html, cache-control, no-store]");
    }

    @Test
    void bodyMayComeInPieces() {
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.beginPost("4hel");
        assertThat(post.isPending()).isTrue();
        post.send("lo").endBody();
        engine.loops.settle();
        engine.expectTold("hello");
        assertThat(post.answer()).hasToString("200 ok");
    }

    @Test
    void malformedTextIsReplacedAndNotRefused() {
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.request("POST")
                .send(new byte[] {'4', (byte) 0xff, (byte) 0xe2, (byte) 0x82})
                .endBody();
        assertThat(client.handle(post).answer()).hasToString("200 ok");
        engine.expectTold("\ufffd\ufffd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3", "5", "6", "0{}", "3probe", "6\u001e6"})
    void packetsWithoutMeaningAreIgnored(String body) {
        PollingClient client = PollingClient.open(engine);
        assertThat(client.post(body).answer()).hasToString("200 ok");
        client.serverSends("alive");
        assertThat(client.poll().answer()).hasToString("200 4alive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mozilla/4.0 (compatible;MSIE 8.0)", "Mozilla/5.0 (Trident/7.0; rv:11.0)"})
    void oldBrowsersAreToldNotToLookForScripts(String userAgent) {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(client.request("GET").header("User-Agent", userAgent));
        client.serverSends("a");
        assertThat(poll.answer().headers().toString())
                .isEqualTo("[Content-Type, text/plain; charset=UTF-8, X-XSS-Protection, 0, cache-control, no-store]");
    }

    @Test
    void closePacketEndsTheSessionAndReleasesThePoll() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(client.post("1").answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 6");
        engine.expectTold("[transport close]");
        client.expectUnknown();
    }

    @Test
    void packetsBehindAClosePacketAreNotDelivered() {
        PollingClient client = PollingClient.open(engine);
        assertThat(client.post("4a\u001e1\u001e4b").answer()).hasToString("200 ok");
        engine.expectTold("a", "[transport close]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9", "x", "\u001e4a", "4\u001e", "\n"})
    void payloadThatCannotBeDecodedEndsTheSession(String body) {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(client.post(body).answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold(
                body.startsWith("4")
                        ? new String[] {"", "[parse error: parser error]"}
                        : new String[] {"[parse error: parser error]"});
        client.expectUnknown();
    }

    @Test
    void packetsBeforeABadOneTakeEffect() {
        engine.onMessage(text -> engine.session().send(EncodedPacket.text(text)));
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(client.post("4echo\u001ex\u001e4never").answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 4echo");
        engine.expectTold("echo", "[parse error: parser error]");
    }

    @Test
    void pingOfTheClientEndsTheSession() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(client.post("2\u001e4never").answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[transport error: invalid heartbeat direction]");
    }

    @Test
    void octetStreamIsRefusedAndEndsTheSession() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        TestExchange post = client.handle(client.request("POST")
                .header("Content-Type", "application/octet-stream")
                .send("4a")
                .endBody());
        assertThat(post.answer()).hasToString("400");
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[transport error: invalid content]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Application/Octet-Stream", "application/octet-stream; charset=x", "application/json"})
    void otherContentTypesAreReadAsText(String contentType) {
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.handle(client.request("POST")
                .header("Content-Type", contentType)
                .send("4a")
                .endBody());
        assertThat(post.answer()).hasToString("200 ok");
        engine.expectTold("a");
    }

    @Test
    void bodyOfExactlyTheLimitPassesAndALongerOneLeavesTheSessionOpen() {
        engine.settings().maxPayload(10);
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        assertThat(client.post("4€€€").answer()).hasToString("200 ok");
        assertThat(client.post("4€€€x").answer()).hasToString("413");
        assertThat(poll.isPending()).isTrue();
        assertThat(client.post("4again").answer()).hasToString("200 ok");
        engine.expectTold("€€€", "again");
        poll.ignoreAnswer();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"})
    void otherMethodsAreNotAllowedAndHarmTheSessionNot(String method) {
        PollingClient client = PollingClient.open(engine);
        TestExchange exchange = client.handle(client.request(method));
        assertThat(exchange.answer()).hasToString("405");
        assertThat(exchange.answer().headers().toString()).isEqualTo("[Allow, GET, POST]");
        client.serverSends("alive");
        assertThat(client.poll().answer()).hasToString("200 4alive");
    }

    @Test
    void requestsOfAnotherLoopHopToTheSessions() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll =
                new TestExchange(engine.otherLoop, "GET", client.request("GET").uri());
        TestExchange post = new TestExchange(
                        engine.otherLoop, "POST", client.request("POST").uri())
                .send("4hello")
                .endBody();
        engine.onMessage(text -> assertThat(engine.loop.inEventLoop()).isTrue());
        engine.handle(poll);
        engine.handle(post);
        assertThat(post.answer()).hasToString("200 ok");
        engine.expectTold("hello");
        client.serverSends("a");
        assertThat(poll.answer()).hasToString("200 4a");
        TestExchange lost = engine.handle(
                new TestExchange(engine.otherLoop, "GET", client.request("GET").uri()));
        lost.abort();
        engine.loops.settle();
        engine.expectTold("[transport error: poll connection closed prematurely]");
    }

    @Test
    void closeTellsThePendingPoll() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        client.session().close();
        engine.loops.settle();
        assertThat(poll.answer()).hasToString("200 1");
        engine.expectTold("[forced close]");
        client.expectUnknown();
    }

    @Test
    void closeWaitsForAPollToTell() {
        PollingClient client = PollingClient.open(engine);
        client.session().close();
        engine.loops.advanceMillis(19_000);
        engine.expectTold();
        assertThat(client.poll().answer()).hasToString("200 6\u001e1");
        engine.expectTold("[forced close]");
        client.expectUnknown();
    }

    @Test
    void closeIsOverAfterThePingTimeoutWithoutAPoll() {
        PollingClient client = PollingClient.open(engine);
        client.session().close();
        engine.loops.advanceMillis(20_000);
        engine.expectTold("[forced close]");
        client.expectUnknown();
    }

    @Test
    void closeSendsWhatIsQueuedFirst() {
        PollingClient client = PollingClient.open(engine);
        client.session().send(EncodedPacket.text("last"));
        client.session().close();
        engine.loops.settle();
        assertThat(client.poll().answer()).hasToString("200 4last");
        assertThat(client.poll().answer()).hasToString("200 6\u001e1");
        engine.expectTold("[forced close]");
    }

    @Test
    void closeWithinAPostStillAnswersIt() {
        engine.onMessage(text -> engine.session().close());
        PollingClient client = PollingClient.open(engine);
        assertThat(client.post("4bye\u001e4never").answer()).hasToString("200 ok");
        engine.expectTold("bye");
        assertThat(client.poll().answer()).hasToString("200 6\u001e1");
        engine.expectTold("[forced close]");
    }

    @Test
    void postThatIsBeingReadWhenTheSessionEndsIsAnswered() {
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.beginPost("4ne");
        client.session().abort(CloseReason.FORCED_CLOSE, null);
        engine.loops.settle();
        engine.expectTold("[forced close]");
        post.send("ver").endBody();
        engine.loops.settle();
        assertThat(post.answer()).hasToString("200 ok");
    }

    @Test
    void answerToAPostIsHeldBackWhileReadingIsPaused() {
        engine.onMessage(text -> {
            if (text.equals("pause")) {
                engine.session().pauseReading();
            }
        });
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.post("4a\u001e4pause\u001e4b");
        engine.expectTold("a", "pause");
        assertThat(post.isPending()).isTrue();
        engine.onLoop(() -> client.session().resumeReading());
        engine.expectTold("b");
        assertThat(post.answer()).hasToString("200 ok");
    }

    @Test
    void lastPacketThatPausesHoldsTheAnswerBackToo() {
        engine.onMessage(text -> engine.session().pauseReading());
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.post("4a");
        engine.expectTold("a");
        assertThat(post.isPending()).isTrue();
        engine.onLoop(() -> client.session().resumeReading());
        assertThat(post.answer()).hasToString("200 ok");
    }

    @Test
    void pauseAndResumeWithinADeliveryLoseNothing() {
        engine.onMessage(text -> {
            engine.session().pauseReading();
            engine.session().resumeReading();
        });
        PollingClient client = PollingClient.open(engine);
        assertThat(client.post("4a\u001e4b\u001e4c").answer()).hasToString("200 ok");
        engine.expectTold("a", "b", "c");
    }

    @Test
    void pauseAndResumeWithEachOfManyPacketsDoesNotExhaustTheStack() {
        AtomicInteger messages = new AtomicInteger();
        engine.onOpen(session -> session.listener(new EngineSession.Listener() {
            @Override
            public void onMessage(byte[] array, int offset, int length) {
                messages.incrementAndGet();
                session.pauseReading();
                session.resumeReading();
            }

            @Override
            public void onBinary(byte[] data) {}

            @Override
            public void onClose(CloseReason reason, String description) {}
        }));
        PollingClient client = PollingClient.open(engine);
        assertThat(client.post("4" + "\u001e4".repeat(99_999)).answer()).hasToString("200 ok");
        assertThat(messages).hasValue(100_000);
    }

    @Test
    void transportThatClosesWhileReadingIsPausedAnswersThePost() {
        TestExchange handshake = new TestExchange(engine.loop, "GET", "/?EIO=4");
        TestExchange post =
                new TestExchange(engine.loop, "POST", "/").send("4a").endBody();
        TransportConfig config = new TransportConfig(100, 100, 100, 1_000_000_000);
        engine.loop.run(() -> PollingTransportFactory.create().open(handshake, config, engine.loop, transport -> {
            transport.onRequest(handshake);
            transport.pauseReading();
            transport.onRequest(post);
            engine.loop.execute(transport::close);
        }));
        engine.loops.settle();
        assertThat(post.answer()).hasToString("200 ok");
        assertThat(handshake.answer()).hasToString("200 1");
    }

    @Test
    void postThatComesWhileReadingIsPausedWaits() {
        PollingClient client = PollingClient.open(engine);
        engine.onLoop(() -> client.session().pauseReading());
        TestExchange post = client.post("4a");
        assertThat(post.isPending()).isTrue();
        engine.expectTold();
        engine.onLoop(() -> client.session().resumeReading());
        engine.expectTold("a");
        assertThat(post.answer()).hasToString("200 ok");
    }

    @Test
    void clientThatLeavesAHeldBackPostEndsTheSession() {
        PollingClient client = PollingClient.open(engine);
        engine.onLoop(() -> client.session().pauseReading());
        client.post("4a").abort();
        engine.loops.settle();
        engine.expectTold("[transport error: data request connection closed prematurely]");
    }

    @Test
    void heldBackPostIsAnsweredWhenTheSessionCloses() {
        PollingClient client = PollingClient.open(engine);
        engine.onLoop(() -> client.session().pauseReading());
        TestExchange post = client.post("4a");
        client.session().close();
        engine.loops.settle();
        assertThat(post.answer()).hasToString("200 ok");
        engine.loops.advance(Duration.ofSeconds(30));
        engine.expectTold("[forced close]");
    }

    @Test
    void sessionThatLeavesThePollReleasesIt() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.poll();
        FakeWebSocket webSocket = client.probe();
        webSocket.receive("2probe");
        webSocket.expect("3probe");
        assertThat(poll.answer()).hasToString("200 6");
        TestExchange next = client.poll();
        webSocket.receive("5");
        assertThat(next.answer()).hasToString("200 1");
        client.serverSends("a");
        webSocket.expect("4a");
        assertThat(client.poll().answer()).hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(client.session().state()).isEqualTo(EngineSession.State.OPEN);
    }

    @ParameterizedTest
    @CsvSource({"gzip, 1024", "deflate, 1024", "gzip, 1025"})
    void longAnswersAreCompressed(String coding, int length) throws IOException {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(client.request("GET").header("Accept-Encoding", coding));
        String text = "x".repeat(length - 1);
        client.serverSends(text);
        TestExchange.Answer answer = poll.answer();
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, text/plain; charset=UTF-8, Content-Encoding, " + coding
                        + ", cache-control, no-store]");
        assertThat(answer.body()).hasSizeLessThan(100);
        InputStream body = new ByteArrayInputStream(answer.body());
        try (InputStream decoded = coding.equals("gzip") ? new GZIPInputStream(body) : new InflaterInputStream(body)) {
            assertThat(new String(decoded.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("4" + text);
        }
    }

    @Test
    void codingMayStandInTheSecondLine() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(
                client.request("GET").header("Accept-Encoding", "br").header("Accept-Encoding", "gzip"));
        client.serverSends("x".repeat(1023));
        assertThat(poll.answer().headers().get("Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void shortAnswersAreNot() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(client.request("GET").header("Accept-Encoding", "gzip"));
        client.serverSends("x".repeat(1022));
        assertThat(poll.answer().text()).hasSize(1023);
    }

    @Test
    void packetsThatMustNotBeCompressedAreNot() {
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(client.request("GET").header("Accept-Encoding", "gzip"));
        byte[] array = new byte[EncodedPacket.HEADROOM + 5000];
        client.session().send(EncodedPacket.text(array, 5000, /* compressible= */ false));
        engine.loops.settle();
        assertThat(poll.answer().body()).hasSize(5001);
    }

    @Test
    void compressionCanBeTurnedOff() {
        engine.settings().httpCompressionThreshold(Integer.MAX_VALUE);
        PollingClient client = PollingClient.open(engine);
        TestExchange poll = client.handle(client.request("GET").header("Accept-Encoding", "gzip"));
        client.serverSends("x".repeat(5000));
        assertThat(poll.answer().body()).hasSize(5001);
    }
}
