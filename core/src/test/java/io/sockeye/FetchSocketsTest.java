package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SocketView;
import io.sockeye.fixture.TestExchange;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Sockets that are looked for, here and elsewhere. */
final class FetchSocketsTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final FakeCluster cluster = new FakeCluster();

    record User(String name) {}

    @Test
    void everySocketOfTheNamespaceIsFound() {
        Socket one = io.connect().join();
        Socket two = io.connect(io.otherLoop).join();
        io.server().of("/other");
        Socket other = io.connect().join("/other");
        FetchedSockets found = SocketIoFixture.now(io.server().fetchSockets());
        assertThat(found.complete()).isTrue();
        assertThat(found.ids()).containsExactlyInAnyOrder(one.id(), two.id());
        assertThat(found).hasSize(2);
        assertThat(SocketIoFixture.now(io.server().of("/other").fetchSockets()).ids())
                .containsExactly(other.id());
        assertThat(SocketIoFixture.now(io.server().of("/").serverCount())).isEqualTo(1);
    }

    @Test
    void socketsAreCounted() {
        io.connect().join().join("a");
        io.connect().join().join("a", "b");
        io.connect().join();
        assertThat(SocketIoFixture.now(io.server().countSockets())).isEqualTo(new SocketCount(3, 0));
        assertThat(SocketIoFixture.now(io.server().in("a").except("b").countSockets())
                        .count())
                .isEqualTo(1);
        assertThat(SocketIoFixture.now(io.server().to("a", "b").countSockets()).complete())
                .isTrue();
        ParentNamespace parent = io.server().of(Pattern.compile("/room-.*"));
        io.connect().join("/room-1");
        io.connect().join("/room-2");
        assertThat(SocketIoFixture.now(parent.countSockets()).count()).isEqualTo(2);
    }

    @Test
    void roomsChooseWhoIsFound() {
        Socket one = io.connect().join();
        Socket two = io.connect().join();
        one.join("a");
        two.join("a", "b");
        assertThat(SocketIoFixture.now(io.server().in("a").except("b").fetchSockets())
                        .ids())
                .containsExactly(one.id());
        assertThat(SocketIoFixture.now(one.to("a").fetchSockets()).ids()).containsExactly(two.id());
        assertThat(SocketIoFixture.now(io.server().to("nobody").fetchSockets()).sockets())
                .isEmpty();
    }

    @Test
    void foundSocketIsWhatItWas() {
        io.server().of("/").onConnection(socket -> socket.data().put("user", new User("ann")));
        Socket socket = io.connect().join();
        socket.join("a");
        RemoteSocket found = only();
        assertThat(found.id()).isEqualTo(socket.id());
        assertThat(found.rooms()).containsExactlyInAnyOrder(socket.id(), "a");
        assertThat(found.handshake()).isSameAs(socket.handshake());
        assertThat(found.data()).isSameAs(socket.data());
        socket.join("b");
        assertThat(found.rooms()).doesNotContain("b");
        assertThat(found).hasToString("RemoteSocket " + socket.id() + " of /");
    }

    @Test
    void foundSocketIsEmittedToAndAsked() {
        TestClient client = io.connect();
        client.join();
        RemoteSocket found = only();
        assertThat(found.emit("x", 1)).isTrue();
        Acknowledgement quick = found.emitWithAck("ask", "?");
        Acknowledgement slow = found.timeout(Duration.ofSeconds(10)).emitWithAck("ask");
        found.timeout(Duration.ofSeconds(1)).emit("y");
        io.settle();
        client.expect("42[\"x\",1]", "420[\"ask\",\"?\"]", "421[\"ask\"]", "42[\"y\"]");
        client.send("430[\"yes\",2]");
        assertThat(SocketIoFixture.now(quick.as(String.class))).isEqualTo("yes");
        io.advance(Duration.ofSeconds(10));
        assertThatThrownBy(() -> slow.arguments().join()).hasCauseInstanceOf(AckTimeoutException.class);
        assertThatThrownBy(() -> found.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void foundSocketThatHasGoneIsNotWaitedFor() {
        TestClient client = io.connect();
        client.join();
        RemoteSocket found = only();
        client.send("41");
        Acknowledgement answer = found.emitWithAck("ask");
        io.settle();
        assertThatThrownBy(() -> answer.arguments().join()).hasCauseInstanceOf(SocketDisconnectedException.class);
    }

    @Test
    void foundSocketJoinsLeavesAndIsDisconnected() {
        TestClient client = io.connect();
        Socket socket = client.join();
        RemoteSocket found = only();
        found.join("a", "b");
        found.leave("b");
        assertThat(socket.rooms()).containsExactlyInAnyOrder(socket.id(), "a");
        found.disconnect();
        io.settle();
        client.expect("41");
        client.join();
        only().disconnect(true);
        io.settle();
        client.expectClosed("41");
    }

    @Test
    void socketsOfOtherNodesAreFoundWithWhatTravelled() {
        io.settings().adapter(cluster);
        TestExchange exchange =
                new TestExchange(io.loop, "GET", "/socket.io/?EIO=4&transport=websocket&a=%C3%A9").upgrade();
        io.handle(exchange);
        assertThat(exchange.webSocket().next()).startsWith("0{");
        TestClient client = new TestClient(io, exchange.webSocket());
        client.send("40{\"token\":\"secret\"}");
        Socket socket = client.joined("/");
        socket.data().put("user", new User("ann"));
        SocketView here = cluster.local.sockets(BroadcastOptions.DEFAULT).get(0);
        SocketView there = cluster.travelled(here);
        cluster.elsewhere.add(there);
        cluster.silent = 1;

        FetchedSockets found = SocketIoFixture.now(io.server().of("/").fetchSockets());
        assertThat(found.complete()).isFalse();
        assertThat(found.missingServers()).isEqualTo(1);
        assertThat(found).hasSize(2);
        RemoteSocket remote = found.sockets().get(0);
        assertThat(remote.id()).isEqualTo(socket.id());
        assertThat(remote.rooms()).isEqualTo(Set.of(socket.id()));
        assertThat(remote.data()).isNotSameAs(socket.data());
        assertThat(remote.data().get("user", User.class)).isEqualTo(new User("ann"));
        Handshake handshake = remote.handshake();
        assertThat(handshake.auth("token")).isEqualTo("secret");
        assertThat(handshake.query()).isEqualTo(socket.handshake().query()).containsEntry("a", "é");
        assertThat(handshake.url()).isEqualTo(socket.handshake().url());
        assertThat(handshake.issued().toEpochMilli())
                .isEqualTo(socket.handshake().issued().toEpochMilli());
        assertThat(handshake.secure()).isEqualTo(socket.handshake().secure());
        assertThat(handshake.crossDomain()).isEqualTo(socket.handshake().crossDomain());
        socket.handshake()
                .headers()
                .forEach((name, value) ->
                        assertThat(handshake.headers().get(name)).isEqualTo(value));
        assertThat(handshake.address().getHostString())
                .isEqualTo(socket.handshake().address().getHostString());
        assertThat(SocketIoFixture.now(io.server().of("/").serverCount())).isEqualTo(3);
    }

    @Test
    void handshakeTravelsAsTheReferenceWritesIt() {
        io.settings().adapter(cluster);
        Socket socket = io.connect().join();
        JsonNode json = cluster.local.sockets(BroadcastOptions.DEFAULT).get(0).handshake();
        assertThat(json.propertyNames())
                .containsExactly("headers", "time", "address", "xdomain", "secure", "issued", "url", "query", "auth");
        assertThat(json.get("time").asString())
                .matches(
                        "[A-Z][a-z]{2} [A-Z][a-z]{2} \\d\\d \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\\+0000 \\(Coordinated Universal Time\\)");
        assertThat(json.get("issued").asLong())
                .isEqualTo(socket.handshake().issued().toEpochMilli());
        assertThat(json.get("auth").isObject()).isTrue();
    }

    @Test
    void handshakeOfAnyShapeIsReadWithoutFailing() {
        var mapper = io.server().of("/").jsonMapper();
        for (String json :
                new String[] {"{}", "null", "[]", "{\"headers\":{\"a\":[\"b\",\"c\"],\"d\":7},\"auth\":[]}"}) {
            Handshake handshake = HandshakeJson.read(mapper.readTree(json));
            assertThat(handshake.auth().isEmpty()).isTrue();
            assertThat(handshake.url()).isEmpty();
            if (json.length() > 4) {
                assertThat(handshake.headers().get("a")).isEqualTo("b, c");
            }
        }
    }

    private RemoteSocket only() {
        FetchedSockets found = SocketIoFixture.now(io.server().fetchSockets());
        assertThat(found).hasSize(1);
        return found.sockets().get(0);
    }
}
