package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sockeye.Acknowledgements;
import io.sockeye.FetchedSockets;
import io.sockeye.Namespace;
import io.sockeye.RemoteSocket;
import io.sockeye.ServerAnswers;
import io.sockeye.SocketIoServer;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Two servers of Sockeye and one of Node.js in one cluster, each with a client: every operation from each kind of node. All
 * servers have two namespaces.
 */
class MixedClusterTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final String BINARY = "{\"$bin\":\"07\"}";
    private static final String OTHER = "/my-nsp";
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    private static RedisServer redis;
    private static NodePeer node;

    private final String cluster = "cluster" + CLUSTERS.incrementAndGet();
    private final String nodeServer = cluster + "-node";
    private final List<SocketIoServer> servers = new ArrayList<>();
    private final List<RedisConnection> connections = new ArrayList<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final Map<String, String> ids = new LinkedHashMap<>();

    @BeforeAll
    static void startPeers() {
        redis = RedisServer.start();
        node = NodePeer.start();
    }

    @AfterAll
    static void stopPeers() {
        node.close();
        redis.close();
    }

    @AfterEach
    void stopServers() throws Exception {
        servers.forEach(SocketIoServer::close);
        for (RedisConnection connection : connections) {
            connection.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationWorksFromEveryNode(AdapterKind kind) throws Exception {
        start(kind);
        String nodePort = node.ask(
                        "server",
                        "name",
                        nodeServer,
                        "kind",
                        kind.node(),
                        "redis",
                        redis.uri(),
                        "options",
                        kind.options(cluster),
                        "namespaces",
                        List.of("/", OTHER))
                .asString();
        client("a", servers.get(0).port() + "", "websocket");
        client("b", servers.get(1).port() + "", "polling");
        client("n", nodePort, "websocket");
        await().untilAsserted(() -> {
            assertThat(java(0).serverCount().join()).isEqualTo(3);
            assertThat(java(1).serverCount().join()).isEqualTo(3);
            assertThat(node.ask("count", "server", nodeServer, "nsp", OTHER).asInt())
                    .isEqualTo(3);
        });

        argumentsArriveAsTheyAre();
        roomsAreCheckedWhereTheSocketsAre();
        clientsAcknowledge();
        socketsAreFound();
        serversTalkToEachOther();
        emittersAreHeard(kind);
        socketsAreDisconnected();
        assertThat(node.unheard(cluster)).isEmpty();
        assertThat(asked).isEmpty();
        for (RedisConnection connection : connections) {
            assertThat(connection.stats().malformed()).isZero();
            assertThat(connection.stats().refused()).isZero();
        }
    }

    private void start(AdapterKind kind) {
        for (String name : List.of("java0", "java1")) {
            RedisConnection connection = RedisConnection.to(redis.uri());
            connections.add(connection);
            SocketIoServer io = SocketIoServer.builder()
                    .port(0)
                    .http(http -> http.host("127.0.0.1"))
                    .adapter(kind.factory(connection, cluster))
                    .build();
            for (String nsp : List.of("/", OTHER)) {
                Namespace namespace = io.of(nsp);
                namespace.onConnection(socket -> {
                    socket.data().put("via", name);
                    socket.onWithAck("join", String.class, room -> {
                        socket.join(room);
                        return null;
                    });
                });
                namespace.onServerSide("question", event -> {
                    asked.add(name + " " + nsp + " " + json(event.args()));
                    if (event.ack().requested()) {
                        event.ack()
                                .send(Map.of("from", name, "args", event.args().toArray()));
                    }
                });
            }
            io.start();
            servers.add(io);
        }
    }

    private static String json(Arguments args) {
        List<JsonNode> values = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            values.add(args.get(i, JsonNode.class));
        }
        return values.toString().replace(", ", ",");
    }

    private Namespace java(int index) {
        return servers.get(index).of(OTHER);
    }

    private void client(String name, String port, String transport) {
        String id = node.ask(
                        "client",
                        "name",
                        cluster + name,
                        "url",
                        "http://127.0.0.1:" + port + OTHER,
                        "transports",
                        List.of(transport))
                .asString();
        ids.put(name, id);
    }

    private String next(String client) {
        return node.next(cluster + client);
    }

    private Object nodeAsk(String operation, Object... settings) {
        List<Object> all = new ArrayList<>(List.of("server", nodeServer, "nsp", OTHER));
        all.addAll(List.of(settings));
        return node.ask(operation, all.toArray());
    }

    private void argumentsArriveAsTheyAre() {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("a", List.of(1, Map.of("b", "ü")));
        nested.put("", true);
        Object[] args = {
            "text", "😀 \u2028", 1.5, -7, nested, new byte[] {0, 1, -1}, List.of(Map.of("c", new byte[] {2}))
        };
        String expected = "all[\"text\",\"😀 \u2028\",1.5,-7,{\"a\":[1,{\"b\":\"ü\"}],\"\":true},{\"$bin\":\"0001ff\"},"
                + "[{\"c\":{\"$bin\":\"02\"}}]]";

        assertThat(java(0).emit("all", args)).isTrue();
        assertAllReceive(expected);
        Object[] withName = new Object[args.length + 1];
        withName[0] = "all";
        System.arraycopy(args, 0, withName, 1, args.length);
        nodeAsk("emit", "args", withName);
        assertAllReceive(expected);
        java(1).emit("none");
        assertAllReceive("none[]");
        servers.get(0).emit("of the other namespace");
    }

    private void assertAllReceive(String expected) {
        assertThat(List.of(next("a"), next("b"), next("n"))).containsOnly(expected);
    }

    private void roomsAreCheckedWhereTheSocketsAre() {
        java(0).in(ids.get("n")).socketsJoin("42", "of n"); // from Sockeye at Node.js
        nodeAsk("join", "to", List.of(ids.get("a")), "rooms", List.of("42", "of a")); // the other way
        nodeAsk("join", "to", List.of(ids.get("b")), "rooms", List.of("of b"));
        awaitRooms("a", Set.of("42", "of a"));
        awaitRooms("b", Set.of("of b"));
        awaitRooms("n", Set.of("42", "of n"));
        awaitSubscriptions();

        java(0).to("42").emit("java", 1);
        nodeAsk("emit", "to", List.of("42"), "args", List.of("node", 1));
        assertThat(twoOf("a")).containsExactlyInAnyOrder("java[1]", "node[1]");
        assertThat(twoOf("n")).containsExactlyInAnyOrder("java[1]", "node[1]");

        java(1).to("42", "of b").except("of n").emit("java", 2);
        assertThat(List.of(next("a"), next("b"))).containsOnly("java[2]");
        nodeAsk("emit", "to", List.of("42", "of b"), "except", List.of("of a"), "args", List.of("node", 2));
        assertThat(List.of(next("b"), next("n"))).containsOnly("node[2]");

        java(1).to(ids.get("n")).volatileFlag().compress(false).emit("java", 3);
        assertThat(next("n")).isEqualTo("java[3]");
        nodeAsk("emit", "to", List.of(ids.get("a")), "volatile", true, "compress", false, "args", List.of("node", 3));
        assertThat(next("a")).isEqualTo("node[3]");
        nodeAsk("emit", "to", List.of("nobody"), "args", List.of("node", 4));
        java(0).to("nobody").emit("java", 4);

        java(0).local().emit("java", 5);
        assertThat(next("a")).isEqualTo("java[5]");
        nodeAsk("emit", "local", true, "args", List.of("node", 5));
        assertThat(next("n")).isEqualTo("node[5]");

        nodeAsk("leave", "to", List.of("of a"), "rooms", List.of("of a"));
        java(1).in("of n").socketsLeave("of n");
        awaitRooms("a", Set.of("42"));
        awaitRooms("n", Set.of("42"));
    }

    private List<String> twoOf(String client) {
        return List.of(next(client), next(client));
    }

    private void awaitRooms(String client, Set<String> rooms) {
        Set<String> expected = new TreeSet<>(rooms);
        expected.add(ids.get(client));
        await().untilAsserted(() -> {
            FetchedSockets found = java(0).in(ids.get(client)).fetchSockets().join();
            assertThat(found.sockets()).hasSize(1);
            assertThat(new TreeSet<>(found.sockets().get(0).rooms())).isEqualTo(expected);
        });
    }

    /** With sharded pub/sub a node hears of a room soon after it has got a socket. */
    private void awaitSubscriptions() {
        await().untilAsserted(() -> {
            nodeAsk("emit", "to", List.of("42"), "args", List.of("warm"));
            java(1).to("42").emit("warm");
            assertThat(List.of(next("n"), next("n"))).containsOnly("warm[]");
        });
        await().untilAsserted(() -> assertThat(twoOf("a")).containsOnly("warm[]"));
    }

    private void clientsAcknowledge() {
        Acknowledgements java = java(0).timeout(Duration.ofSeconds(10))
                .emitWithAck("question", "é", new byte[] {7})
                .join();
        assertThat(java.complete()).isTrue();
        assertThat(java.as(JsonNode.class).stream().map(JsonNode::toString))
                .containsExactlyInAnyOrder(answer("a", "\"Bw==\""), answer("b", "\"Bw==\""), answer("n", "\"Bw==\""));
        assertAllReceive("question[\"é\",{\"$bin\":\"07\"}]");

        JsonNode node =
                (JsonNode) nodeAsk("emitWithAck", "timeout", 10_000, "args", List.of("question", "é", new byte[] {7}));
        List<String> answers = new ArrayList<>();
        node.forEach(each -> answers.add(each.toString()));
        assertThat(answers).containsExactlyInAnyOrder(answer("a", BINARY), answer("b", BINARY), answer("n", BINARY));
        assertAllReceive("question[\"é\",{\"$bin\":\"07\"}]");
    }

    private String answer(String client, String binary) {
        return "{\"ack\":\"" + cluster + client + "\",\"args\":[\"é\"," + binary + "]}";
    }

    private void socketsAreFound() {
        FetchedSockets java = java(0).fetchSockets().join();
        assertThat(java.complete()).isTrue();
        assertThat(java.ids()).isEqualTo(Set.copyOf(ids.values()));
        RemoteSocket ofNode = java.sockets().stream()
                .filter(socket -> socket.id().equals(ids.get("n")))
                .findFirst()
                .orElseThrow();
        assertThat(ofNode.data().get("via", String.class)).isEqualTo(nodeServer);
        assertThat(ofNode.rooms()).containsExactlyInAnyOrder(ids.get("n"), "42");

        JsonNode node = (JsonNode) nodeAsk("fetch");
        Map<String, JsonNode> found = new LinkedHashMap<>();
        node.forEach(socket -> found.put(socket.get("id").asString(), socket));
        assertThat(found.keySet()).isEqualTo(Set.copyOf(ids.values()));
        JsonNode ofJava = found.get(ids.get("b"));
        assertThat(ofJava.get("data").get("via").asString()).isEqualTo("java1");
        assertThat(ofJava.get("handshake").get("address").asString()).contains("127.0.0.1");
        assertThat(ofJava.get("rooms").toString()).contains("of b");
        node = (JsonNode) nodeAsk("fetch", "to", List.of("42"), "except", List.of(ids.get("n")));
        assertThat(node).hasSize(1);
        assertThat(java(1).in("42").countSockets().join().count()).isEqualTo(2);
    }

    private void serversTalkToEachOther() throws InterruptedException {
        assertThat(java(0).serverSideEmit("question", "é", 1)).isTrue();
        assertThat(nextAsked()).isEqualTo("java1 " + OTHER + " [\"é\",1]");
        assertThat(node.next(nodeServer)).isEqualTo(OTHER + " question[\"é\",1]");

        nodeAsk("serverSideEmit", "args", List.of("question", Map.of("a", "😀")));
        assertThat(List.of(nextAsked(), nextAsked()))
                .containsExactlyInAnyOrder(
                        "java0 " + OTHER + " [{\"a\":\"😀\"}]", "java1 " + OTHER + " [{\"a\":\"😀\"}]");

        ServerAnswers java = java(1).serverSideEmitWithAck("question", 2).join();
        assertThat(java.complete()).isTrue();
        assertThat(java.as(JsonNode.class).stream()
                        .map(answer -> answer.get("from").asString() + answer.get("args")))
                .containsExactlyInAnyOrder(nodeServer + "[2]", "java0[2]");
        assertThat(nextAsked()).isEqualTo("java0 " + OTHER + " [2]");
        assertThat(node.next(nodeServer)).isEqualTo(OTHER + " question[2]");

        JsonNode node = (JsonNode) nodeAsk("serverSideEmitWithAck", "args", List.of("question", 3));
        assertThat(List.of(
                        node.get(0).get("from").asString(),
                        node.get(1).get("from").asString()))
                .containsExactlyInAnyOrder("java0", "java1");
        assertThat(List.of(nextAsked(), nextAsked()))
                .containsExactlyInAnyOrder("java0 " + OTHER + " [3]", "java1 " + OTHER + " [3]");
    }

    private String nextAsked() throws InterruptedException {
        return asked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void emittersAreHeard(AdapterKind kind) throws InterruptedException {
        if (kind.node().equals("sharded")) {
            return; // there is none for it
        }
        RedisConnection connection = RedisConnection.to(redis.uri());
        connections.add(connection);
        try (RedisEmitter emitter = kind.emitter(connection, cluster)) {
            RedisEmitter ours = emitter.of(OTHER);
            assertThat(ours.emit("all", "é", 1, new byte[] {1})).isTrue();
            assertAllReceive("all[\"é\",1,{\"$bin\":\"01\"}]");
            ours.in(ids.get("n"), ids.get("b")).socketsJoin("7");
            ours.to("7").except(ids.get("b")).emit("numeric");
            assertThat(next("n")).isEqualTo("numeric[]");
            ours.in("7").socketsLeave("7");
            ours.to("7").emit("never");
            ours.serverSideEmit("question", "é");
            assertThat(List.of(nextAsked(), nextAsked()))
                    .containsExactlyInAnyOrder("java0 " + OTHER + " [\"é\"]", "java1 " + OTHER + " [\"é\"]");
            assertThat(node.next(nodeServer)).isEqualTo(OTHER + " question[\"é\"]");
        }
        if (kind.node().equals("classic")) {
            String name = cluster + "-emitter";
            node.ask("emitter", "name", name, "redis", redis.uri(), "options", Map.of("key", cluster));
            node.ask("join", "server", name, "nsp", OTHER, "to", List.of(ids.get("a")), "rooms", List.of("8"));
            awaitRooms("a", Set.of("42", "8"));
            node.ask("emit", "server", name, "nsp", OTHER, "to", List.of("8"), "args", List.of("e", "é", new byte[] {1
            }));
            assertThat(next("a")).isEqualTo("e[\"é\",{\"$bin\":\"01\"}]");
            node.ask("leave", "server", name, "nsp", OTHER, "to", List.of("8"), "rooms", List.of("8"));
            awaitRooms("a", Set.of("42"));
            node.ask("serverSideEmit", "server", name, "nsp", OTHER, "args", List.of("question", 4));
            assertThat(List.of(nextAsked(), nextAsked()))
                    .containsExactlyInAnyOrder("java0 " + OTHER + " [4]", "java1 " + OTHER + " [4]");
            assertThat(node.next(nodeServer)).isEqualTo(OTHER + " question[4]");
        }
    }

    private void socketsAreDisconnected() {
        nodeAsk("disconnect", "to", List.of(ids.get("b")), "close", false);
        assertThat(next("b")).isEqualTo("disconnect[\"io server disconnect\"]");
        java(0).in(ids.get("n")).disconnectSockets(true);
        assertThat(next("n")).startsWith("disconnect[");
        java(1).emit("end");
        assertThat(next("a")).isEqualTo("end[]");
    }
}
