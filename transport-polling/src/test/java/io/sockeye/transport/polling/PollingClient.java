package io.sockeye.transport.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.EngineSession;
import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;

/** A client that polls, as far as a test makes it. */
final class PollingClient {
    private final EngineFixture engine;
    private final EngineSession session;
    private final String query;

    private PollingClient(EngineFixture engine, EngineSession session, String query) {
        this.engine = engine;
        this.session = session;
        this.query = query + "&sid=" + session.id();
    }

    static PollingClient open(EngineFixture engine) {
        return new PollingClient(engine, engine.openPolling(), "EIO=4&transport=polling");
    }

    /** Opens a session with a query of its own, which all requests have. */
    static PollingClient open(EngineFixture engine, String query) {
        assertThat(engine.get(query).answer().status()).isEqualTo(200);
        return new PollingClient(engine, engine.session(), query);
    }

    EngineSession session() {
        return session;
    }

    /** Sends a GET. */
    TestExchange poll() {
        return engine.get(query);
    }

    /** Sends a POST with the whole body. */
    TestExchange post(String body) {
        TestExchange exchange = engine.handle(request("POST").send(body).endBody());
        engine.loops.settle();
        return exchange;
    }

    /** Sends the head of a POST, and part of the body. */
    TestExchange beginPost(String part) {
        return engine.handle(request("POST").send(part));
    }

    /** A request of the session, not sent yet. */
    TestExchange request(String method) {
        return new TestExchange(engine.loop, method, "/engine.io/?" + query);
    }

    /** Sends it. */
    TestExchange handle(TestExchange exchange) {
        return engine.handle(exchange);
    }

    /** Opens a WebSocket to upgrade to. */
    FakeWebSocket probe() {
        return engine.upgrade("EIO=4&transport=websocket&sid=" + session.id()).webSocket();
    }

    /** Lets the server send a message. */
    void serverSends(String text) {
        session.send(EncodedPacket.text(text));
        engine.loops.settle();
    }

    /** Fails unless the server has forgotten the session. */
    void expectUnknown() {
        assertThat(poll().answer()).hasToString("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
    }
}
