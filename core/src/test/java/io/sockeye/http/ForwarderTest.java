package io.sockeye.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sockeye.testsupport.RawClient;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that another node answers, over loopback sockets. */
class ForwarderTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String UNKNOWN = "\r\n\r\nunknown";

    private final NodeDirectory directory = NodeDirectory.inProcess();
    private @Nullable ClusterNode front;
    private @Nullable ClusterNode owner;

    @AfterEach
    void stop() {
        if (front != null) {
            front.close();
        }
        if (owner != null) {
            owner.close();
        }
    }

    private void startBoth(ClusterEngine engine) {
        front = ClusterNode.start(engine);
        owner = ClusterNode.start(ClusterEngine.of(directory));
    }

    private void startBoth() {
        startBoth(ClusterEngine.of(directory));
    }

    private RawClient client() {
        return RawClient.connect(front.port());
    }

    private String get(String headers) {
        return "GET /?node=" + owner.tag() + " HTTP/1.1\r\nHost: front\r\n" + headers + "\r\n";
    }

    private static void ok(HttpExchange exchange, String text) {
        exchange.respond(200, HttpFields.of("Content-Type", "text/plain"), text.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void requestIsAnsweredByTheNodeThatHasTheSession(IoBackend io) {
        front = ClusterNode.start(
                ClusterEngine.of(directory), HttpServer.builder().ioBackend(io));
        owner = ClusterNode.start(
                ClusterEngine.of(directory), HttpServer.builder().ioBackend(io));
        try (RawClient client = client()) {
            client.send(get("X-Forwarded-For: 192.0.2.7\r\nCookie: a=\u00fc\r\n"));
            HttpExchange exchange = owner.take();
            assertThat(exchange.method()).isEqualTo("GET");
            assertThat(exchange.uri()).isEqualTo("/?node=" + owner.tag());
            assertThat(exchange.header("Host")).isEqualTo("front");
            assertThat(exchange.headers().all("X-Forwarded-For")).containsExactly("192.0.2.7");
            assertThat(exchange.header("Cookie")).isEqualTo("a=\u00fc");
            exchange.responseHeaders().add("Vary", "Origin");
            exchange.respond(
                    201,
                    HttpFields.of("Content-Type", "text/plain", "Set-Cookie", "a", "Set-Cookie", "b"),
                    "gr\u00fc\u00df".getBytes(ISO_8859_1));
            String answer = client.readUntil("gr\u00fc\u00df");
            assertThat(answer)
                    .startsWith("HTTP/1.1 201 Created\r\nVary: Origin\r\nContent-Type: text/plain\r\n"
                            + "Set-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 4\r\nDate: ")
                    .endsWith("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\ngr\u00fc\u00df");
            assertThat(front.forwarder().stats()).isEqualTo(new ForwarderStats(1, 0, 0, 1));
        }
    }

    @Test
    void headersThatTheFrontWouldAddAreTheOwnersInstead() {
        startBoth();
        front.beforeForwarding(exchange -> exchange.responseHeaders().add("Access-Control-Allow-Origin", "front"));
        try (RawClient client = client()) {
            client.send(get(""));
            HttpExchange exchange = owner.take();
            exchange.responseHeaders().add("Access-Control-Allow-Origin", "owner");
            ok(exchange, "done");
            assertThat(client.readUntil("done"))
                    .contains("Access-Control-Allow-Origin: owner")
                    .doesNotContain("front");
        }
    }

    @Test
    void bodyArrivesWhole() {
        startBoth();
        String body = "0123456789".repeat(50_000);
        try (RawClient client = client()) {
            client.send("POST /?node=" + owner.tag() + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            HttpExchange exchange = owner.take();
            assertThat(exchange.header("Content-Length")).isEqualTo("500000");
            assertThat(exchange.header("Transfer-Encoding")).isNull();
            ok(exchange, ClusterNode.body(exchange).equals(body) ? "same" : "different");
            client.readUntil("\r\n\r\nsame");
        }
    }

    @Test
    void bodyThatIsTooLongIsRefusedHere() {
        startBoth();
        try (RawClient client = client()) {
            client.send("POST /?node=" + owner.tag() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"
                    + "x".repeat(1_500_000));
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413 ");
            assertThat(owner.hasNothing()).isTrue();
        }
    }

    @Test
    void answerToHeadHasALengthAndNoBody() {
        startBoth();
        try (RawClient client = client()) {
            client.send(get("").replace("GET", "HEAD"));
            ok(owner.take(), "12345");
            assertThat(client.readUntil("\r\n\r\n")).contains("Content-Length: 5\r\n");
            client.send(get(""));
            ok(owner.take(), "next");
            client.readUntil("\r\n\r\nnext");
        }
    }

    @Test
    void requestThatWasPassedOnIsNotPassedOnAgain() {
        startBoth();
        try (RawClient client = client()) {
            client.send(get("Sockeye-Forwarded: me\r\n")).readUntil(UNKNOWN);
            assertThat(owner.hasNothing()).isTrue();
            assertThat(front.forwarder().stats().requests()).isZero();
        }
    }

    @Test
    void ownerCanTellThatARequestWasPassedOn() {
        startBoth();
        try (RawClient client = client()) {
            client.send(get(""));
            HttpExchange exchange = owner.take();
            assertThat(exchange.header("Sockeye-Forwarded")).isNotNull();
            ok(exchange, "done");
            client.readUntil("done");
        }
    }

    @Test
    void tagThatNobodyHasIsUnknown() {
        startBoth();
        try (RawClient client = client()) {
            client.send("GET /?node=*** HTTP/1.1\r\nHost: a\r\n\r\n").readUntil(UNKNOWN);
            assertThat(front.forwarder().stats()).isEqualTo(new ForwarderStats(0, 0, 1, 0));
        }
    }

    @Test
    void directoryThatFailsMakesSessionsUnknown() {
        front = ClusterNode.start(ClusterEngine.of(address -> new NodeDirectory.Membership() {
            @Override
            public String tag() {
                return "AAA";
            }

            @Override
            public CompletionStage<@Nullable NodeAddress> find(String tag) {
                return CompletableFuture.supplyAsync(() -> {
                    throw new IllegalStateException("out of reach");
                });
            }

            @Override
            public void close() {}
        }));
        try (RawClient client = client()) {
            client.send("GET /?node=BBB HTTP/1.1\r\nHost: a\r\n\r\n").readUntil(UNKNOWN);
        }
    }

    @Test
    void nodeThatDoesNotListenIsUnknownForRequestsAndUpgrades() throws IOException {
        startBoth();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String tag = directory.join(new NodeAddress("127.0.0.1", port)).tag();
        String request = "GET /?node=" + tag + " HTTP/1.1\r\nHost: a\r\n";
        try (RawClient client = client()) {
            client.send(request + "\r\n").readUntil(UNKNOWN);
            client.send(request + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").endsWith(UNKNOWN);
            assertThat(front.forwarder().stats()).isEqualTo(new ForwarderStats(1, 1, 2, 0));
        }
    }

    @Test
    void nodeThatDoesNotAcceptIsUnknownInTime() throws IOException {
        startBoth(ClusterEngine.builder(directory)
                .connectTimeout(Duration.ofMillis(200))
                .build());
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket full = new ServerSocket(0, 1, loopback);
                Socket first = new Socket(loopback, full.getLocalPort());
                Socket second = new Socket(loopback, full.getLocalPort());
                RawClient client = client()) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            NodeAddress address = new NodeAddress("127.0.0.1", full.getLocalPort());
            String tag = directory.join(address).tag();
            client.send("GET /?node=" + tag + " HTTP/1.1\r\nHost: a\r\n\r\n").readUntil(UNKNOWN);
        }
    }

    @Test
    void nodeThatDoesNotAnswerIsGivenUp() throws IOException {
        startBoth(ClusterEngine.builder(directory)
                .answerTimeout(Duration.ofMillis(200))
                .build());
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RawClient client = client()) {
            String tag = directory
                    .join(new NodeAddress("127.0.0.1", mute.getLocalPort()))
                    .tag();
            client.send("GET /?node=" + tag + " HTTP/1.1\r\nHost: a\r\n\r\n").readUntil(UNKNOWN);
            await().atMost(SOON).until(() -> front.forwarder().stats().connections() == 0);
        }
    }

    @Test
    void nodeThatDiesBeforeItAnswersLeavesAnUnknownSession() {
        startBoth();
        try (RawClient client = client()) {
            client.send(get(""));
            owner.take();
            owner.kill();
            client.readUntil(UNKNOWN);
        }
    }

    @Test
    void clientThatGoesAwayIsGoneAtTheOwner() throws Exception {
        startBoth();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (RawClient client = client()) {
            client.send(get(""));
            owner.take().onAbort(() -> gone.complete(null));
        }
        gone.get(SOON.toSeconds(), TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> front.forwarder().stats().connections() == 0);
        assertThat(front.forwarder().stats().failed()).isZero();
    }

    @Test
    void connectionIsUsedAgainAndClosedWhenIdle() {
        startBoth(ClusterEngine.builder(directory)
                .idleTimeout(Duration.ofMillis(500))
                .build());
        try (RawClient client = client()) {
            for (int i = 0; i < 20; i++) {
                client.send(get(""));
                ok(owner.take(), "answer " + i);
                client.readUntil("answer " + i);
            }
            assertThat(owner.server().stats().accepted()).isLessThan(20);
            await().atMost(SOON).until(() -> front.forwarder().stats().connections() == 0);
            await().atMost(SOON).until(() -> owner.server().stats().openConnections() == 0);
        }
    }

    @Test
    void noMoreIdleConnectionsAreKeptThanAllowed() {
        startBoth(ClusterEngine.builder(directory).maxIdleConnections(0).build());
        try (RawClient client = client()) {
            for (int i = 0; i < 3; i++) {
                client.send(get(""));
                ok(owner.take(), "answer " + i);
                client.readUntil("answer " + i);
            }
            await().atMost(SOON).until(() -> front.forwarder().stats().connections() == 0);
            assertThat(owner.server().stats().accepted()).isEqualTo(3);
        }
    }

    @Test
    void hostMayBeAName() {
        startBoth(ClusterEngine.of(directory));
        String tag = directory.join(new NodeAddress("localhost", owner.port())).tag();
        owner.answersTo(tag);
        try (RawClient client = client()) {
            client.send("GET /?node=" + tag + " HTTP/1.1\r\nHost: a\r\n\r\n");
            ok(owner.take(), "found");
            client.readUntil("\r\n\r\nfound");
        }
    }

    @Test
    void serverOnEveryInterfaceMustBeToldItsHost() {
        HttpServer server = HttpServer.builder().build().start();
        int port = server.port();
        Forwarder forwarder = ClusterEngine.of(directory).forwarder();
        assertThatThrownBy(() -> forwarder.join(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("clusterEngine: no host (expected: the address");
        assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(UncheckedIOException.class);
        assertThat(forwarder.tag()).isNull();
    }

    @Test
    void announcedAddressIsTheOneThatIsSet() {
        startBoth(ClusterEngine.builder(directory).host("192.0.2.1").port(99).build());
        NodeDirectory.Membership other = directory.join(new NodeAddress("192.0.2.2", 1));
        assertThat(other.find(front.tag()).toCompletableFuture().join()).isEqualTo(new NodeAddress("192.0.2.1", 99));
        front.close();
        assertThat(other.find(front.tag()).toCompletableFuture().join()).isNull();
    }

    @Test
    void settingsAreChecked() {
        ClusterEngine.Builder builder = ClusterEngine.builder(directory);
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
                .hasMessage("connectTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> builder.maxIdleConnections(-1)).hasMessage("maxIdleConnections: -1 (expected: >= 0)");
        assertThatThrownBy(() -> builder.host(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.port(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
