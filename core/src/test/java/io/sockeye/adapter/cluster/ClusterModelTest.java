package io.sockeye.adapter.cluster;

import static io.sockeye.adapter.cluster.ClusterFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.RoomMember;
import io.sockeye.adapter.RoomWatch;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations of several nodes against what each client must have seen, what it may have seen, and what it must not. */
final class ClusterModelTest {
    private static final List<String> ROOMS = List.of("red", "blue", "5");
    private static final int STEPS = 1_200;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @RegisterExtension
    final ClusterFixture io = new ClusterFixture();

    private final Map<String, TestNode.Client> clients = new TreeMap<>();
    private final Map<String, Set<String>> rooms = new TreeMap<>();
    private int nextClient;

    private TestNode anyNode(Random random) {
        return List.copyOf(io.nodes.values()).get(random.nextInt(io.nodes.size()));
    }

    private void newClient(Random random) {
        String id = "c" + nextClient++;
        clients.put(id, anyNode(random).client(id));
        rooms.put(id, new TreeSet<>());
    }

    private boolean isNamed(String id, BroadcastOptions options) {
        Set<String> in = new HashSet<>(rooms.get(id));
        in.add(id);
        return (options.rooms().isEmpty() || options.rooms().stream().anyMatch(in::contains))
                && options.except().stream().noneMatch(in::contains);
    }

    private BroadcastOptions anybody(Random random) {
        BroadcastOptions options = BroadcastOptions.DEFAULT;
        for (String room : ROOMS) {
            int kind = random.nextInt(5);
            options = kind == 0 ? options.to(Set.of(room)) : kind == 1 ? options.except(Set.of(room)) : options;
        }
        if (random.nextInt(6) == 0 && !clients.isEmpty()) {
            options = options.to(Set.of(List.copyOf(clients.keySet()).get(random.nextInt(clients.size()))));
        }
        return options;
    }

    private Set<String> named(BroadcastOptions options) {
        Set<String> ids = new TreeSet<>();
        clients.keySet().stream().filter(id -> isNamed(id, options)).forEach(ids::add);
        return ids;
    }

    /** With a way that works, everything that was promised has come when the messages have, in order, once, and nothing else. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyPromiseIsKeptWhileNothingFails(long seed) {
        Random random = new Random(seed);
        for (String name : List.of("a", "b", "c", "d")) {
            io.node(name).answer = name;
        }
        io.cluster.chance(seed, 0, 0, Duration.ofMillis(50));
        Map<String, List<String>> owed = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            newClient(random);
        }
        for (int step = 0; step < STEPS; step++) {
            TestNode node = anyNode(random);
            BroadcastOptions options = anybody(random);
            String name = "e" + step;
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    assertThat(node.adapter.broadcast(event(name), options)).isTrue();
                    named(options)
                            .forEach(id -> owed.computeIfAbsent(id, key -> new ArrayList<>())
                                    .add(name + "[]"));
                }
                case 3 -> {
                    arrive(); // who receives a broadcast is decided where and when it arrives
                    String room = ROOMS.get(random.nextInt(ROOMS.size()));
                    Set<String> who = named(options);
                    if (random.nextBoolean()) {
                        node.adapter.socketsJoin(options, List.of(room));
                        who.forEach(id -> rooms.get(id).add(room));
                    } else {
                        node.adapter.socketsLeave(options, List.of(room));
                        who.forEach(id -> rooms.get(id).remove(room));
                    }
                    arrive();
                }
                case 4 -> fetch(node, options);
                case 5 -> askClients(node, options, name, owed);
                case 6 -> askServers(node, name);
                case 7 -> {
                    if (random.nextInt(4) == 0) {
                        disconnect(node, options.to(Set.of("nobody")), owed);
                    } else {
                        arrive();
                        newClient(random);
                    }
                }
                default -> io.advance(Duration.ofMillis(random.nextInt(100)));
            }
            if (random.nextInt(3) == 0) {
                arrive(); // else several broadcasts of several nodes are under way, in any order
                check(owed);
            }
        }
        arrive();
        check(owed);
        long refused = io.nodes.values().stream()
                .mapToLong(node -> node.adapter.clusterStats().refused())
                .sum();
        assertThat(refused).isZero();
    }

    private void arrive() {
        io.advance(Duration.ofMillis(120));
    }

    private void check(Map<String, List<String>> owed) {
        clients.forEach((id, client) -> assertThat(client.take())
                .as("what %s got", id)
                .containsExactlyInAnyOrderElementsOf(owed.getOrDefault(id, List.of())));
        owed.clear();
    }

    private void fetch(TestNode node, BroadcastOptions options) {
        CompletableFuture<NodeAnswers<SocketView>> found = node.adapter.fetchSockets(options, TIMEOUT);
        CompletableFuture<NodeAnswers<Integer>> count = node.adapter.countSockets(options, TIMEOUT);
        arrive();
        assertThat(ClusterFixture.now(found).missing()).isZero();
        assertThat(found.join().received())
                .extracting(SocketView::id)
                .containsExactlyInAnyOrderElementsOf(named(options));
        assertThat(ClusterFixture.now(count).received().stream()
                        .mapToInt(n -> n)
                        .sum())
                .isEqualTo(named(options).size());
    }

    private void askClients(TestNode node, BroadcastOptions options, String name, Map<String, List<String>> owed) {
        CompletableFuture<AckAnswers> acks = node.adapter.broadcastWithAck(event(name), options, TIMEOUT);
        arrive();
        for (String id : named(options)) {
            owed.computeIfAbsent(id, key -> new ArrayList<>()).add(name + "[]");
            clients.get(id).acknowledge(name, id);
        }
        arrive();
        assertThat(ClusterFixture.now(acks).missing() + acks.join().missingNodes())
                .isZero();
        assertThat(acks.join().received())
                .extracting(AckAnswers.Answer::socketId)
                .containsExactlyInAnyOrderElementsOf(named(options));
    }

    private void askServers(TestNode node, String name) {
        CompletableFuture<NodeAnswers<Arguments>> answers =
                node.adapter.serverSideEmitWithAck(name, Arguments.of(), TIMEOUT);
        arrive();
        List<String> others = io.nodes.keySet().stream()
                .filter(other -> !other.equals(node.name))
                .map(other -> "[\"" + other + "\"]")
                .toList();
        assertThat(ClusterFixture.now(answers).received())
                .extracting(Arguments::toString)
                .containsExactlyInAnyOrderElementsOf(others);
    }

    private void disconnect(TestNode node, BroadcastOptions options, Map<String, List<String>> owed) {
        arrive();
        check(owed);
        Set<String> who = named(options);
        node.adapter.disconnectSockets(options, false);
        arrive();
        for (String id : who) {
            assertThat(clients.remove(id).take()).containsExactly("disconnected");
            rooms.remove(id);
        }
    }

    /** With a way that loses and delays, and nodes that are cut off and killed, nothing comes twice, nothing comes that is not meant. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothingExcludedHappensWhateverFails(long seed) {
        Random random = new Random(seed);
        int nextNode = 0;
        for (; nextNode < 4; nextNode++) {
            io.node("n" + nextNode).answer = "yes";
        }
        io.cluster.chance(seed, 0.05, 0, Duration.ofMillis(300));
        for (int i = 0; i < 10; i++) {
            newClient(random);
            String room = ROOMS.get(i % ROOMS.size());
            String id = "c" + i;
            clients.get(id).join(room);
            rooms.get(id).add(room);
        }
        Map<String, BroadcastOptions> sent = new HashMap<>();
        Map<CompletableFuture<NodeAnswers<SocketView>>, TestNode> asked = new LinkedHashMap<>();
        Map<CompletableFuture<AckAnswers>, TestNode> acks = new LinkedHashMap<>();
        for (int step = 0; step < STEPS / 2; step++) {
            TestNode node = anyNode(random);
            String name = "e" + step;
            BroadcastOptions options = anybody(random);
            switch (random.nextInt(16)) {
                case 0 -> io.cluster.partition(node.name);
                case 1 -> io.cluster.hang(node.name);
                case 2, 3, 4 -> io.cluster.heal(node.name);
                case 5 -> {
                    if (random.nextInt(10) == 0) {
                        new ArrayList<>(node.clients.keySet()).forEach(clients::remove);
                        asked.values().removeIf(node::equals);
                        acks.values().removeIf(node::equals);
                        io.kill(node.name);
                        io.node("n" + nextNode++).answer = "yes";
                    }
                }
                case 6, 7 -> asked.put(node.adapter.fetchSockets(options, TIMEOUT), node);
                case 8 -> {
                    sent.put(name + "[]", options);
                    acks.put(node.adapter.broadcastWithAck(event(name), options, TIMEOUT), node);
                }
                case 9, 10 -> io.advance(Duration.ofMillis(random.nextInt(2_000)));
                default -> {
                    sent.put(name + "[]", options);
                    node.adapter.broadcast(event(name), options);
                }
            }
        }
        io.nodes.keySet().forEach(io.cluster::heal);
        io.cluster.chance(seed, 0, 0, Duration.ZERO);
        io.advance(Duration.ofSeconds(12));
        assertThat(asked.keySet()).isNotEmpty().allMatch(CompletableFuture::isDone);
        assertThat(acks.keySet()).isNotEmpty().allMatch(CompletableFuture::isDone);
        for (CompletableFuture<NodeAnswers<SocketView>> each : asked.keySet()) {
            assertThat(each.join().received()).extracting(SocketView::id).doesNotHaveDuplicates();
        }
        clients.forEach((id, client) -> {
            List<String> got = client.take();
            assertThat(got).doesNotHaveDuplicates();
            assertThat(got).allMatch(name -> isNamed(id, sent.get(name)));
        });
        for (TestNode node : io.nodes.values()) {
            CompletableFuture<NodeAnswers<SocketView>> found =
                    node.adapter.fetchSockets(BroadcastOptions.DEFAULT, TIMEOUT);
            assertThat(ClusterFixture.now(node.adapter.serverCount())).isEqualTo(4);
            io.settle();
            assertThat(ClusterFixture.now(found).missing()).isZero();
            assertThat(found.join().received()).hasSize(clients.size());
            assertThat(node.adapter.clusterStats().failed()).isZero();
        }
        io.discardLog();
    }

    /** Whatever was lost, two heartbeats after the last failure every watcher knows who is there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyWatcherKnowsWhoIsThereInTheEnd(long seed) {
        Random random = new Random(seed);
        int nextNode = 0;
        for (; nextNode < 3; nextNode++) {
            io.node("n" + nextNode);
        }
        Map<TestNode, Map<String, Seen>> watching = new HashMap<>();
        for (int round = 0; round < 6; round++) {
            io.cluster.chance(seed + round, 0.2, 0.2, Duration.ofMillis(300));
            for (int step = 0; step < 60; step++) {
                TestNode node = anyNode(random);
                String room = ROOMS.get(random.nextInt(ROOMS.size()));
                switch (random.nextInt(12)) {
                    case 0 ->
                        watching.computeIfAbsent(node, n -> new HashMap<>())
                                .computeIfAbsent(room, r -> new Seen(node, r));
                    case 1 -> {
                        Seen seen = watching.getOrDefault(node, Map.of()).get(room);
                        if (seen != null && random.nextInt(3) == 0) {
                            seen.watch.close();
                            watching.get(node).remove(room);
                        }
                    }
                    case 2 -> newClient(random);
                    case 3 -> io.advance(Duration.ofMillis(random.nextInt(500)));
                    case 4 -> disturb(node, random);
                    case 5 -> {
                        if (random.nextInt(15) == 0) {
                            new ArrayList<>(node.clients.keySet()).forEach(clients::remove);
                            watching.remove(node);
                            io.kill(node.name);
                            io.node("n" + nextNode++);
                        }
                    }
                    default -> comeOrGo(room, random);
                }
            }
            io.nodes.keySet().forEach(io.cluster::heal);
            io.cluster.chance(seed, 0, 0, Duration.ZERO);
            io.advance(Duration.ofSeconds(16));
            for (Map<String, Seen> byRoom : watching.values()) {
                byRoom.values().forEach(this::check);
            }
        }
        watching.values().forEach(byRoom -> byRoom.values().forEach(seen -> seen.watch.close()));
        io.advance(Duration.ofSeconds(16)); // everybody has been told
        List<ClusterMessage> crossed = io.crossed();
        clients.values().forEach(client -> client.join("red", "blue", "5"));
        io.advance(Duration.ofSeconds(6));
        assertThat(crossed).isNotEmpty().allMatch(message -> message instanceof ClusterMessage.Heartbeat);
        io.discardLog();
    }

    private void disturb(TestNode node, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> io.cluster.partition(node.name);
            case 1 -> io.cluster.hang(node.name);
            default -> io.cluster.heal(node.name);
        }
    }

    private void comeOrGo(String room, Random random) {
        if (clients.isEmpty()) {
            newClient(random);
        }
        String id = List.copyOf(clients.keySet()).get(random.nextInt(clients.size()));
        TestNode.Client client = clients.get(id);
        if (random.nextInt(10) == 0) {
            client.leave();
            clients.remove(id);
        } else if (random.nextBoolean()) {
            client.node().adapter.join(id, List.of(room));
        } else {
            client.node().adapter.leave(id, room);
        }
    }

    private void check(Seen seen) {
        Set<String> there = new TreeSet<>();
        clients.forEach((id, client) -> {
            if (client.node().adapter.rooms(id).contains(seen.room)) {
                there.add(id);
            }
        });
        assertThat(seen.watch.members()).extracting(RoomMember::socketId).containsExactlyInAnyOrderElementsOf(there);
        assertThat(seen.told).isEqualTo(there);
        assertThat(seen.watch.missingNodes()).isZero();
    }

    /** A watch, and who is there by what its listener was told. */
    private static final class Seen implements RoomWatch.Listener {
        final String room;
        final Set<String> told = new TreeSet<>();
        final RoomWatch watch;

        Seen(TestNode node, String room) {
            this.room = room;
            this.watch = node.adapter.watchRoom(room, this);
        }

        @Override
        public void joined(RoomMember member) {
            assertThat(told.add(member.socketId())).isTrue();
        }

        @Override
        public void left(RoomMember member) {
            assertThat(told.remove(member.socketId())).isTrue();
        }
    }
}
