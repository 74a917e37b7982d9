package io.sockeye.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sockeye.SocketIoServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat through the official Java client, over the network. */
class ChatServerTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    private final SocketIoServer server = ChatServer.create(/* port= */ 0).start();
    private final List<TestClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void membersHearWhoComesAndGoesAndWhatIsSaid(String transport) throws Exception {
        TestClient ada = join("lobby", "Ada", "key", transport);
        assertThat(TestClient.list(ada.hearObject("welcome"), "online")).isEqualTo(List.of("Ada"));

        TestClient grace = join("Lobby", "Grace", "another key", transport);
        assertThat(TestClient.list(grace.hearObject("welcome"), "online")).isEqualTo(List.of("Ada", "Grace"));
        JSONObject joined = ada.hearObject("joined");
        assertThat(joined.getString("nickname")).isEqualTo("Grace");
        assertThat(TestClient.list(joined, "online")).isEqualTo(List.of("Ada", "Grace"));

        JSONObject receipt = grace.send(Map.of("id", "1", "text", "Hello, Ada"));
        assertThat(receipt.isNull("error")).isTrue();
        JSONObject message = ada.hearObject("message");
        assertThat(message.getString("from")).isEqualTo("Grace");
        assertThat(message.getString("text")).isEqualTo("Hello, Ada");
        assertThat(message.getLong("at")).isEqualTo(receipt.getLong("at"));

        grace.close();
        assertThat(ada.hearObject("left").getString("nickname")).isEqualTo("Grace");
    }

    @Test
    void newcomersAreGivenTheHistoryOfTheirRoom() throws Exception {
        TestClient ada = welcomed("lobby", "Ada");
        ada.send(Map.of("id", "1", "text", "First"));
        ada.send(Map.of("id", "2", "text", "Second"));

        assertThat(history(join("lobby", "Grace"))).containsExactly("First", "Second");
        assertThat(history(join("elsewhere", "Linus"))).isEmpty();
    }

    @Test
    void picturesTravelAsBytes() throws Exception {
        TestClient ada = welcomed("lobby", "Ada");
        TestClient grace = welcomed("lobby", "Grace");
        ada.hear("joined");

        grace.send(Map.of("id", "1", "picture", PNG));

        JSONObject picture = ada.hearObject("message").getJSONObject("picture");
        assertThat(picture.getString("type")).isEqualTo("image/png");
        assertThat(picture.get("data")).isEqualTo(PNG);
    }

    @Test
    void othersAreToldWhoIsTyping() throws Exception {
        TestClient ada = welcomed("lobby", "Ada");
        TestClient grace = welcomed("lobby", "Grace");
        ada.hear("joined");

        grace.typing(true);

        assertThat(ada.hear("typing")).containsExactly("Grace", true);
    }

    @Test
    void takenNicknameIsRefusedWithTheReason() throws Exception {
        welcomed("lobby", "Ada");

        TestClient second = join("lobby", "Ada", "another key", "websocket");

        JSONObject error = second.hearObject("connect_error");
        assertThat(error.getString("message")).isEqualTo("The nickname Ada is taken in #lobby.");
        assertThat(error.getJSONObject("data").getString("field")).isEqualTo("nickname");
    }

    @Test
    void longMessageIsRefusedInItsReceipt() throws Exception {
        TestClient ada = welcomed("lobby", "Ada");

        JSONObject receipt = ada.send(Map.of("id", "1", "text", "x".repeat(2001)));

        assertThat(receipt.getString("error")).isEqualTo("A message has at most 2000 characters; this one has 2001.");
        assertThat(history(join("lobby", "Grace"))).isEmpty();
    }

    @Test
    void pageThatComesBackKeepsItsNicknameAndSendsNothingTwice() throws Exception {
        TestClient grace = welcomed("lobby", "Grace");
        TestClient before = welcomed("lobby", "Ada");
        grace.hear("joined");
        before.send(Map.of("id", "1", "text", "Hello"));
        grace.hear("message");

        TestClient after = join("lobby", "Ada");
        assertThat(history(after)).containsExactly("Hello");
        before.hear("disconnect");
        after.send(Map.of("id", "1", "text", "Hello"));
        after.send(Map.of("id", "2", "text", "I am back"));

        assertThat(grace.hearObject("message").getString("text")).isEqualTo("I am back");
    }

    @Test
    void pageComesWithHeadersThatKeepOtherScriptsOut() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Sockeye chat</title>");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'; script-src 'self';")
                        .doesNotContain("unsafe"));
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(get("/chat.js").headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(get("/socket.io/socket.io.js").statusCode()).isEqualTo(200);
        assertThat(get("/logback.xml").statusCode()).isEqualTo(404);
    }

    @Test
    void portIsTheArgumentOrElseTheEnvironmentsOrElse3000() {
        assertThat(ChatServer.port(new String[] {"1"}, "2")).isEqualTo(1);
        assertThat(ChatServer.port(new String[0], "2")).isEqualTo(2);
        assertThat(ChatServer.port(new String[0], null)).isEqualTo(3000);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ChatServer.port(new String[] {"x"}, null))
                .withMessage("port: x (expected: a number)");
    }

    private TestClient welcomed(String room, String nickname) throws InterruptedException {
        TestClient client = join(room, nickname);
        client.hear("welcome");
        return client;
    }

    private TestClient join(String room, String nickname) {
        return join(room, nickname, "key of " + nickname, "websocket");
    }

    private TestClient join(String room, String nickname, String key, String transport) {
        TestClient client = new TestClient(server.port(), room, nickname, key, transport);
        clients.add(client);
        return client;
    }

    private static List<String> history(TestClient newcomer) throws InterruptedException, JSONException {
        List<String> texts = new ArrayList<>();
        for (Object message : TestClient.list(newcomer.hearObject("welcome"), "history")) {
            texts.add(((JSONObject) message).getString("text"));
        }
        return texts;
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
