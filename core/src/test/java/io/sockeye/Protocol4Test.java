package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server says to clients of Socket.IO 2.x, and what it makes of what they say. */
class Protocol4Test {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private String sessionId = "";

    @BeforeEach
    void allow() {
        io.settings().allowEio3(true);
    }

    @Test
    void mainNamespaceIsJoinedUnasked() {
        io.server().onConnection(socket -> {
            io.tell(socket.id());
            io.tell(socket.handshake().auth().toString());
            socket.emit("hello");
        });
        TestClient client = connect();
        client.expect("40", "42[\"hello\"]");
        io.expectTold(sessionId, "{}");
        assertThat(io.server().of("/").socket(sessionId)).isNotNull();
    }

    @Test
    void overPollingTheFirstAnswerIsTheHandshakeAlone() {
        TestExchange open = io.get("EIO=3&transport=polling");
        assertThat(open.answer().text()).startsWith("0{").doesNotContain(" ");
        sessionId = open.answer().text().substring(9, 29);
        assertThat(io.get("EIO=3&transport=polling&sid=" + sessionId).answer()).hasToString("200 40");
    }

    @Test
    void mainNamespaceIsJoinedOnce() {
        TestClient client = connect();
        client.expect("40");
        client.send("40").expectClosed();
    }

    @Test
    void socketsOfOtherNamespacesAreNamedAfterThem() {
        io.server().of("/admin").onConnection(socket -> io.tell(socket.id()));
        TestClient client = connect();
        client.expect("40");
        client.send("40/admin,").expect("40/admin,");
        io.expectTold("/admin#" + sessionId);
    }

    @Test
    void queryOfTheNamespaceIsTheAuth() {
        io.server()
                .of("/admin")
                .onConnection(socket -> io.tell(String.valueOf(
                        socket.handshake().auth(Map.class)))); // in the order in which the client named them
        TestClient client = connect();
        client.expect("40");
        client.send("40/admin?token=a%20b+c&é=%C3%A9&token=d&empty&=x,").expect("40/admin,");
        io.expectTold("{token=d, é=é, empty=, =x}");
    }

    @Test
    void queryWithoutACommaBehindItIsRead() {
        io.server()
                .of("/admin")
                .onConnection(socket -> io.tell(socket.handshake().auth("token")));
        TestClient client = connect();
        client.expect("40");
        client.send("40/admin?token=x").expect("40/admin,");
        io.expectTold("x");
    }

    @Test
    void payloadOfAConnectCountsForNothing() {
        io.server()
                .of("/admin")
                .onConnection(socket -> io.tell(socket.handshake().auth().toString()));
        TestClient client = connect();
        client.expect("40");
        client.send("40/admin,{\"token\":\"x\"}").expect("40/admin,");
        io.expectTold("{}");
    }

    @Test
    void packetsMayNameTheQueryAgain() {
        io.server().of("/admin").onConnection(socket -> {
            socket.on("hello", event -> event.ack().send("hi"));
            socket.onDisconnect(reason -> io.tell(reason.text()));
        });
        TestClient client = connect();
        client.expect("40");
        client.send("40/admin?a=b,").expect("40/admin,");
        client.send("42/admin?a=b,7[\"hello\"]").expect("43/admin,7[\"hi\"]");
        client.send("41/admin?a=b,").expect();
        io.expectTold("client namespace disconnect");
    }

    @Test
    void namespaceOnDemandIsAskedForWithoutTheQuery() {
        io.server()
                .of(Pattern.compile("/room-\\d+"))
                .onConnection(socket -> io.tell(
                        socket.namespace().name() + " " + socket.handshake().auth("a")));
        TestClient client = connect();
        client.expect("40");
        client.send("40/room-1?a=b,").expect("40/room-1,");
        io.expectTold("/room-1 b");
    }

    @Test
    void unknownNamespaceIsRefusedWithAnObject() {
        TestClient client = connect();
        client.expect("40");
        client.send("40/unknown?a=b,").expect("44/unknown,{\"message\":\"Invalid namespace\"}");
    }

    static List<List<Object>> refusals() {
        return List.of(
                List.of(new ConnectError("no"), "\"no\""),
                List.of(new ConnectError("no", Map.of("code", 1)), "{\"code\":1}"),
                List.of(new ConnectError("no", "why"), "\"why\""),
                List.of(new ConnectError("no", ""), "\"no\""),
                List.of(new ConnectError("no", 0), "\"no\""),
                List.of(new ConnectError("no", false), "\"no\""),
                List.of(new ConnectError("no", List.of()), "[]"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalIsTheDataOrTheMessage(List<Object> refusal) {
        io.server().use(socket -> {
            throw (ConnectError) refusal.get(0);
        });
        io.server().of("/admin").use(socket -> {
            throw (ConnectError) refusal.get(0);
        });
        TestClient client = connect();
        client.expect("44" + refusal.get(1));
        client.send("40/admin?x=y,").expect("44/admin," + refusal.get(1));
    }

    @Test
    void serverDisconnectsAsFromAnyClient() {
        TestClient client = connect();
        client.expect("40");
        io.server().of("/").socket(sessionId).disconnect();
        io.settle();
        client.expect("41");
    }

    @Test
    void broadcastReachesClientsOfBothRevisions() {
        TestClient old = connect();
        old.expect("40");
        TestClient young = io.connect(io.otherLoop);
        young.join();
        io.server().emit("news", new byte[] {1}, "é");
        io.settle();
        old.expect("451-[\"news\",{\"_placeholder\":true,\"num\":0},\"é\"]", "<01>");
        young.expect("451-[\"news\",{\"_placeholder\":true,\"num\":0},\"é\"]", "<01>");
    }

    @Test
    void clientsOfRevision5AreNotJoinedUnasked() {
        TestClient client = io.connect();
        client.expect();
        assertThat(client.join().id()).hasSize(20);
    }

    private TestClient connect() {
        TestExchange exchange = new TestExchange(io.loop, "GET", "/socket.io/?EIO=3&transport=websocket").upgrade();
        io.handle(exchange);
        FakeWebSocket webSocket = exchange.webSocket();
        String open = webSocket.next();
        assertThat(open).startsWith("0{\"sid\":\"");
        sessionId = open.substring(9, 29);
        return new TestClient(io, webSocket);
    }
}
