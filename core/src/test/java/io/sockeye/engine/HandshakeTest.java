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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
    private static final String POLLING = "EIO=4&transport=polling";
    private static final String WEBSOCKET = "EIO=4&transport=websocket";

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(new FakePolling.Factory(), new FakeWebSocket.Factory());

    private final List<ConnectionError> errors = new ArrayList<>();

    @Test
    void pollingHandshakeOffersTheUpgrade() {
        String text = engine.get(POLLING).answer().text();
        assertThat(text)
                .isEqualTo("0{\"sid\":\"" + engine.session().id() + "\",\"upgrades\":[\"websocket\"],"
                        + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    @Test
    void webSocketHandshakeOffersNone() {
        FakeWebSocket webSocket = engine.upgrade(WEBSOCKET).webSocket();
        webSocket.expect("0{\"sid\":\"" + engine.session().id() + "\",\"upgrades\":[],"
                + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    @Test
    void sessionsThatWereOpenedWithTheSameTargetShareItsQuery() {
        engine.openWebSocket();
        HandshakeRequest first = engine.session().request();
        engine.openPolling();
        assertThat(engine.session().request().query()).containsEntry("transport", "polling");
        engine.openWebSocket();
        HandshakeRequest again = engine.session().request();
        assertThat(again).isNotSameAs(first);
        assertThat(again.query())
                .isSameAs(first.query())
                .containsExactly(Map.entry("EIO", "4"), Map.entry("transport", "websocket"));
        assertThat(again.uri()).isEqualTo("/engine.io/?EIO=4&transport=websocket");
    }

    @Test
    void handshakeTellsTheSettings() {
        engine.settings()
                .pingInterval(Duration.ofMillis(300))
                .pingTimeout(Duration.ofMillis(200))
                .maxPayload(77)
                .allowUpgrades(false);
        assertThat(engine.get(POLLING).answer().text())
                .endsWith("\"upgrades\":[],\"pingInterval\":300,\"pingTimeout\":200,\"maxPayload\":77}");
    }

    @Test
    void initialPacketFollowsTheHandshakeInTheSamePayload() {
        engine.settings().initialPacket(EncodedPacket.text("init"));
        assertThat(engine.get(POLLING).answer().text()).startsWith("0{").endsWith("} 4init");
    }

    @Test
    void identifiersAreTwentyUrlSafeCharactersAndDiffer() {
        String first = engine.openPolling().id();
        String second = engine.openPolling().id();
        assertThat(first).matches("[A-Za-z0-9_-]{20}").isNotEqualTo(second);
    }

    @Test
    void sessionKnowsItsRequest() {
        engine.handle(new TestExchange(engine.loop, "GET", "/engine.io/?EIO=4&transport=polling&token=a%20b")
                        .header("Origin", "http://here")
                        .header("Host", "here"))
                .answer();
        EngineSession session = engine.session();
        assertThat(session.protocol()).isEqualTo(4);
        assertThat(session.transportName()).isEqualTo("polling");
        assertThat(session.eventLoop()).isSameAs(engine.loop);
        assertThat(session.state()).isEqualTo(EngineSession.State.OPEN);
        HandshakeRequest request = session.request();
        assertThat(request.uri()).isEqualTo("/engine.io/?EIO=4&transport=polling&token=a%20b");
        assertThat(request.query())
                .containsExactly(Map.entry("EIO", "4"), Map.entry("transport", "polling"), Map.entry("token", "a b"));
        assertThat(request.headers().get("host")).isEqualTo("here");
        assertThat(request.crossDomain()).isTrue();
        assertThat(request.secure()).isFalse();
        assertThat(request.remoteAddress().getHostString()).isEqualTo("client.example");
        assertThat(engine.server().session(session.id())).isSameAs(session);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            GET,    EIO=4,                                  400, 0, Transport unknown,            {}
            GET,    EIO=4&transport=tube,                   400, 0, Transport unknown,            {transport=tube}
            GET,    EIO=4&transport=tube&sid=x,             400, 0, Transport unknown,            {transport=tube}
            GET,    EIO=4&transport=polling&sid=x,          400, 1, Session ID unknown,           {sid=x}
            POST,   EIO=4&transport=polling&sid=x,          400, 1, Session ID unknown,           {sid=x}
            POST,   EIO=4&transport=polling,                400, 2, Bad handshake method,         {method=POST}
            POST,   EIO=3&transport=websocket&sid=,         400, 2, Bad handshake method,         {method=POST}
            GET,    EIO=4&transport=websocket,              400, 3, Bad request,                  {name=TRANSPORT_HANDSHAKE_ERROR}
            GET,    EIO=3&transport=polling,                400, 5, Unsupported protocol version, {protocol=3}
            GET,    transport=polling,                      400, 5, Unsupported protocol version, {protocol=3}
            GET,    EIO=04&transport=polling,               400, 5, Unsupported protocol version, {protocol=3}
            """)
    void refusesInTheReferencesOrder(
            String method, String query, int status, int code, String message, String context) {
        engine.settings().onConnectionError(errors::add);
        TestExchange exchange = engine.handle(new TestExchange(engine.loop, method, "/engine.io/?" + query.strip()));
        assertThat(exchange.answer().text()).isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
        assertThat(exchange.answer().status()).isEqualTo(status);
        assertThat(exchange.answer().headers().toString()).isEqualTo("[Content-Type, application/json]");
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).error().code()).isEqualTo(code);
        assertThat(errors.get(0).message()).isEqualTo(message);
        assertThat(errors.get(0).context().toString()).isEqualTo(context);
        assertThat(errors.get(0).exchange()).isSameAs(exchange);
        assertThat(engine.server().stats().refused()).isEqualTo(1);
    }

    @Test
    void upgradeIsRefusedAsPlainText() {
        TestExchange exchange = engine.upgrade(WEBSOCKET + "&sid=x");
        assertThat(exchange.answer()).hasToString("400 Session ID unknown");
        assertThat(exchange.answer().headers().toString()).isEqualTo("[Connection, close, Content-type, text/html]");
    }

    @Test
    void upgradeWithOtherRevisionIsRefusedBeforeItSwitches() {
        assertThat(engine.upgrade("EIO=3&transport=websocket").answer())
                .hasToString("400 Unsupported protocol version");
    }

    @Test
    void upgradeThatNamesPollingSwitchesAndCloses() {
        engine.upgrade(POLLING).webSocket().expect(FakeWebSocket.CLOSED);
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void originWithControlCharactersIsABadRequest() {
        engine.settings().onConnectionError(errors::add);
        TestExchange exchange =
                engine.handle(new TestExchange(engine.loop, "GET", "/?" + POLLING).header("Origin", "http://\u0001"));
        assertThat(exchange.answer()).hasToString("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(errors.get(0).context()).containsEntry("name", "INVALID_ORIGIN");
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example,      app.example,      200",
        "https://App.example:8443,app.EXAMPLE:8443, 200",
        "https://evil.example,    app.example,      403",
        "http://app.example:81,   app.example,      403",
        "null,                    app.example,      403",
        "app.example,             app.example,      403",
        "http://app.example,      ,                 403"
    })
    void originMustBeTheHostsUnlessConfigured(String origin, String host, int status) {
        TestExchange exchange = new TestExchange(engine.loop, "GET", "/?" + POLLING).header("Origin", origin);
        if (host != null) {
            exchange.header("Host", host);
        }
        assertThat(engine.handle(exchange).answer().status()).isEqualTo(status);
    }

    @Test
    void foreignOriginIsForbiddenOverWebSocketToo() {
        engine.settings().allowOrigin(exchange -> false);
        assertThat(engine.upgrade(WEBSOCKET).answer()).hasToString("403 Forbidden");
    }

    @Test
    void originRuleThatFailsRefuses() {
        engine.settings().allowOrigin(exchange -> {
            throw new IllegalStateException("broken");
        });
        assertThat(engine.get(POLLING).answer()).hasToString("403 {\"code\":4,\"message\":\"Forbidden\"}");
    }

    @Test
    void guardAdmits() {
        engine.settings().allowRequest(exchange -> CompletableFuture.completedFuture(Admission.accept()));
        engine.openPolling();
    }

    @Test
    void guardMayAnswerLaterOnAnyThread() {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        engine.settings().allowRequest(exchange -> admission);
        TestExchange exchange = engine.get(POLLING);
        assertThat(exchange.isPending()).isTrue();
        admission.complete(Admission.accept());
        engine.loops.settle();
        assertThat(exchange.answer().text()).startsWith("0{");
    }

    @Test
    void guardRefusesInItsOwnWords() {
        engine.settings()
                .onConnectionError(errors::add)
                .allowRequest(exchange -> CompletableFuture.completedFuture(Admission.refuse("\"no\"\n\\é")));
        assertThat(engine.get(POLLING).answer()).hasToString("403 {\"code\":4,\"message\":\"\\\"no\\\"\\u000a\\\\é\"}");
        assertThat(engine.upgrade(WEBSOCKET).answer()).hasToString("400 \"no\"\n\\é");
        assertThat(errors.get(0).message()).isEqualTo("Forbidden");
        assertThat(errors.get(0).context()).containsExactly(Map.entry("message", "\"no\"\n\\é"));
    }

    @Test
    void guardThatThrowsRefuses() {
        engine.settings().allowRequest(exchange -> {
            throw new IllegalStateException("broken");
        });
        assertThat(engine.get(POLLING).answer()).hasToString("403 {\"code\":4,\"message\":\"Forbidden\"}");
    }

    @Test
    void guardWhoseStageFailsRefuses() {
        engine.settings().allowRequest(exchange -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
        assertThat(engine.get(POLLING).answer()).hasToString("403 {\"code\":4,\"message\":\"Forbidden\"}");
    }

    @Test
    void guardThatTakesTooLongRefuses() {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        engine.settings().allowRequest(exchange -> admission).allowRequestTimeout(Duration.ofSeconds(3));
        TestExchange exchange = engine.get(POLLING);
        engine.loops.advanceMillis(2900);
        assertThat(exchange.isPending()).isTrue();
        engine.loops.advanceMillis(100);
        assertThat(exchange.answer()).hasToString("403 {\"code\":4,\"message\":\"Forbidden\"}");
        admission.complete(Admission.accept());
        engine.loops.settle();
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void clientThatLeavesTheGuardWaitingOpensNoSession() {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        engine.settings().allowRequest(exchange -> admission);
        engine.get(POLLING).abort();
        engine.loops.settle();
        admission.complete(Admission.accept());
        engine.loops.settle();
        assertThat(engine.server().sessions()).isZero();
    }

    @Test
    void guardIsNotAskedForRequestsOfASession() {
        List<String> asked = new ArrayList<>();
        engine.settings().allowRequest(exchange -> {
            asked.add(exchange.uri());
            return CompletableFuture.completedFuture(Admission.accept());
        });
        String id = engine.openPolling().id();
        engine.get(POLLING + "&sid=" + id);
        engine.upgrade(WEBSOCKET + "&sid=" + id).webSocket();
        assertThat(asked).containsExactly("/engine.io/?" + POLLING);
        assertThat(engine.server().sessions()).isEqualTo(1);
    }

    @Test
    void handshakesBeyondTheLimitsAreTurnedAwayForNow() {
        List<CompletableFuture<Admission>> admissions = new ArrayList<>();
        engine.settings().maxPendingHandshakes(2).maxSessions(1).allowRequest(exchange -> {
            CompletableFuture<Admission> admission = new CompletableFuture<>();
            admissions.add(admission);
            return admission;
        });
        TestExchange first = engine.get(POLLING);
        TestExchange second = engine.get(POLLING);
        assertThat(engine.get(POLLING).answer()).hasToString("503 {\"code\":4,\"message\":\"Too many handshakes\"}");
        admissions.forEach(admission -> admission.complete(Admission.accept()));
        engine.loops.settle();
        assertThat(first.answer().text()).startsWith("0{");
        assertThat(second.answer()).hasToString("503 {\"code\":4,\"message\":\"Too many sessions\"}");
        assertThat(engine.upgrade(WEBSOCKET).answer()).hasToString("503 Too many sessions");
    }

    @Test
    void settledHandshakesWaitNoLonger() {
        engine.settings()
                .maxPendingHandshakes(1)
                .allowRequest(exchange -> CompletableFuture.completedFuture(Admission.accept()));
        engine.openPolling();
        engine.openPolling();
    }

    @Test
    void cookieIsSetByThePollingHandshakeOnly() {
        engine.settings().cookie(SessionCookie.named("io"));
        TestExchange handshake = engine.get(POLLING);
        String id = engine.session().id();
        assertThat(handshake.answer().headers().all("Set-Cookie"))
                .containsExactly("io=" + id + "; Path=/; HttpOnly; SameSite=Lax");
        TestExchange poll = engine.get(POLLING + "&sid=" + id);
        assertThat(poll.responseHeaders().isEmpty()).isTrue();
        TestExchange webSocket = engine.upgrade(WEBSOCKET);
        webSocket.webSocket().next();
        assertThat(webSocket.responseHeaders().isEmpty()).isTrue();
    }

    @Test
    void headersAreAddedToAnswersOfTransports() {
        engine.settings()
                .initialHeaders((headers, exchange) -> headers.add("X-Initial", exchange.method()))
                .headers((headers, exchange) -> headers.add("X-Every", exchange.method()));
        TestExchange handshake = engine.get(POLLING);
        assertThat(handshake.answer().headers().toString()).isEqualTo("[X-Initial, GET, X-Every, GET]");
        TestExchange probe =
                engine.upgrade(WEBSOCKET + "&sid=" + engine.session().id());
        assertThat(probe.responseHeaders().toString()).isEqualTo("[X-Every, GET]");
        assertThat(engine.get("EIO=4").answer().headers().get("X-Every")).isNull();
    }

    @Test
    void openListenerThatThrowsEndsTheSession() {
        engine.onOpen(session -> {
            throw new IllegalStateException("broken");
        });
        assertThat(engine.get(POLLING).answer().text()).startsWith("0{");
        engine.get(POLLING + "&sid=" + engine.session().id()).answer();
        engine.expectTold("[forced close]");
    }

    @Test
    void withoutAConnectionTransportUpgradesAreOrdinaryRequests() {
        engine.settings().transports(new FakePolling.Factory());
        assertThat(engine.upgrade(POLLING).answer().text()).contains("\"upgrades\":[]");
        assertThat(engine.upgrade(WEBSOCKET).answer())
                .hasToString("400 {\"code\":0,\"message\":\"Transport unknown\"}");
    }

    @Test
    void errorListenerThatThrowsDoesNotKeepTheAnswerBack() {
        engine.settings().onConnectionError(error -> {
            throw new IllegalStateException("broken");
        });
        assertThat(engine.get("EIO=4").answer().status()).isEqualTo(400);
    }
}
