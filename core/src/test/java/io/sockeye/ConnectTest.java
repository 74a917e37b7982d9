package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.TestExchange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT, and what closes a connection that does not play by its rules (Socket.IO v5, Connection to a namespace). */
final class ConnectTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    @Test
    void socketIdIsNotTheSessionsAndHasTwentyCharacters() {
        String query = io.openPolling();
        io.handle(new TestExchange(io.loop, "POST", "/socket.io/?" + query + "&body=40"))
                .answer();
        String connected = io.get(query).answer().text();
        String session = query.substring(query.lastIndexOf('=') + 1);
        assertThat(connected).matches("40\\{\"sid\":\"[A-Za-z0-9_-]{20}\"}").doesNotContain(session);
    }

    @Test
    void handshakeTellsWhatTheClientSaid() {
        Socket[] joined = new Socket[1];
        io.server().of("/admin").onConnection(socket -> joined[0] = socket);
        TestExchange exchange = new TestExchange(io.loop, "GET", "/socket.io/?EIO=4&transport=websocket&room=a%20b")
                .upgrade()
                .header("User-Agent", "test");
        io.handle(exchange).webSocket().next();
        exchange.webSocket().receive("40/admin,{\"token\":\"x\",\"n\":7}");
        io.settle();
        exchange.webSocket().next();
        Handshake handshake = joined[0].handshake();
        assertThat(handshake.auth("token")).isEqualTo("x");
        assertThat(handshake.auth("n")).isNull();
        assertThat(handshake.auth("absent")).isNull();
        assertThat(handshake.auth().get("n").intValue()).isEqualTo(7);
        assertThat(handshake.auth(Auth.class)).isEqualTo(new Auth("x", 7));
        assertThat(handshake.query()).containsEntry("room", "a b").containsEntry("EIO", "4");
        assertThat(handshake.headers().get("user-agent")).isEqualTo("test");
        assertThat(handshake.url()).isEqualTo("/socket.io/?EIO=4&transport=websocket&room=a%20b");
        assertThat(handshake.address().getHostString()).isEqualTo("client.example");
        assertThat(handshake.secure()).isFalse();
        assertThat(handshake.crossDomain()).isFalse();
        assertThat(joined[0].transport()).isEqualTo("websocket");
    }

    record Auth(String token, int n) {}

    @Test
    void clientWithoutAuthHasAnEmptyOne() {
        Handshake handshake = io.connect().join().handshake();
        assertThat(handshake.auth()).isEmpty();
        assertThat(handshake.auth("token")).isNull();
        assertThat(handshake.auth(Auth.class)).isNull();
    }

    @Test
    void everyConnectionHandlerRunsInOrderAndExceptionsStopNothing() {
        io.server().onConnection(socket -> {
            io.tell("first");
            throw new IllegalStateException("broken");
        });
        io.server().onConnection(socket -> io.tell("second"));
        io.connect().join();
        io.expectTold("first", "error of connection: broken", "second");
        io.expectLogged("ERROR a handler of event \"connection\" failed");
    }

    @Test
    void eventsThatCameBeforeTheConnectionHandlerRanAreHandledBehindIt() {
        io.server().onConnection(socket -> socket.on("early", e -> io.tell("early")));
        TestClient client = io.connect().receive("40", "42[\"early\"]");
        io.loops.settle();
        io.settle();
        client.joined("/");
        io.expectTold("early");
    }

    @Test
    void namespacesOfOneConnectionAreSocketsOfTheirOwn() {
        io.server().of("admin");
        TestClient client = io.connect();
        Socket main = client.join();
        Socket admin = client.join("/admin");
        assertThat(admin.id()).isNotEqualTo(main.id());
        main.on("x", e -> io.tell("main"));
        admin.on("x", e -> io.tell("admin"));
        client.send("42/admin,[\"x\"]", "42[\"x\"]", "42/,[\"x\"]");
        io.expectTold("admin", "main", "main");
        admin.emit("y");
        main.emit("y");
        io.settle();
        client.expect("42/admin,[\"y\"]", "42[\"y\"]");
    }

    @Test
    void invalidNamespaceKeepsTheConnection() {
        TestClient client = io.connect();
        Socket socket = client.join();
        client.send("40/none,", "40/none?a=b,")
                .expect(
                        "44/none,{\"message\":\"Invalid namespace\"}",
                        "44/none?a=b,{\"message\":\"Invalid namespace\"}");
        assertThat(socket.connected()).isTrue();
    }

    @Test
    void tooManyNamespacesAreRefused() {
        io.settings().maxNamespacesPerConnection(2);
        io.server().of("/a");
        io.server().of("/b");
        TestClient client = io.connect();
        client.join();
        client.join("/a");
        client.send("40/b,").expect("44/b,{\"message\":\"too many namespaces\"}");
        client.send("41/a,");
        client.join("/b");
    }

    @Test
    void connectionThatJoinsNothingIsClosed() {
        io.settings().connectTimeout(Duration.ofSeconds(5));
        TestClient client = io.connect();
        io.advance(Duration.ofMillis(4900));
        client.expect();
        io.advance(Duration.ofMillis(100));
        client.expectClosed();
        assertThat(io.server().connectionCount()).isZero();
    }

    @Test
    void connectionThatTriedOnlyRefusedNamespacesIsClosed() {
        io.settings().connectTimeout(Duration.ofSeconds(5));
        io.server().use(socket -> {
            throw new ConnectError("no");
        });
        TestClient client = io.connect().send("40", "40/none,");
        client.expect("44/none,{\"message\":\"Invalid namespace\"}", "44{\"message\":\"no\"}");
        io.advance(Duration.ofSeconds(5));
        client.expectClosed();
    }

    @Test
    void connectionWhoseMiddlewareIsTooSlowIsClosed() {
        io.settings().connectTimeout(Duration.ofSeconds(5));
        CompletableFuture<Object> decision = new CompletableFuture<>();
        io.server().useAsync(socket -> decision);
        TestClient client = io.connect().send("40");
        io.advance(Duration.ofSeconds(5));
        client.expectClosed();
        decision.complete(null);
        io.settle();
    }

    @Test
    void connectionThatHasJoinedMayStayWithoutNamespaces() {
        io.settings().connectTimeout(Duration.ofSeconds(5));
        TestClient client = io.connect();
        client.join();
        client.send("41");
        io.advance(Duration.ofSeconds(20));
        client.expect();
        client.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40", "44{\"message\":\"x\"}", "42/other,[\"x\"]", "41/other", "43/other,0[]"})
    void packetThatDoesNotFitTheStateClosesTheConnection(String packet) {
        TestClient client = io.connect();
        client.join().onDisconnect(reason -> io.tell(reason.text()));
        client.send(packet, "42[\"ignored\"]");
        client.expectClosed();
        io.expectTold("forced close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42[\"x\"]", "41", "430[]", "44"})
    void anythingButConnectClosesANewConnection(String packet) {
        io.connect().send(packet).expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40", "42[\"x\"]", "41"})
    void packetWhileMiddlewareRunsClosesTheConnection(String packet) {
        io.server().useAsync(socket -> new CompletableFuture<>());
        io.connect().send("40").expect().send(packet).expectClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4", "4x", "42[", "42{}", "42[\"connect\"]", "40null", "4511-[\"x\"]", "4[\"x\"]", "42[\"x\"]x"})
    void malformedPacketClosesTheConnectionAndReachesNobody(String packet) {
        TestClient other = io.connect();
        other.join();
        TestClient client = io.connect();
        client.join().onDisconnect(reason -> io.tell(reason.text()));
        io.server().of("/").onConnection(socket -> io.tell("connection"));
        client.send(packet);
        client.expectClosed();
        io.expectTold("forced close");
        other.expect();
        assertThat(io.server().of("/").socketCount()).isEqualTo(1);
    }

    @Test
    void eventsInFrontOfAMalformedPacketAreHandled() {
        TestClient client = io.connect();
        Socket socket = client.join();
        socket.on("fine", e -> io.tell("fine"));
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.receive("42[\"fine\"]", "42[", "42[\"fine\"]");
        io.settle();
        client.expectClosed();
        io.expectTold("fine", "forced close");
    }

    @Test
    void binaryMessageNobodyWaitsForClosesTheConnection() {
        TestClient client = io.connect();
        client.join().onDisconnect(reason -> io.tell(reason.text()));
        client.sendBinary(1, 2).expectClosed();
        io.expectTold("forced close");
    }

    @Test
    void connectErrorOfAConnectionHandlerComesTooLateAndDisconnects() {
        io.server().onConnection(socket -> {
            throw new ConnectError("not you");
        });
        TestClient client = io.connect();
        client.send("40");
        assertThat(client.webSocket().next()).startsWith("40{\"sid\":");
        client.expect("41");
        io.expectTold("error of connection: not you");
        io.expectLogged("ERROR a handler of event \"connection\" failed");
        assertThat(io.server().of("/").socketCount()).isZero();
    }

    @Test
    void connectionTellsOfItsTransportAndItsEnd() {
        TestClient client = io.connect();
        Socket socket = client.join();
        Connection connection = socket.conn();
        assertThat(connection.transport()).isEqualTo("websocket");
        assertThat(connection.protocol()).isEqualTo(4);
        assertThat(connection.queuedBytes()).isZero();
        assertThat(connection).hasToString("Connection over websocket");
        connection.onUpgrade(transport -> io.tell("never"));
        connection.close();
        io.settle();
        client.expectClosed("41");
    }

    @Test
    void connectionTellsOfItsUpgrade() {
        io.server()
                .onConnection(socket -> socket.conn().onUpgrade(transport -> {
                    io.tell("upgraded to " + transport + ", " + socket.conn().transport());
                    throw new IllegalStateException("on purpose");
                }));
        String query = io.openPolling();
        io.handle(new TestExchange(io.loop, "POST", "/socket.io/?" + query + "&body=40"))
                .answer();
        io.get(query).answer();
        TestExchange upgrade =
                new TestExchange(io.loop, "GET", "/socket.io/?" + query.replace("polling", "websocket")).upgrade();
        io.handle(upgrade).webSocket().receive("2probe");
        io.settle();
        upgrade.webSocket().expect("3probe");
        io.expectTold();
        upgrade.webSocket().receive("5");
        io.settle();
        io.expectTold("upgraded to websocket, websocket", "error of upgrade: on purpose");
        io.expectLogged("ERROR a handler of event \"upgrade\" failed");
    }
}
