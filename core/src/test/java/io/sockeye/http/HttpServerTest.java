package io.sockeye.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import io.sockeye.testsupport.RawClient;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server on loopback sockets: with what the machine has best (epoll on Linux), and the core of it on NIO too. */
class HttpServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static HttpServer start(HttpHandler handler) {
        return start(HttpServer.builder(), handler);
    }

    private static HttpServer start(HttpServerBuilder builder, HttpHandler handler) {
        return builder.host("127.0.0.1")
                .eventLoopThreads(2)
                .handler(handler)
                .build()
                .start();
    }

    private static HttpExchange take(BlockingQueue<HttpExchange> exchanges) throws InterruptedException {
        HttpExchange exchange = exchanges.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(exchange).as("an exchange").isNotNull();
        return exchange;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sockeye-"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void requestsAreAnsweredOnTheConnectionsLoop(IoBackend io) {
        Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
        Set<String> names = ConcurrentHashMap.newKeySet();
        HttpHandler handler = exchange -> {
            assertThat(exchange.eventLoop().inEventLoop()).isTrue();
            assertThat(exchange.remoteAddress().getAddress().isLoopbackAddress())
                    .isTrue();
            assertThat(exchange.remoteAddress().getPort()).isPositive();
            loops.add(exchange.eventLoop());
            names.add(Thread.currentThread().getName());
            EmbeddedHttp.ok(exchange);
        };
        try (HttpServer server = start(HttpServer.builder().ioBackend(io), handler)) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(GET).readUntil("\r\n\r\nok");
                    client.send(GET + GET).readUntil("\r\n\r\nok");
                    client.readUntil("\r\n\r\nok");
                }
            }
            assertThat(loops).as("one object for each loop").hasSize(2);
            assertThat(names).containsExactlyInAnyOrder("sockeye-loop-1", "sockeye-loop-2");
            await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
            assertThat(server.stats().requests()).isEqualTo(12);
            assertThat(server.stats().accepted()).isEqualTo(4);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void bodyAndAnswerMayBeLarge(IoBackend io) {
        HttpHandler echo = exchange -> exchange.readBody(2_000_000, new HttpExchange.BodyListener() {
            @Override
            public void complete(byte[] body) {
                HttpFields length = HttpFields.of("Content-Length", Integer.toString(body.length));
                new Thread(() -> exchange.respond(200, length, body)).start();
            }

            @Override
            public void tooLarge() {
                throw new AssertionError();
            }

            @Override
            public void aborted() {
                throw new AssertionError();
            }
        });
        String body = "0123456789abcdef".repeat(100_000) + "end.";
        try (HttpServer server = start(HttpServer.builder().ioBackend(io), echo);
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.readUntil("end.")).endsWith("\r\n\r\n" + body);
        }
    }

    @Test
    void longestMountedPrefixWins() {
        HttpServerBuilder builder = HttpServer.builder()
                .mount("/a", naming("a"))
                .mount("/a/b/", naming("b"))
                .mount("/c", /* addTrailingSlash= */ false, naming("c"));
        try (HttpServer server = start(builder, naming("rest"));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(handlerOf(client, "/a/x")).isEqualTo("a");
            assertThat(handlerOf(client, "/a/?x")).isEqualTo("a");
            assertThat(handlerOf(client, "/a/b/x")).isEqualTo("b");
            assertThat(handlerOf(client, "/a?x")).isEqualTo("rest");
            assertThat(handlerOf(client, "/ab")).isEqualTo("rest");
            assertThat(handlerOf(client, "/c?x")).isEqualTo("c");
            assertThat(handlerOf(client, "/cx")).isEqualTo("c");
            assertThat(handlerOf(client, "http://a/a/x")).isEqualTo("rest");
        }
    }

    private static HttpHandler naming(String name) {
        return exchange ->
                exchange.respond(200, HttpFields.of("Content-Length", "1"), ("." + name + ".").getBytes(UTF_8));
    }

    private static String handlerOf(RawClient client, String target) {
        String answer =
                client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n.");
        assertThat(answer).startsWith("HTTP/1.1 200");
        return client.readUntil(".").replace(".", "");
    }

    @Test
    void nothingMountedIsNotFound() {
        try (HttpServer server = HttpServer.builder().host("127.0.0.1").build().start();
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(GET).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nDate: ");
        }
    }

    @Test
    void peerThatGoesAwayAborts() throws Exception {
        BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
        CountDownLatch aborted = new CountDownLatch(2);
        try (HttpServer server = start(exchanges::add)) {
            RawClient orderly = RawClient.connect(server.port()).send(GET);
            take(exchanges).onAbort(aborted::countDown);
            orderly.close();
            RawClient rude = RawClient.connect(server.port()).send(GET);
            take(exchanges).onAbort(aborted::countDown);
            rude.reset();
            assertThat(aborted.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void requestBeforeTheEndOfTheInputIsAnswered(IoBackend io) {
        byte[] body = new byte[3_000_000];
        HttpHandler late =
                exchange -> exchange.eventLoop().execute(() -> exchange.respond(200, HttpFields.create(), body));
        try (HttpServer server = start(HttpServer.builder().ioBackend(io), late)) {
            for (int i = 0; i < 30; i++) { // the request and the end come in one read, or in two
                try (RawClient client = RawClient.connect(server.port())) {
                    assertThat(client.send(GET).endOutput().readToEnd())
                            .startsWith("HTTP/1.1 200 OK")
                            .hasSizeGreaterThan(body.length);
                }
            }
            await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAsTheyCome() {
        HttpServerBuilder builder = HttpServer.builder().maxConnections(2);
        try (HttpServer server = start(builder, EmbeddedHttp::ok)) {
            RawClient first = RawClient.connect(server.port());
            first.send(GET).readUntil("ok");
            try (RawClient second = RawClient.connect(server.port())) {
                second.send(GET).readUntil("ok");
                try (RawClient third = RawClient.connect(server.port())) {
                    assertThat(third.trySend(GET).readToEnd()).isEmpty();
                }
                assertThat(server.stats().refused()).isEqualTo(1);
                first.close();
                await().atMost(SOON).until(() -> server.stats().openConnections() == 1);
                try (RawClient fourth = RawClient.connect(server.port())) {
                    fourth.send(GET).readUntil("ok");
                }
            }
        }
    }

    @Test
    void connectionsOfOneAddressAreLimitedOnRequest() {
        HttpServerBuilder builder = HttpServer.builder().maxConnectionsPerAddress(1);
        try (HttpServer server = start(builder, EmbeddedHttp::ok)) {
            for (int i = 0; i < 3; i++) {
                try (RawClient first = RawClient.connect(server.port())) {
                    first.send(GET).readUntil("ok");
                    try (RawClient second = RawClient.connect(server.port())) {
                        assertThat(second.trySend(GET).readToEnd()).isEmpty();
                    }
                }
                await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
            }
            assertThat(server.stats().refused()).isEqualTo(3);
        }
    }

    @Test
    void slowSendersAreClosedByTheClockOfTheLoop() {
        HttpServerBuilder builder = HttpServer.builder()
                .keepAliveTimeout(Duration.ofMillis(100))
                .headTimeout(Duration.ofMillis(200))
                .bodyTimeout(Duration.ofMillis(200));
        try (HttpServer server = start(builder, exchange -> exchange.readBody(10, new RecordedBody()));
                RawClient silent = RawClient.connect(server.port());
                RawClient slowHead = RawClient.connect(server.port());
                RawClient slowBody = RawClient.connect(server.port())) {
            slowHead.send("GET / HT");
            slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
            assertThat(silent.readToEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(slowHead.readToEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(slowBody.readToEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(server.stats().timedOut()).isEqualTo(3);
        }
    }

    @Test
    void closeLetsExchangesFinishAndClosesTheRest() throws Exception {
        BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
        HttpServer server = start(exchanges::add);
        int port = server.port();
        try (RawClient idle = RawClient.connect(port);
                RawClient busy = RawClient.connect(port)) {
            busy.send(GET);
            HttpExchange exchange = take(exchanges);
            server.stopAccepting();
            server.stopAccepting();
            assertThat(idle.readToEnd()).isEmpty();
            // it returns at once, perhaps before the acceptor's thread has closed the port
            await().atMost(SOON)
                    .untilAsserted(() -> assertThatThrownBy(() -> RawClient.connect(port))
                            .hasCauseInstanceOf(ConnectException.class));
            Thread closing = new Thread(server::close);
            closing.start();
            EmbeddedHttp.ok(exchange);
            assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("ok");
            closing.join(SOON.toMillis());
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
        assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        server.close();
    }

    @Test
    void closeCutsExchangesOffAfterItsDeadline() throws Exception {
        BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
        CountDownLatch aborted = new CountDownLatch(1);
        HttpServer server = start(exchanges::add);
        try (RawClient busy = RawClient.connect(server.port()).send(GET)) {
            HttpExchange exchange = take(exchanges);
            exchange.onAbort(aborted::countDown);
            server.close(Duration.ofMillis(50));
            assertThat(busy.readToEnd()).isEmpty();
            assertThat(aborted.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            EmbeddedHttp.ok(exchange);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void closeOnAnEventLoopIsRefused() throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        List<HttpServer> servers = new ArrayList<>();
        HttpHandler closing = exchange -> {
            try {
                servers.get(0).close();
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
            EmbeddedHttp.ok(exchange);
        };
        try (HttpServer server = start(closing);
                RawClient client = RawClient.connect(server.port())) {
            servers.add(server);
            client.send(GET).readUntil("ok");
            assertThat(thrown.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void portInUseIsSaidSo() {
        try (HttpServer server = start(EmbeddedHttp::ok)) {
            HttpServer second =
                    HttpServer.builder().host("127.0.0.1").port(server.port()).build();
            assertThatThrownBy(second::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + server.port() + ": ");
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void backendThatIsNotThereIsSaidSo() {
        IoBackend missing = Epoll.isAvailable() ? IoBackend.KQUEUE : IoBackend.EPOLL;
        assertThat(KQueue.isAvailable() && Epoll.isAvailable()).isFalse();
        HttpServer server = HttpServer.builder().ioBackend(missing).build();
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("ioBackend: " + missing + " is not available here (");
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void bestBackendIsChosen() {
        IoBackend best = IoBackends.choose(IoBackend.AUTO).backend();
        if (Epoll.isAvailable()) {
            assertThat(best).isEqualTo(IoBackend.EPOLL);
        }
        assertThat(best).isNotEqualTo(IoBackend.AUTO);
    }

    @Test
    void settingsAreCheckedAtOnce() {
        HttpServerBuilder builder = HttpServer.builder();
        assertThatThrownBy(() -> builder.port(65536)).hasMessage("port: 65536 (expected: 0-65535)");
        assertThatThrownBy(() -> builder.backlog(0)).hasMessage("backlog: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.headTimeout(Duration.ZERO)).hasMessage("headTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> builder.maxConnections(-1)).hasMessage("maxConnections: -1 (expected: > 0)");
        assertThatThrownBy(() -> builder.mount("a", EmbeddedHttp::ok))
                .hasMessage("pathPrefix: a (expected: starts with /)");
    }

    /** Rubbish, halves and sudden ends on a thousand connections leave nothing behind; buffers are watched by the run. */
    @Test
    void rubbishLeavesNothingBehind() {
        Random random = new Random(7);
        try (HttpServer server = start(exchange -> exchange.readBody(100, new RecordedBody()))) {
            for (int i = 0; i < 1000; i++) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.trySend(rubbish(random));
                    if (random.nextBoolean()) {
                        client.reset();
                    }
                }
            }
            await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
            assertThat(server.stats().accepted()).isEqualTo(1000);
            try (RawClient client = RawClient.connect(server.port())) {
                client.send("BREW / HTTP/1.1\r\n\r\n").readUntil("Connection: close\r\n\r\n");
            }
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static String rubbish(Random random) {
        String valid = "POST /a?b=c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        StringBuilder bytes = new StringBuilder(random.nextBoolean() ? valid + GET : GET + valid);
        for (int i = random.nextInt(6); i > 0; i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(3)) {
                case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bytes.insert(at, bytes.substring(random.nextInt(at + 1), at));
                default -> bytes.deleteCharAt(at);
            }
        }
        return bytes.substring(0, random.nextInt(bytes.length() + 1));
    }
}
