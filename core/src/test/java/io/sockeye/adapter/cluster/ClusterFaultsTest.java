package io.sockeye.adapter.cluster;

import static io.sockeye.adapter.cluster.ClusterFixture.event;
import static io.sockeye.adapter.cluster.ClusterFixture.now;
import static io.sockeye.adapter.cluster.ClusterFixture.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the operations of a cluster answer when nodes or the way between them fail. */
final class ClusterFaultsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final BroadcastOptions ALL = BroadcastOptions.DEFAULT;
    private static final String BROKEN =
            "WARN the way to the other nodes is broken: what is emitted reaches the clients of this node only";

    /** What goes wrong on the way to or from node b while node a asks, and how many nodes are missing then. */
    enum Fault {
        NONE(0),
        LOSE_REQUEST(1),
        LOSE_RESPONSE(1),
        DUPLICATE_REQUEST(0),
        DUPLICATE_RESPONSE(0),
        DELAY_RESPONSE(0),
        DELAY_RESPONSE_BEYOND_DEADLINE(1),
        HANG(1),
        HANG_AND_RETURN(1);

        final int missing;

        Fault(int missing) {
            this.missing = missing;
        }
    }

    @RegisterExtension
    final ClusterFixture io = new ClusterFixture();

    private TestNode a;
    private TestNode b;
    private TestNode c;
    private TestNode.Client ann;
    private TestNode.Client bob;
    private TestNode.Client cid;

    @BeforeEach
    void threeNodes() {
        a = io.node("a");
        b = io.node("b");
        c = io.node("c");
        ann = a.client("ann");
        bob = b.client("bob");
        cid = c.client("cid");
        b.answer = "b";
        c.answer = "c";
        io.settle();
    }

    private void inject(Fault fault) {
        if (fault == Fault.HANG || fault == Fault.HANG_AND_RETURN) {
            io.cluster.hang("b");
            return;
        }
        io.cluster.rule((from, to, message) -> {
            boolean request = to.equals("b") && from.equals("a");
            boolean response = from.equals("b") && message instanceof ClusterMessage.Response;
            return switch (fault) {
                case LOSE_REQUEST -> request ? InProcessCluster.Fate.LOST : InProcessCluster.Fate.ARRIVES;
                case LOSE_RESPONSE -> response ? InProcessCluster.Fate.LOST : InProcessCluster.Fate.ARRIVES;
                case DUPLICATE_REQUEST -> request ? InProcessCluster.Fate.TWICE : InProcessCluster.Fate.ARRIVES;
                case DUPLICATE_RESPONSE -> response ? InProcessCluster.Fate.TWICE : InProcessCluster.Fate.ARRIVES;
                case DELAY_RESPONSE -> late(response, Duration.ofSeconds(2));
                case DELAY_RESPONSE_BEYOND_DEADLINE -> late(response, Duration.ofSeconds(6));
                default -> InProcessCluster.Fate.ARRIVES;
            };
        });
    }

    private static InProcessCluster.Fate late(boolean chosen, Duration delay) {
        return chosen ? InProcessCluster.Fate.late(delay) : InProcessCluster.Fate.ARRIVES;
    }

    private void wait(Fault fault, CompletableFuture<?> answers) {
        io.advance(Duration.ofMillis(4900));
        assertThat(answers.isDone()).isEqualTo(fault.missing == 0);
        if (fault == Fault.HANG_AND_RETURN) {
            io.cluster.heal("b");
        }
        io.advance(Duration.ofMillis(100));
        assertThat(answers).isCompleted();
        io.cluster.heal("b");
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.ARRIVES);
        io.advance(Duration.ofSeconds(4)); // what comes late is not wanted any more
    }

    @ParameterizedTest
    @EnumSource
    void fetchSockets(Fault fault) {
        inject(fault);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        wait(fault, found);
        assertThat(now(found).missing()).isEqualTo(fault.missing);
        assertThat(now(found).received())
                .extracting(SocketView::id)
                .containsExactlyInAnyOrderElementsOf(
                        fault.missing == 0 ? List.of("ann", "bob", "cid") : List.of("ann", "cid"));
        assertThat(a.adapter.clusterStats().requestsTimedOut()).isEqualTo(fault.missing);
    }

    @ParameterizedTest
    @EnumSource
    void serverSideEmitWithAck(Fault fault) {
        inject(fault);
        CompletableFuture<NodeAnswers<Arguments>> answers =
                a.adapter.serverSideEmitWithAck("ask", Arguments.of(), TIMEOUT);
        wait(fault, answers);
        assertThat(now(answers).missing()).isEqualTo(fault.missing);
        assertThat(now(answers).received())
                .extracting(Arguments::toString)
                .containsExactlyInAnyOrderElementsOf(
                        fault.missing == 0 ? List.of("[\"b\"]", "[\"c\"]") : List.of("[\"c\"]"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DUPLICATE_REQUEST") // a driver does not repeat broadcasts
    void broadcastWithAck(Fault fault) {
        inject(fault);
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), ALL, TIMEOUT);
        io.settle();
        ann.acknowledge("q", 1);
        cid.acknowledge("q", 3);
        if (!bob.take().isEmpty()) {
            bob.acknowledge("q", 2);
        }
        wait(fault, acks);
        assertThat(now(acks).missingNodes()).isEqualTo(fault.missing);
        assertThat(now(acks).missing()).isZero();
        assertThat(now(acks).received())
                .extracting(AckAnswers.Answer::socketId)
                .containsExactlyInAnyOrderElementsOf(
                        fault.missing == 0 ? List.of("ann", "bob", "cid") : List.of("ann", "cid"));
    }

    /** NODE_DIES_DURING_FETCH: it has said goodbye. */
    @Test
    void nodeThatLeavesIsNotWaitedFor() {
        inject(Fault.LOSE_RESPONSE);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(found).isNotDone();
        b.adapter.close();
        io.settle();
        assertThat(now(found).missing()).isEqualTo(1);
        assertThat(now(found).received()).hasSize(2);
        forget("b");
    }

    /** NODE_DIES_DURING_FETCH: it has been killed. */
    @Test
    void nodeThatIsFoundDeadIsNotWaitedFor() {
        io.kill("b");
        io.advance(Duration.ofSeconds(4));
        Duration long20 = Duration.ofSeconds(20);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, long20);
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), ALL, long20);
        io.settle();
        ann.acknowledge("q", 1);
        cid.acknowledge("q", 1);
        io.advance(Duration.ofSeconds(5));
        assertThat(found).isNotDone();
        io.advance(Duration.ofSeconds(2));
        assertThat(now(found).missing()).isEqualTo(1);
        assertThat(now(acks).missingNodes()).isEqualTo(1);
        assertThat(now(acks).received()).hasSize(2);
        assertThat(now(a.adapter.serverCount())).isEqualTo(2);
        found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(now(found).missing()).isZero();
        io.expectLogged(gone("b-0"), gone("b-0"));
    }

    @Test
    void acknowledgementsOfANodeThatDiesAreMissingAtOnce() {
        TestNode.Client bea = b.client("bea");
        CompletableFuture<AckAnswers> acks = a.adapter.broadcastWithAck(event("q"), ALL, Duration.ofMinutes(1));
        io.settle();
        ann.acknowledge("q", 1);
        cid.acknowledge("q", 1);
        bea.acknowledge("q", 1);
        io.settle();
        b.adapter.close();
        io.settle();
        assertThat(now(acks).missing()).isEqualTo(1);
        assertThat(now(acks).missingNodes()).isZero();
        assertThat(now(acks).received()).hasSize(3);
        bea.leave();
        forget("b");
    }

    /** The broker counts it for as long as its connection stands. */
    @Test
    void nodeThatHangsIsNotWaitedForOnceItIsFoundDead() {
        io.advance(Duration.ofSeconds(6));
        io.cluster.hang("b");
        io.advance(Duration.ofSeconds(11));
        io.expectLogged(gone("b-0"), gone("a-0"), gone("c-0"), gone("b-0"));
        assertThat(now(a.adapter.serverCount())).isEqualTo(2);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(now(found).missing()).isZero();
        io.cluster.heal("b");
        io.advance(Duration.ofSeconds(6));
        assertThat(now(a.adapter.serverCount())).isEqualTo(3);
        found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(now(found).received()).hasSize(3);
    }

    @Test
    void foreignNodeIsWaitedForThoughItSendsNoHeartbeat() {
        List<ClusterMessage> heard = new ArrayList<>();
        ClusterDriver foreign = io.cluster.node("node.js").connect("/", new Ear(heard));
        io.settle();
        assertThat(now(a.adapter.serverCount())).isEqualTo(4);
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(found).isNotDone();
        ClusterMessage.FetchSockets question = (ClusterMessage.FetchSockets) heard.get(heard.size() - 1);
        foreign.respond("a-0", new ClusterMessage.FetchSocketsResponse(question.requestId(), List.of()));
        foreign.respond("a-0", new ClusterMessage.FetchSocketsResponse(question.requestId(), List.of()));
        io.settle();
        assertThat(now(found).missing()).isZero();
        assertThat(a.adapter.clusterStats().nodes()).isEqualTo(2);
        // a peer that dies is told apart from it
        io.advance(Duration.ofSeconds(6));
        io.kill("b");
        io.advance(Duration.ofSeconds(11));
        io.discardLog();
        assertThat(now(a.adapter.serverCount())).isEqualTo(3);
        found = a.adapter.fetchSockets(ALL, Duration.ofSeconds(1));
        io.advance(Duration.ofSeconds(1));
        assertThat(now(found).missing()).isEqualTo(1);
    }

    @Test
    void socketsOfForeignNodesAreFetchedToBeCounted() {
        List<ClusterMessage> heard = new ArrayList<>();
        ClusterDriver foreign = io.cluster.node("node.js").connect("/", new Ear(heard));
        CompletableFuture<NodeAnswers<Integer>> count = a.adapter.countSockets(ALL, TIMEOUT);
        io.settle();
        ClusterMessage.FetchSockets question = (ClusterMessage.FetchSockets) heard.get(heard.size() - 1);
        foreign.respond(
                "a-0",
                new ClusterMessage.FetchSocketsResponse(
                        question.requestId(), new TestNode(io, "x").views("dan", "eve")));
        io.settle();
        assertThat(now(count).received()).containsExactly(5);
        assertThat(now(count).missing()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void countSockets(Fault fault) {
        inject(fault);
        CompletableFuture<NodeAnswers<Integer>> count = a.adapter.countSockets(ALL, TIMEOUT);
        wait(fault, count);
        assertThat(now(count).missing()).isEqualTo(fault.missing);
        assertThat(now(count).received()).hasSize(3 - fault.missing).containsOnly(1);
    }

    @Test
    void answersOfForeignNodesNeedNotSayWhoseTheyAre() {
        List<ClusterMessage> heard = new ArrayList<>();
        ClusterDriver.Receiver[] toA = new ClusterDriver.Receiver[1];
        TestNode d = new TestNode(io, "d");
        ClusterDriver.Factory drivers = io.cluster.node("d");
        io.nodes.put("d", d);
        d.adapter = ClusterAdapter.factory((namespace, receiver) -> {
                    toA[0] = receiver;
                    return drivers.connect(namespace, receiver);
                })
                .create(d);
        io.cluster.node("node.js").connect("/", new Ear(heard));
        io.settle();
        CompletableFuture<AckAnswers> acks = d.adapter.broadcastWithAck(event("q"), to("nobody"), TIMEOUT);
        io.settle();
        String id =
                ((ClusterMessage.Broadcast) heard.get(heard.size() - 1)).acks().requestId();
        toA[0].received("", new ClusterMessage.BroadcastAck(id, null, Arguments.of("early")));
        toA[0].received("", new ClusterMessage.BroadcastClientCount(id, 2));
        assertThat(acks).isNotDone();
        toA[0].received("", new ClusterMessage.BroadcastAck(id, null, Arguments.of("late")));
        assertThat(now(acks).received()).hasSize(2).allMatch(answer -> answer.socketId() == null);
        assertThat(now(acks).missing() + now(acks).missingNodes()).isZero();
    }

    @Test
    void nodeIsConnectedOnceItsWayToTheOthersStands() {
        TestNode late = new TestNode(io, "late");
        io.nodes.put("late", late);
        late.adapter = ClusterAdapter.factory(io.cluster.node("late")).create(late);
        assertThat(late.adapter.clusterStats().connected()).isFalse();
        io.settle();
        assertThat(late.adapter.clusterStats().connected()).isTrue();
    }

    /** PARTITION */
    @Test
    void partitionedNodeServesItsOwnClientsAndSaysSo() {
        io.cluster.partition("b");
        io.settle();
        io.expectLogged(BROKEN);
        assertThat(b.adapter.clusterStats().connected()).isFalse();
        assertThat(b.adapter.broadcast(event("x"), ALL)).isFalse();
        assertThat(b.adapter.serverSideEmit("x", Arguments.of())).isFalse();
        b.adapter.socketsJoin(ALL, List.of("red"));
        io.settle();
        assertThat(bob.take()).containsExactly("x[]");
        assertThat(b.adapter.rooms("bob")).contains("red");
        assertThat(ann.take()).isEmpty();
        NodeAnswers<SocketView> found = now(b.adapter.fetchSockets(ALL, TIMEOUT));
        assertThat(found.missing()).isEqualTo(2);
        assertThat(found.received()).hasSize(1);
        CompletableFuture<AckAnswers> acks = b.adapter.broadcastWithAck(event("q"), ALL, TIMEOUT);
        bob.acknowledge("q", 1);
        assertThat(now(acks).missingNodes()).isEqualTo(2);
        assertThat(now(acks).received()).hasSize(1);
        assertThat(now(b.adapter.serverCount())).isEqualTo(3); // as far as it knows
        assertThat(b.adapter.clusterStats().refused()).isEqualTo(5);
        io.expectLogged(
                "WARN messages to other nodes are refused, because too many wait already; what is refused is counted");

        io.cluster.heal("b");
        io.settle();
        io.expectLogged("INFO the way to the other nodes stands again; 5 messages to them were refused meanwhile");
        assertThat(b.adapter.broadcast(event("y"), ALL)).isTrue();
        io.settle();
        assertThat(ann.take()).containsExactly("y[]");
    }

    @Test
    void nodesForgetThePartitionedOneAndFindItAgain() {
        io.cluster.partition("b");
        io.advance(Duration.ofSeconds(11));
        assertThat(now(a.adapter.serverCount())).isEqualTo(2);
        assertThat(now(b.adapter.serverCount())).isEqualTo(1);
        io.discardLog();
        io.cluster.heal("b");
        io.settle();
        assertThat(now(a.adapter.serverCount())).isEqualTo(3);
        assertThat(now(b.adapter.serverCount())).isEqualTo(3);
        io.discardLog();
    }

    @Test
    void lateAndForeignAnswersAreHarmless() {
        TestNode d = io.node("d");
        ClusterDriver foreign = io.cluster.node("stranger").connect("/", new Ear(new ArrayList<>()));
        CompletableFuture<NodeAnswers<SocketView>> found = d.adapter.fetchSockets(ALL, TIMEOUT);
        for (String id : List.of("", "unknown")) {
            foreign.respond("d-0", new ClusterMessage.FetchSocketsResponse(id, List.of()));
            foreign.respond("d-0", new ClusterMessage.BroadcastClientCount(id, -1));
            foreign.respond("d-0", new ClusterMessage.BroadcastAck(id, null, Arguments.of()));
            foreign.respond("d-0", new ClusterMessage.ServerSideEmitResponse(id, Arguments.of()));
        }
        foreign.publish(new ClusterMessage.Broadcast(
                event("q"), to("ann"), new ClusterMessage.AckRequest("x", Duration.ofSeconds(-1))));
        foreign.close();
        io.advance(TIMEOUT);
        assertThat(now(found).received()).hasSize(3);
        assertThat(now(found).missing()).isEqualTo(1);
        assertThat(ann.take()).containsExactly("q[]");
        assertThat(d.adapter.clusterStats().failed()).isZero();
    }

    @Test
    void answerOfTheWrongKindIsIgnored() {
        List<ClusterMessage> heard = new ArrayList<>();
        ClusterDriver foreign = io.cluster.node("node.js").connect("/", new Ear(heard));
        CompletableFuture<NodeAnswers<SocketView>> found = a.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        String id = ((ClusterMessage.FetchSockets) heard.get(heard.size() - 1)).requestId();
        foreign.respond("a-0", new ClusterMessage.ServerSideEmitResponse(id, Arguments.of("no sockets")));
        foreign.respond("a-0", new ClusterMessage.BroadcastClientCount(id, 3));
        io.advance(TIMEOUT);
        assertThat(now(found).missing()).isEqualTo(1);
        assertThat(now(found).received()).hasSize(3);
    }

    @Test
    void pendingQuestionsAreBounded() {
        TestNode d = io.node("d", ClusterSettings.builder().maxRequests(2).build());
        List<CompletableFuture<NodeAnswers<Arguments>>> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            asked.add(d.adapter.serverSideEmitWithAck("ask", Arguments.of(), TIMEOUT));
        }
        assertThat(now(asked.get(2)).missing()).isEqualTo(3);
        assertThat(d.adapter.clusterStats().pendingRequests()).isEqualTo(2);
        io.advance(TIMEOUT);
        assertThat(now(asked.get(0)).missing()).isEqualTo(1); // node a does not answer
    }

    @Test
    void nodeThatStoodStillDoesNotTakeOthersForDead() {
        io.standStill("a", Duration.ofSeconds(30));
        assertThat(a.adapter.clusterStats().nodes()).isEqualTo(2);
        io.discardLog(); // the others have missed it
    }

    @Test
    void driverThatFailsToCountIsAsGoodAsOneThatDoesNotKnow() {
        TestNode d = new TestNode(io, "d");
        io.nodes.put("d", d);
        ClusterDriver.Factory drivers = io.cluster.node("d");
        d.adapter = ClusterAdapter.factory(
                        (namespace, receiver) -> new Uncounting(drivers.connect(namespace, receiver)))
                .create(d);
        io.settle();
        CompletableFuture<NodeAnswers<SocketView>> found = d.adapter.fetchSockets(ALL, TIMEOUT);
        io.settle();
        assertThat(now(found).received()).hasSize(3);
        assertThat(now(d.adapter.serverCount())).isEqualTo(4);
    }

    private void forget(String name) {
        TestNode node = io.nodes.remove(name);
        List.copyOf(node.clients.values()).forEach(TestNode.Client::leave);
    }

    private static String gone(String uid) {
        return "INFO namespace /: nothing is heard of node " + uid + " any more";
    }

    /** Keeps what arrives. */
    private record Ear(List<ClusterMessage> heard) implements ClusterDriver.Receiver {
        @Override
        public void received(String uid, ClusterMessage message) {
            heard.add(message);
        }

        @Override
        public void disconnected() {}

        @Override
        public void connected() {}
    }
}
