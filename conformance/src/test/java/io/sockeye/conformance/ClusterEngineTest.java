package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import io.socket.client.SocketOptionBuilder;
import io.sockeye.SocketIoServer;
import io.sockeye.http.ClusterEngine;
import io.sockeye.http.ForwarderStats;
import io.sockeye.http.NodeDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real clients of three nodes behind a load balancer that sends each request to another one. */
class ClusterEngineTest {
    private static final int NODES = 3;
    private static final int MESSAGES = 300;
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Where it matters how requests come; the clients of the last two also talk to those of other nodes. */
    private static final List<String> SUITES = List.of("upgrade", "limits", "jsonp", "order", "acks");

    private static final List<String> SUITES_OF_RELEASE_2 = List.of("events", "upgrade");

    private final List<SocketIoServer> nodes = new ArrayList<>();
    private final Map<String, SocketIoServer> owners = new ConcurrentHashMap<>();
    private RoundRobin balancer;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.NPM.install();
    }

    @BeforeEach
    void start() {
        ClusterEngine engine = ClusterEngine.of(NodeDirectory.inProcess());
        for (int i = 0; i < NODES; i++) {
            SocketIoServer node = SocketIoServer.builder()
                    .port(0)
                    .http(http -> http.host("127.0.0.1").eventLoopThreads(2))
                    .clusterEngine(engine)
                    .build();
            node.onConnection(socket -> {
                owners.put(socket.id(), node);
                socket.on("echo", event -> socket.emit("echo", event.args().toArray()));
            });
            nodes.add(node.start());
        }
        balancer = RoundRobin.start(0, nodes.stream().map(SocketIoServer::port).toList());
    }

    @AfterEach
    void stop() {
        balancer.close();
        nodes.forEach(SocketIoServer::close);
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.forwarderStats().connections())
                    .as("connections left")
                    .isZero();
            assertThat(node.engine().sessions()).as("sessions left").isZero();
        });
    }

    private JavaClient connect(Way way) {
        JavaClient client = JavaClient.open(
                URI.create("http://127.0.0.1:" + balancer.port()),
                "/",
                SocketOptionBuilder.builder()
                        .setTransports(way.transports())
                        .setReconnection(true)
                        .setReconnectionDelay(20)
                        .setReconnectionDelayMax(100));
        client.next("connect");
        return client;
    }

    private ForwarderStats all() {
        return nodes.stream()
                .map(SocketIoServer::forwarderStats)
                .reduce(
                        new ForwarderStats(0, 0, 0, 0),
                        (a, b) -> new ForwarderStats(
                                a.requests() + b.requests(),
                                a.upgrades() + b.upgrades(),
                                a.failed() + b.failed(),
                                a.connections() + b.connections()));
    }

    /** The owner of a client's session, once its connection handler has run. */
    private SocketIoServer owner(JavaClient client) {
        await().atMost(SOON).until(() -> owners.containsKey(client.id()));
        return owners.get(client.id());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void messagesGoBothWaysInOrder(Way way) {
        List<JavaClient> clients =
                Stream.generate(() -> connect(way)).limit(NODES).toList();
        List<List<Object>> sent = IntStream.range(0, MESSAGES)
                .mapToObj(i -> List.<Object>of(i, "x".repeat(i * 7 % 1000)))
                .toList();
        for (List<Object> args : sent) {
            clients.forEach(client -> client.send("echo", args.toArray()));
        }
        for (JavaClient client : clients) {
            assertThat(client.nextOf("echo", MESSAGES)).isEqualTo(sent);
            assertThat(client.waiting("echo")).isZero();
        }
        if (way == Way.WEBSOCKET) {
            assertThat(all()).isEqualTo(new ForwarderStats(0, 0, 0, 0));
        } else {
            assertThat(all().requests()).isGreaterThan(NODES);
        }
        clients.forEach(JavaClient::close);
        await().atMost(SOON)
                .until(() -> nodes.stream().allMatch(node -> node.engine().sessions() == 0));
        assertThat(all().failed()).isZero();
    }

    @Test
    void upgradeThatComesToAnotherNodeSucceeds() {
        for (int i = 0; all().upgrades() == 0; i++) {
            assertThat(i).as("clients without an upgrade at another node").isLessThan(50);
            JavaClient client = connect(Way.UPGRADE);
            SocketIoServer owner = owner(client);
            await().atMost(SOON).until(() -> owner.engine().stats().upgraded() > 0);
            client.send("echo", i);
            assertThat(client.next("echo")).isEqualTo(List.of(i));
            client.close();
            await().atMost(SOON).until(() -> owner.engine().sessions() == 0);
        }
        assertThat(all().failed()).isZero();
    }

    @Test
    void clientWhoseNodeDiesConnectsToAnother() {
        try (JavaClient client = connect(Way.POLLING)) {
            SocketIoServer owner = owner(client);
            client.send("echo", "before");
            client.next("echo");
            owner.close(Duration.ZERO);
            client.next("disconnect");
            client.next("connect");
            assertThat(owner(client)).isNotSameAs(owner);
            client.forget("connect_error");
            client.send("echo", "after");
            assertThat(client.next("echo")).isEqualTo(List.of("after"));
        }
    }

    /** Each test of some files with the official JavaScript client, in Node.js and in Chromium. */
    @TestFactory
    Stream<DynamicContainer> suites() {
        Map<String, List<String>> byRelease = Map.of("", SUITES, "2.5", SUITES_OF_RELEASE_2);
        return byRelease.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(file -> suite(file, entry.getKey())));
    }

    private static DynamicContainer suite(String file, String release) {
        Map<String, String> environment = new HashMap<>(ClientFolder.environment());
        environment.put("SOCKEYE_FIXTURE", "[\"../cluster-fixture\"]");
        environment.put("SOCKEYE_CLIENT", release);
        String name = ("cluster " + file + " " + release).strip();
        List<String> arguments = List.of(
                "--test-reporter=./lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                "test/" + file + ".test.mjs");
        return dynamicContainer(name, new NodeRun(ClientFolder.NPM, name, arguments, 180, environment).tests());
    }
}
