package io.sockeye.adapter.cluster;

import static io.sockeye.adapter.cluster.ClusterFixture.event;
import static io.sockeye.adapter.cluster.ClusterFixture.now;
import static io.sockeye.adapter.cluster.ClusterFixture.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every operation of a cluster in which nothing goes wrong. */
final class ClusterAdapterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final BroadcastOptions ALL = BroadcastOptions.DEFAULT;

    @RegisterExtension
    final ClusterFixture io = new ClusterFixture();

    private TestNode a;
    private TestNode b;
    private TestNode.Client ann;
    private TestNode.Client bob;
    private TestNode.Client cid;

    @BeforeEach
    void threeNodes() {
        a = io.node("a");
        b = io.node("b");
        TestNode c = io.node("c");
        ann = a.client("ann").join("red");
        bob = b.client("bob").join("red", "blue");
        cid = c.client("cid");
        io.settle();
    }

    @Test
    void broadcastReachesEverybodyOnce() {
        assertThat(a.adapter.broadcast(event("x", 1, "é", List.of(2)), ALL)).isTrue();
        assertThat(ann.take()).containsExactly("x[1,\"\\u00e9\",[2]]"); // here at once
        io.settle();
        assertThat(bob.take()).containsExactly("x[1,\"\\u00e9\",[2]]");
        assertThat(cid.take()).containsExactly("x[1,\"\\u00e9\",[2]]");
        assertThat(ann.take()).isEmpty();
    }

    @Test
    void roomsChooseOnEveryNode() {
        a.adapter.broadcast(event("x"), to("red").except(Set.of("blue")));
        b.adapter.broadcast(event("y"), to("cid"));
        io.settle();
        assertThat(ann.take()).containsExactly("x[]");
        assertThat(bob.take()).isEmpty();
        assertThat(cid.take()).containsExactly("y[]");
    }

    @Test
    void localStaysHere() {
        long published = a.adapter.clusterStats().published();
        assertThat(a.adapter.broadcast(event("x"), ALL.asLocal())).isTrue();
        a.adapter.socketsJoin(ALL.asLocal(), List.of("green"));
        a.adapter.socketsLeave(ALL.asLocal(), List.of("red"));
        assertThat(now(a.adapter.fetchSockets(ALL.asLocal(), TIMEOUT)).received())
                .extracting(SocketView::rooms)
                .containsExactly(Set.of("ann", "green"));
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), ALL.asLocal(), TIMEOUT);
        ann.acknowledge("q", 1);
        assertThat(now(acks).received()).hasSize(1);
        a.adapter.disconnectSockets(ALL.asLocal(), true);
        io.settle();
        assertThat(a.adapter.clusterStats().published()).isEqualTo(published);
        assertThat(ann.take()).containsExactly("x[]", "q[]", "closed");
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void socketsJoinLeaveAndAreDisconnectedEverywhere() {
        a.adapter.socketsJoin(to("red"), List.of("green", "5"));
        io.settle();
        assertThat(a.adapter.rooms("ann")).containsExactlyInAnyOrder("ann", "red", "green", "5");
        assertThat(b.adapter.rooms("bob")).containsExactlyInAnyOrder("bob", "red", "blue", "green", "5");
        b.adapter.socketsLeave(to("green"), List.of("red", "5"));
        io.settle();
        assertThat(a.adapter.rooms("ann")).containsExactlyInAnyOrder("ann", "green");
        a.adapter.disconnectSockets(to("green"), false);
        io.settle();
        assertThat(ann.take()).containsExactly("disconnected");
        assertThat(bob.take()).containsExactly("disconnected");
        assertThat(cid.take()).isEmpty();
    }

    @Test
    void socketsOfAllNodesAreFetched() {
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        assertThat(found).isNotDone();
        io.settle();
        assertThat(now(found).missing()).isZero();
        assertThat(now(found).received()).extracting(SocketView::id).containsExactlyInAnyOrder("ann", "bob", "cid");
        found = a.adapter.fetchSockets(to("blue"), TIMEOUT);
        io.settle();
        SocketView view = now(found).received().get(0);
        assertThat(view.id()).isEqualTo("bob");
        assertThat(view.rooms()).containsExactlyInAnyOrder("bob", "red", "blue");
        assertThat(view.handshake().get("of").asString()).isEqualTo("bob");
    }

    @Test
    void socketsAreCountedWithoutBeingFetched() {
        List<ClusterMessage> crossed = io.crossed();
        CompletableFuture<NodeAnswers<Integer>> count = a.adapter.countSockets(to("red"), TIMEOUT);
        io.settle();
        assertThat(now(count).missing()).isZero();
        assertThat(now(count).received()).containsExactlyInAnyOrder(1, 1, 0);
        assertThat(crossed).isNotEmpty().noneMatch(message -> message instanceof ClusterMessage.FetchSockets);
        assertThat(now(a.adapter.countSockets(to("red").asLocal(), TIMEOUT)).received())
                .containsExactly(1);
    }

    @Test
    void clientThatGoesIsNotWaitedFor() {
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), to("red"), TIMEOUT);
        io.settle();
        ann.acknowledge("q", 1);
        bob.leave();
        io.settle();
        assertThat(now(acks).received()).hasSize(1);
        assertThat(now(acks).missing()).isEqualTo(1);
    }

    @Test
    void acknowledgementsOfAllNodesAreGathered() {
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q", 1), ALL, TIMEOUT);
        io.settle();
        cid.acknowledge("q", "from cid");
        ann.acknowledge("q", "from ann");
        io.settle();
        assertThat(acks).isNotDone();
        bob.acknowledge("q", "from bob");
        io.settle();
        AckAnswers answers = now(acks);
        assertThat(answers.missing()).isZero();
        assertThat(answers.missingNodes()).isZero();
        assertThat(answers.received())
                .extracting(answer -> answer.socketId() + answer.args())
                .containsExactly("ann[\"from ann\"]", "cid[\"from cid\"]", "bob[\"from bob\"]");
    }

    @Test
    void clientsThatDoNotAcknowledgeAreCounted() {
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), ALL, Duration.ofSeconds(2));
        io.settle();
        cid.acknowledge("q", 1);
        io.advance(Duration.ofMillis(1900));
        assertThat(acks).isNotDone();
        io.advance(Duration.ofMillis(100));
        assertThat(now(acks).received()).hasSize(1);
        assertThat(now(acks).missing()).isEqualTo(2);
        assertThat(now(acks).missingNodes()).isZero();
        assertThat(a.adapter.clusterStats().requestsTimedOut()).isZero();
    }

    @Test
    void acknowledgementsOfNobodyAreCompleteWhenEveryNodeHasSaidSo() {
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), to("nobody"), TIMEOUT);
        assertThat(acks).isNotDone();
        io.settle();
        assertThat(now(acks)).isEqualTo(new AckAnswers(List.of(), 0, 0));
    }

    @Test
    void otherServersAreToldAndAsked() {
        b.answer = "pong";
        io.nodes.get("c").answer = List.of(1, 2);
        assertThat(a.adapter.serverSideEmit("told", Arguments.of(1, "x"))).isTrue();
        CompletableFuture<NodeAnswers<Arguments>> answers =
                a.adapter.serverSideEmitWithAck("asked", Arguments.of(), TIMEOUT);
        io.settle();
        assertThat(a.events).isEmpty();
        assertThat(b.events).containsExactly("told[1,\"x\"]", "asked[]");
        assertThat(now(answers).missing()).isZero();
        assertThat(now(answers).received())
                .extracting(Arguments::toString)
                .containsExactlyInAnyOrder("[\"pong\"]", "[[1,2]]");
    }

    @Test
    void serverThatDoesNotAnswerIsMissing() {
        b.answer = "pong";
        CompletableFuture<NodeAnswers<Arguments>> answers =
                a.adapter.serverSideEmitWithAck("asked", Arguments.of(), TIMEOUT);
        io.advance(Duration.ofMillis(4990));
        assertThat(answers).isNotDone();
        io.advance(Duration.ofMillis(10));
        assertThat(now(answers).missing()).isEqualTo(1);
        assertThat(now(answers).received()).hasSize(1);
        assertThat(a.adapter.clusterStats().requestsTimedOut()).isEqualTo(1);
    }

    @Test
    void serversAreCounted() {
        assertThat(now(a.adapter.serverCount())).isEqualTo(3);
        io.cluster.countsNodes(false);
        assertThat(now(a.adapter.serverCount())).isEqualTo(3);
        b.adapter.close();
        io.settle();
        assertThat(now(a.adapter.serverCount())).isEqualTo(2);
        assertThat(a.adapter.clusterStats().nodes()).isEqualTo(1);
        io.nodes.remove("b");
        bob.leave();
    }

    @Test
    void loneNodeAsksNobody() {
        io.kill("b");
        io.kill("c");
        io.advance(Duration.ofSeconds(11));
        io.discardLog();
        assertThat(now(a.adapter.fetchSockets(ALL, TIMEOUT)).missing()).isZero();
        assertThat(now(a.adapter.serverSideEmitWithAck("x", Arguments.of(), TIMEOUT))
                        .received())
                .isEmpty();
        assertThat(now(a.adapter.serverCount())).isEqualTo(1);
    }

    @Test
    void closedAdapterSaysGoodbyeAndRefuses() {
        CompletableFuture<NodeAnswers<SocketView>> waiting = b.adapter.fetchSockets(ALL, TIMEOUT);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        b.adapter.close();
        b.adapter.close();
        assertThat(now(waiting).missing()).isEqualTo(2);
        assertThat(b.adapter.broadcast(event("x"), ALL)).isFalse();
        assertThat(b.adapter.serverSideEmit("x", Arguments.of())).isFalse();
        assertThat(now(b.adapter.serverSideEmitWithAck("x", Arguments.of(), TIMEOUT))
                        .received())
                .isEmpty();
        io.settle();
        assertThat(now(found).missing()).isEqualTo(1); // the question came too late for it
        assertThat(a.adapter.clusterStats().nodes()).isEqualTo(1);
        io.nodes.remove("b");
        bob.leave();
    }

    @Test
    void valueThatCannotBeWrittenIsSaidNowhere() {
        Unwritable unwritable = new Unwritable(1);
        assertThatThrownBy(() -> a.adapter.broadcastWithAck(event("x", unwritable), ALL, TIMEOUT))
                .hasStackTraceContaining("no");
        assertThatThrownBy(() -> a.adapter.serverSideEmitWithAck("x", Arguments.of(unwritable), TIMEOUT))
                .hasStackTraceContaining("no");
        io.settle();
        assertThat(ann.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
    }

    record Unwritable(int value) {
        @JsonValue
        int written() {
            if (value > 0) {
                throw new IllegalStateException("no");
            }
            return value;
        }
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> ClusterSettings.builder().heartbeatInterval(Duration.ZERO))
                .hasMessage("heartbeatInterval: PT0S (expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> ClusterSettings.builder().maxRequests(0)).hasMessage("maxRequests: 0 (expected: > 0)");
        assertThatThrownBy(() -> ClusterSettings.builder()
                        .heartbeatInterval(Duration.ofSeconds(10))
                        .build())
                .hasMessage("heartbeatTimeout: PT10S (expected: longer than heartbeatInterval, PT10S)");
    }
}
