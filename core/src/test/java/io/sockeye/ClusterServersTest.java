package io.sockeye;

import static io.sockeye.SocketIoFixture.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.cluster.ClusterAdapter;
import io.sockeye.adapter.cluster.InProcessCluster;
import io.sockeye.fixture.FakeWebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two whole servers with clients in one cluster, by the API that applications use. */
final class ClusterServersTest {
    private final InProcessCluster cluster = InProcessCluster.byHand();
    private final SocketIoFixture here = new SocketIoFixture();
    private final SocketIoFixture there = new SocketIoFixture();
    private TestClient ann;
    private TestClient bob;
    private Socket annSocket;
    private Socket bobSocket;

    @BeforeEach
    void twoServers() {
        here.open();
        here.settings().adapter(ClusterAdapter.factory(cluster.node("here")));
        there.settings().adapter(ClusterAdapter.factory(cluster.node("there")));
        for (SocketIoFixture io : List.of(here, there)) {
            io.server().use(socket -> {
                String name = socket.handshake().auth("name");
                socket.userId(name == null ? "nobody" : name);
            });
        }
        ann = here.connect();
        bob = there.connect();
        ann.send("40{\"name\":\"ann\"}");
        annSocket = ann.joined("/");
        bob.send("40{\"name\":\"bob\"}");
        bobSocket = bob.joined("/");
        settle();
    }

    @AfterEach
    void close() {
        for (SocketIoFixture io : List.of(here, there)) {
            CompletableFuture<Void> closed = io.close();
            io.advance(Duration.ofSeconds(2));
            assertThat(closed).isCompleted();
            io.server().closeResources(Duration.ofSeconds(1));
        }
        here.expectLogged();
        here.close(/* nothingMayBeLeft= */ false);
    }

    private void settle() {
        for (int i = 0; i < 4; i++) {
            here.settle();
            there.settle();
            cluster.settle();
        }
    }

    @Test
    void eventsCrossOver() {
        annSocket.join("red");
        bobSocket.join("red");
        here.server().to("red").emit("x", "é", Map.of("a", List.of(1, new byte[] {1, 2})));
        here.server().toUser("bob").emit("y");
        there.server().local().emit("z");
        settle();
        String[] x = {"451-[\"x\",\"é\",{\"a\":[1,{\"_placeholder\":true,\"num\":0}]}]", "<0102>"};
        ann.expect(x);
        bob.expect("42[\"z\"]", x[0], x[1], "42[\"y\"]");
    }

    @Test
    void acknowledgementsCrossOver() {
        CompletableFuture<Acknowledgements> all = here.server().emitWithAck("q");
        settle();
        ann.send("430[1]").expect("420[\"q\"]");
        assertThat(all).isNotDone();
        bob.send("430[\"two\"]").expect("420[\"q\"]");
        settle();
        assertThat(now(all).complete()).isTrue();
        assertThat(now(all).of(bobSocket.id()).get(0, String.class)).isEqualTo("two");
        assertThat(now(all).of(annSocket.id()).get(0, int.class)).isEqualTo(1);
    }

    @Test
    void remoteSocketIsWhatItIsThere() {
        bobSocket.data().put("age", 7);
        CompletableFuture<FetchedSockets> found = here.server().toUser("bob").fetchSockets();
        settle();
        RemoteSocket remote = now(found).sockets().get(0);
        assertThat(remote.id()).isEqualTo(bobSocket.id());
        assertThat(remote.userId()).isEqualTo("bob");
        assertThat(remote.data()).isNotSameAs(bobSocket.data());
        assertThat(remote.data().get("age", int.class)).isEqualTo(7);
        Acknowledgement answer = remote.emitWithAck("ask");
        remote.join("blue");
        settle();
        assertThat(bobSocket.rooms()).contains("blue");
        bob.send("430[\"fine\"]").expect("420[\"ask\"]");
        settle();
        assertThat(now(answer.as(String.class))).isEqualTo("fine");
        remote.disconnect();
        settle();
        bob.expect("41");
    }

    @Test
    void countsAndServersAreKnown() {
        bobSocket.join("red");
        CompletableFuture<SocketCount> count = here.server().to("red").countSockets();
        CompletableFuture<Integer> servers = here.server().of("/").serverCount();
        settle();
        assertThat(now(count)).isEqualTo(new SocketCount(1, 0));
        assertThat(now(servers)).isEqualTo(2);
        assertThat(here.server().of("/").clusterStats().nodes()).isEqualTo(1);
    }

    @Test
    void serversTalk() {
        there.server().onServerSide("ask", event -> event.ack().send("pong"));
        CompletableFuture<ServerAnswers> answers = here.server().serverSideEmitWithAck("ask");
        settle();
        assertThat(now(answers).as(String.class)).containsExactly("pong");
    }

    @Test
    void presenceCrossesOver() {
        Presence presence = here.server().of("/").presence("red");
        presence.onUserJoin(user -> here.tell("+" + user));
        presence.onUserLeave(user -> here.tell("-" + user));
        settle();
        assertThat(presence.missingServers()).isZero();
        bobSocket.join("red");
        settle();
        here.expectTold("+bob");
        assertThat(presence.userIds()).containsExactly("bob");
        bob.close();
        settle();
        here.expectTold("-bob");
        presence.close();
    }

    @Test
    void plainClusterAdapterRefusesRecovery() {
        SocketIoServerBuilder builder = SocketIoServer.builder()
                .transports(new FakeWebSocket.Factory())
                .adapter(ClusterAdapter.factory(cluster.node("third")))
                .connectionStateRecovery(ConnectionStateRecovery.defaults());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("connectionStateRecovery: this adapter keeps no sessions across nodes"
                        + " (expected: one whose way to the other nodes is a log, as Redis streams)");
    }
}
