package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.SocketOptionBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Java client against a running server, over each transport. */
class JavaClientTest {
    private static Fixture fixture;

    private final List<JavaClient> clients = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        fixture = ProcessFixture.start();
    }

    @AfterAll
    static void stopServer() {
        fixture.close();
    }

    @AfterEach
    void nothingElseArrived() {
        try {
            for (JavaClient client : clients) {
                assertThat(client.unread()).isEmpty();
            }
        } finally {
            clients.forEach(JavaClient::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void argumentsOfEveryTypeComeBack(Way way) throws JSONException {
        JavaClient client = connect(way);
        Object[] sent = {
            "日本語 🦊 \"\\\u0000\u001e\u2028",
            "",
            42,
            -7,
            9_007_199_254_740_991L,
            0.1,
            true,
            JSONObject.NULL,
            new JSONArray("[[],{},[1,[2,[null]]]]"),
            new JSONObject("{\"é\":{\"a\":[1,\"two\"]},\"\":false}")
        };
        List<Object> expected = List.of(
                "日本語 🦊 \"\\\u0000\u001e\u2028",
                "",
                42,
                -7,
                9_007_199_254_740_991L,
                0.1,
                true,
                JSONObject.NULL,
                List.of(List.of(), Map.of(), List.of(1, List.of(2, List.of(JSONObject.NULL)))),
                Map.of("é", Map.of("a", List.of(1, "two")), "", false));

        client.send("echo", sent);
        assertThat(client.next("echo")).isEqualTo(expected);
        assertThat(client.ask("echo", sent)).isEqualTo(expected);
        assertThat(client.ask("echo")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void binaryDataComesBack(Way way) throws JSONException {
        JavaClient client = connect(way);
        byte[] everyByte = new byte[256];
        for (int i = 0; i < 256; i++) {
            everyByte[i] = (byte) i;
        }
        Object[] sent = {
            everyByte, "text", new byte[0], new JSONObject().put("list", new JSONArray().put(new byte[] {1, 2}))
        };
        List<Object> expected = List.of(
                ByteBuffer.wrap(everyByte),
                "text",
                ByteBuffer.allocate(0),
                Map.of("list", List.of(ByteBuffer.wrap(new byte[] {1, 2}))));

        client.send("echo", sent);
        assertThat(client.next("echo")).isEqualTo(expected);
        assertThat(client.ask("echo", sent)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void serverAsksTheClient(Way way) {
        JavaClient client = connect(way);
        for (Object[] answer : new Object[][] {{}, {1}, {"two", new byte[] {3}, 4}}) {
            CompletableFuture<List<Object>> outcome = client.asking("ask", 5000, "question", "why?");
            List<Object> question = client.next("question");
            assertThat(question.get(0)).isEqualTo("why?");
            ((Ack) question.get(1)).call(answer);
            List<Object> expected = new ArrayList<>(List.of("answered"));
            for (Object each : answer) {
                expected.add(each instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : each);
            }
            assertThat(JavaClient.await(outcome, "the server's word on the answer"))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eitherSideStopsWaitingForAnAnswer(Way way) {
        JavaClient client = connect(way);
        assertThat(client.isAnswered("silence", 100)).isFalse();
        assertThat(client.isAnswered("rooms", 10_000)).isTrue();

        assertThat(client.ask("ask", 100, "question")).containsExactly("timeout");
        ((Ack) client.next("question").get(0)).call("too late");
        assertThat(client.ask("echo", "still there")).containsExactly("still there");
    }

    @ParameterizedTest
    @EnumSource
    void namespacesShareAConnection(Way way) {
        JavaClient main = connect(way);
        JavaClient chat = joined(main.openNamespace("/chat", new IO.Options()));
        assertThat(chat.sharesConnectionWith(main)).isTrue();
        assertThat(chat.id()).isNotEqualTo(main.id());

        for (JavaClient client : List.of(main, chat)) {
            assertThat(client.ask("echo", client.id())).containsExactly(client.id());
            assertThat(info(client)).containsEntry("id", client.id());
        }
        chat.ask("emit", PlainValues.target("all"), "news");
        assertThat(chat.next("news")).isEmpty();

        String id = chat.id();
        chat.close();
        assertThat(chat.next("disconnect")).containsExactly("io client disconnect");
        assertThat(fixture.endOf(id)).isEqualTo("client namespace disconnect");
        assertThat(main.ask("echo", 1)).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void unknownNamespaceIsRefused(Way way) {
        JavaClient main = connect(way);
        JavaClient unknown = main.openNamespace("/nowhere", new IO.Options());
        clients.add(unknown);
        assertThat(unknown.next("connect_error")).containsExactly(Map.of("message", "Invalid namespace"));
        assertThat(unknown.connected()).isFalse();
        assertThat(main.ask("echo", 1)).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void authDecidesWhoComesIn(Way way) {
        Map<String, String> token = Map.of("token", "let-me-in");
        JavaClient guest =
                joined(JavaClient.open(fixture.uri(), "/guarded", options(way).setAuth(token)));
        assertThat(info(guest)).containsEntry("auth", token);

        JavaClient stranger = JavaClient.open(fixture.uri(), "/guarded", options(way));
        clients.add(stranger);
        assertThat(stranger.next("connect_error"))
                .containsExactly(
                        Map.of("message", "not authorized", "data", Map.of("code", 401, "wanted", List.of("token"))));
        guest.ask("emit", PlainValues.target("all"), "news");
        guest.ask("emit", PlainValues.target("all", "waiting"), "news");
        assertThat(guest.nextOf("news", 2)).hasSize(2);
        assertThat(guest.ask("count")).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void broadcastsReachTheirRooms(Way way) {
        JavaClient red = connect(way);
        JavaClient both = connect(way);
        JavaClient none = connect(way);
        red.ask("join", "red");
        both.ask("join", new JSONArray(List.of("red", "blue")));

        none.ask("emit", PlainValues.target("all", "red", "blue"), "news", 1);
        red.ask("emit", PlainValues.target("others", "red"), "news", 2);
        both.ask("leave", "red");
        none.ask("emit", PlainValues.target("all", "red"), "news", 3);
        none.ask("emit", PlainValues.target("others"), "news", 4, new byte[] {5});

        List<Object> last = List.of(4, ByteBuffer.wrap(new byte[] {5}));
        assertThat(red.nextOf("news", 3)).containsExactly(List.of(1), List.of(3), last);
        assertThat(both.nextOf("news", 3)).containsExactly(List.of(1), List.of(2), last);
    }

    @ParameterizedTest
    @EnumSource
    void orderIsKeptUnderLoad(Way way) {
        JavaClient client = connect(way);
        CompletableFuture<List<Object>> burst =
                client.asking("burst", PlainValues.target("self"), 1000, new byte[] {1});
        for (int i = 0; i < 1000; i++) {
            client.send("collect", i, i % 4 == 0 ? new byte[i] : "x".repeat(i));
        }
        assertThat(client.ask("collected")).containsExactly(PlainValues.numbers(1000));
        assertThat(client.nextOf("burst", 1000)).extracting(args -> args.get(0)).isEqualTo(PlainValues.numbers(1000));
        JavaClient.await(burst, "the end of the burst");
    }

    @ParameterizedTest
    @EnumSource
    void eitherSideDisconnects(Way way) {
        JavaClient leaving = connect(way);
        String id = leaving.id();
        leaving.close();
        assertThat(leaving.next("disconnect")).containsExactly("io client disconnect");
        assertThat(fixture.endOf(id)).isEqualTo("client namespace disconnect");

        for (boolean withConnection : new boolean[] {false, true}) {
            JavaClient kicked = connect(way);
            id = kicked.id();
            kicked.send("kick", new JSONObject(), withConnection);
            assertThat(kicked.next("disconnect")).containsExactly("io server disconnect");
            assertThat(fixture.endOf(id)).isEqualTo("server namespace disconnect");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientComesBackAfterARestart(Way way) {
        SocketOptionBuilder persistent =
                options(way).setReconnection(true).setReconnectionDelay(50).setReconnectionDelayMax(200);
        // After a WebSocket's close frame this client notices only by its heartbeat that the connection is gone.
        try (Fixture mortal = ProcessFixture.start("--ping-interval", "500", "--ping-timeout", "1000");
                JavaClient client = JavaClient.open(mortal.uri(), "/", persistent)) {
            client.next("connect");
            String id = client.id();
            client.ask("join", "room");

            mortal.restart();
            assertThat(mortal.endOf(id)).isEqualTo("server shutting down");
            assertThat(client.next("disconnect").get(0)).isIn("transport close", "transport error", "ping timeout");
            client.next("connect");
            client.forget("connect_error"); // from attempts before the server was back
            assertThat(client.id()).isNotEqualTo(id);
            assertThat(client.ask("rooms")).containsExactly(List.of(client.id()));
            assertThat(client.unread()).isEmpty();
        }
    }

    @Test
    void heartbeatsKeepConnectionsOpen() throws InterruptedException {
        try (Fixture quick = ProcessFixture.start("--ping-interval", "500", "--ping-timeout", "1500")) {
            List<JavaClient> all = Arrays.stream(Way.values())
                    .map(way -> JavaClient.open(quick.uri(), "/", options(way)))
                    .toList();
            all.forEach(client -> client.next("connect"));
            Thread.sleep(4000); // twice as long as a client stays without a ping
            for (JavaClient client : all) {
                assertThat(client.unread()).isEmpty();
                client.close();
            }
        }
    }

    @RepeatedTest(10)
    void messagesSurviveAnUpgrade() {
        JavaClient client = JavaClient.open(fixture.uri(), "/", options(Way.UPGRADE));
        clients.add(client);
        client.next("connect");
        client.ask("flow", true);
        int sent = 0;
        while (!info(client).get("transport").equals("websocket")) {
            client.send("collect", sent++);
            client.send("collect", sent++, new byte[] {1});
        }
        for (int before = client.waiting("flow"); client.waiting("flow") < before + 30; client.ask("echo")) {
            client.send("collect", sent++);
        }
        int flowed = (int) client.ask("flow", false).get(0);

        assertThat(client.ask("collected")).containsExactly(PlainValues.numbers(sent));
        List<List<Object>> expected = IntStream.range(0, flowed)
                .mapToObj(i ->
                        i % 4 == 3 ? List.<Object>of(i, ByteBuffer.wrap(new byte[] {(byte) i})) : List.<Object>of(i))
                .toList();
        assertThat(client.nextOf("flow", flowed)).isEqualTo(expected);
    }

    private JavaClient connect(Way way) {
        JavaClient client = joined(JavaClient.open(fixture.uri(), "/", options(way)));
        if (way == Way.UPGRADE) {
            await().until(() -> info(client).get("transport").equals("websocket"));
        }
        return client;
    }

    private JavaClient joined(JavaClient client) {
        clients.add(client);
        client.next("connect");
        return client;
    }

    @SuppressWarnings("unchecked") // the fixture answers with an object
    private static Map<String, Object> info(JavaClient client) {
        return (Map<String, Object>) client.ask("info").get(0);
    }

    private static SocketOptionBuilder options(Way way) {
        return SocketOptionBuilder.builder().setTransports(way.transports()).setReconnection(false);
    }
}
