package io.sockeye.adapter.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.RoomMember;
import io.sockeye.adapter.RoomWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is in a room, on every node. */
final class ClusterPresenceTest {
    @RegisterExtension
    final ClusterFixture io = new ClusterFixture();

    private final List<String> told = new ArrayList<>();
    private TestNode a;
    private TestNode b;

    private final RoomWatch.Listener listener = new RoomWatch.Listener() {
        @Override
        public void joined(RoomMember member) {
            told.add("+" + member.socketId() + (member.userId() == null ? "" : " " + member.userId()));
        }

        @Override
        public void left(RoomMember member) {
            told.add("-" + member.socketId() + (member.userId() == null ? "" : " " + member.userId()));
        }
    };

    @BeforeEach
    void twoNodes() {
        a = io.node("a");
        b = io.node("b");
        a.client("ann").join("@user:ann", "red");
        b.client("bob").join("@user:bob", "red");
        b.client("bea");
    }

    @Test
    void membersOfEveryNodeAreKnownWithTheirUsers() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        assertThat(watch.members()).containsExactly(new RoomMember("ann", "ann"));
        assertThat(watch.missingNodes()).isEqualTo(1);
        io.settle();
        assertThat(watch.missingNodes()).isZero();
        assertThat(watch.members())
                .containsExactlyInAnyOrder(new RoomMember("ann", "ann"), new RoomMember("bob", "bob"));
        expectTold("+ann ann", "+bob bob");
        b.adapter.join("bea", List.of("red", "blue"));
        b.adapter.leave("bob", "red");
        io.settle();
        expectTold("+bea", "-bob bob");
        b.clients.get("bea").leave();
        io.settle();
        expectTold("-bea");
        watch.close();
        assertThat(watch.members()).isEmpty();
    }

    @Test
    void nodeThatLeavesTakesItsSocketsWithIt() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        b.adapter.close();
        io.settle();
        expectTold("+ann ann", "+bob bob", "-bob bob");
        watch.close();
        io.nodes.remove("b");
    }

    @Test
    void socketsOfANodeThatIsKilledLeaveWhenItIsFoundDead() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        io.kill("b");
        io.advance(Duration.ofSeconds(8));
        expectTold("+ann ann", "+bob bob");
        io.advance(Duration.ofSeconds(3));
        expectTold("-bob bob");
        io.discardLog();
        watch.close();
    }

    @Test
    void partitionedNodesSeeEachOthersSocketsLeaveAndReturn() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        io.cluster.partition("b");
        io.advance(Duration.ofSeconds(11));
        expectTold("+ann ann", "+bob bob", "-bob bob");
        b.adapter.join("bea", List.of("red"));
        io.cluster.heal("b");
        io.settle();
        assertThat(told).containsExactlyInAnyOrder("+bob bob", "+bea");
        told.clear();
        io.discardLog();
        watch.close();
    }

    @Test
    void nodeThatComesLaterIsAsked() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        TestNode c = io.node("c");
        c.client("cid").join("red");
        io.settle();
        expectTold("+ann ann", "+bob bob", "+cid");
        watch.close();
    }

    /** LOSE_CHANGE */
    @Test
    void changeThatIsLostIsNoticedWithTheNextOne() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        told.clear();
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.LOST);
        b.adapter.join("bea", List.of("red"));
        io.settle();
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.ARRIVES);
        b.adapter.leave("bob", "red");
        io.settle();
        assertThat(told).containsExactlyInAnyOrder("+bea", "-bob bob");
        told.clear();
        watch.close();
    }

    /** LOSE_CHANGE, LOSE_WATCH */
    @Test
    void whatIsLostIsMadeGoodWithTheNextHeartbeat() {
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.LOST);
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        io.settle();
        expectTold("+ann ann");
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.ARRIVES);
        io.advance(Duration.ofSeconds(5));
        expectTold("+bob bob");
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.LOST);
        b.adapter.leave("bob", "red");
        io.settle();
        io.cluster.rule((from, to, message) -> InProcessCluster.Fate.ARRIVES);
        io.advance(Duration.ofSeconds(5));
        expectTold("-bob bob");
        watch.close();
    }

    @Test
    void roomsThatNobodyWatchesCostNothing() {
        RoomWatch watch = a.adapter.watchRoom("red", listener);
        RoomWatch second = a.adapter.watchRoom("red", listener);
        io.settle();
        watch.close();
        watch.close();
        b.adapter.join("bea", List.of("red"));
        io.settle();
        assertThat(told).endsWith("+bea"); // the second one
        second.close();
        io.advance(Duration.ofSeconds(6));
        told.clear();
        List<ClusterMessage> crossed = io.crossed();
        b.adapter.leave("bea", "red");
        b.adapter.join("bea", List.of("blue"));
        io.advance(Duration.ofSeconds(6));
        assertThat(crossed).isNotEmpty().allMatch(message -> message instanceof ClusterMessage.Heartbeat);
        expectTold();
    }

    private void expectTold(String... events) {
        assertThat(told).containsExactly(events);
        told.clear();
    }
}
