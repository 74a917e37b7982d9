package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client of 1.0.x, which speaks the protocols of Socket.IO 2.x, over each transport. */
class OldJavaClientTest {
    private static Fixture fixture;
    private static OldJavaClientLoader loader;

    private final List<OldJavaClient> clients = new ArrayList<>();

    @BeforeAll
    static void startServer() throws ReflectiveOperationException {
        loader = new OldJavaClientLoader();
        fixture = ProcessFixture.start("--allow-eio3");
    }

    @AfterAll
    static void stopServer() throws IOException {
        fixture.close();
        loader.close();
    }

    @AfterEach
    void leave() {
        clients.forEach(OldJavaClient::close);
    }

    @ParameterizedTest
    @EnumSource
    void argumentsComeBack(Way way) throws JSONException {
        OldJavaClient client = connect(way);
        byte[] bytes = {0, 1, -1, 127, -128};
        Object[] sent = {
            "日本語 🦊 \"\\\u0000\u2028",
            42,
            0.1,
            true,
            JSONObject.NULL,
            new JSONObject("{\"é\":{\"a\":[1,\"two\"]},\"\":false}").put("bytes", new byte[] {7}),
            bytes
        };
        List<Object> expected = List.of(
                "日本語 🦊 \"\\\u0000\u2028",
                42,
                0.1,
                true,
                JSONObject.NULL,
                Map.of("é", Map.of("a", List.of(1, "two")), "", false, "bytes", ByteBuffer.wrap(new byte[] {7})),
                ByteBuffer.wrap(bytes));

        client.send("echo", sent);
        assertThat(client.next("echo")).isEqualTo(expected);
        assertThat(client.ask("echo", sent)).isEqualTo(expected);
        assertThat(client.ask("echo")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void serverAsksTheClient(Way way) {
        OldJavaClient client = connect(way);
        client.send("ask", 5000, "question", "why?", new byte[] {1});
        List<Object> question = client.next("question");
        assertThat(question.subList(0, 1)).containsExactly("why?");
        ((OldJavaClient.Answer) question.get(question.size() - 1)).send("because", new byte[] {2});
        assertThat(client.ask("echo", "still there")).containsExactly("still there");
    }

    @ParameterizedTest
    @EnumSource
    void namespacesShareAConnection(Way way) {
        OldJavaClient main = connect(way);
        OldJavaClient chat = joined(main.openNamespace("/chat"));
        assertThat(chat.id()).isEqualTo("/chat#" + main.id());
        for (OldJavaClient client : List.of(main, chat)) {
            assertThat(info(client)).containsEntry("id", client.id());
        }
        chat.ask("emit", PlainValues.target("all"), "news", 1);
        assertThat(chat.next("news")).containsExactly(1);

        String id = chat.id();
        chat.close();
        assertThat(chat.next("disconnect")).containsExactly("io client disconnect");
        assertThat(fixture.endOf(id)).isEqualTo("client namespace disconnect");
        assertThat(main.ask("echo", 1)).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void queryDecidesWhoComesIn(Way way) {
        OldJavaClient guest = joined(loader.open(fixture.uri(), "/guarded?token=let-me-in", way.transports()));
        assertThat(info(guest)).containsEntry("auth", Map.of("token", "let-me-in"));

        // A refusal that is not text is beyond these clients: they end the connection, whichever server it is.
        OldJavaClient stranger = loader.open(fixture.uri(), "/guarded?token=bare", way.transports());
        clients.add(stranger);
        assertThat(stranger.next("error")).containsExactly("no reason given");
        assertThat(stranger.connected()).isFalse();
        assertThat(guest.ask("count")).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void broadcastsReachTheirRooms(Way way) {
        OldJavaClient red = connect(way);
        OldJavaClient both = connect(way);
        red.ask("join", "red");
        both.ask("join", new JSONArray(List.of("red", "blue")));
        red.ask("emit", PlainValues.target("others", "red"), "news", 1);
        both.ask("emit", PlainValues.target("all", "red", "blue"), "news", 2, new byte[] {5});

        List<Object> last = List.of(2, ByteBuffer.wrap(new byte[] {5}));
        assertThat(red.next("news")).isEqualTo(last);
        assertThat(both.next("news")).containsExactly(1);
        assertThat(both.next("news")).isEqualTo(last);
    }

    @ParameterizedTest
    @EnumSource
    void orderIsKeptUnderLoad(Way way) {
        OldJavaClient client = connect(way);
        for (int i = 0; i < 300; i++) {
            client.send("collect", i, i % 4 == 0 ? new byte[i] : "x".repeat(i));
        }
        assertThat(client.ask("collected")).containsExactly(PlainValues.numbers(300));
        client.send("burst", PlainValues.target("self"), 300, new byte[] {1});
        for (int i = 0; i < 300; i++) {
            assertThat(client.next("burst")).containsExactly(i, ByteBuffer.wrap(new byte[] {1}));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eitherSideDisconnects(Way way) {
        OldJavaClient leaving = connect(way);
        String id = leaving.id();
        leaving.close();
        assertThat(leaving.next("disconnect")).containsExactly("io client disconnect");
        assertThat(fixture.endOf(id)).isEqualTo("client namespace disconnect");

        for (boolean withConnection : new boolean[] {false, true}) {
            OldJavaClient kicked = connect(way);
            id = kicked.id();
            kicked.send("kick", new JSONObject(), withConnection);
            assertThat(kicked.next("disconnect")).containsExactly("io server disconnect");
            assertThat(fixture.endOf(id)).isEqualTo("server namespace disconnect");
        }
    }

    @ParameterizedTest
    @EnumSource
    void heartbeatsKeepConnectionsOpen(Way way) throws InterruptedException {
        try (Fixture quick = ProcessFixture.start("--allow-eio3", "--ping-interval", "300", "--ping-timeout", "900");
                OldJavaClient client = loader.open(quick.uri(), "/", way.transports())) {
            client.next("connect");
            Thread.sleep(2400); // twice as long as the server waits for a ping
            assertThat(client.ask("echo", "still there")).containsExactly("still there");
        }
    }

    private OldJavaClient connect(Way way) {
        OldJavaClient client = joined(loader.open(fixture.uri(), "/", way.transports()));
        if (way == Way.UPGRADE) {
            await().until(() -> info(client).get("transport").equals("websocket"));
        }
        return client;
    }

    private OldJavaClient joined(OldJavaClient client) {
        clients.add(client);
        client.next("connect");
        return client;
    }

    @SuppressWarnings("unchecked") // the fixture answers with an object
    private static Map<String, Object> info(OldJavaClient client) {
        return (Map<String, Object>) client.ask("info").get(0);
    }
}
