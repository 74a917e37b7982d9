package io.sockeye.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sockeye.http.HttpServer;
import io.sockeye.http.IoBackend;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.testsupport.RawClient;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The transport behind the HTTP server, on loopback sockets. */
class WebSocketServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final TransportConfig CONFIG = new TransportConfig(1_000_000, 1024, Integer.MAX_VALUE, 1);
    private static final TransportConfig DEFLATE = new TransportConfig(1_000_000, 1024, 1024, 1);
    private static final String REQUEST = lines(
            "GET /x?EIO=4 HTTP/1.1",
            "Host: a",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");
    private static final String SWITCHED = lines(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static HttpServer start(HttpHandler handler) {
        return start(IoBackend.AUTO, handler);
    }

    private static HttpServer start(IoBackend io, HttpHandler handler) {
        return HttpServer.builder()
                .host("127.0.0.1")
                .ioBackend(io)
                .eventLoopThreads(2)
                .handler(handler)
                .build()
                .start();
    }

    private static void open(HttpExchange exchange, TransportConfig config) {
        new WebSocketTransportFactory().open(exchange, config, exchange.eventLoop(), Echo::new);
    }

    private static String latin1(byte[]... parts) {
        return new String(Peer.concat(parts), StandardCharsets.ISO_8859_1);
    }

    private static String request(String name, String value) {
        return REQUEST.replaceFirst("(?m)^" + name + ": .*\r\n", "")
                .replace("\r\n\r\n", "\r\n" + name + ": " + value + "\r\n\r\n");
    }

    @Test
    void isFoundAsAService() {
        List<TransportFactory> factories = ServiceLoader.load(TransportFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertThat(factories)
                .hasOnlyElementsOfType(WebSocketTransportFactory.class)
                .hasSize(1);
        assertThat(factories.get(0).name()).isEqualTo("websocket");
        assertThat(factories.get(0).upgradesConnection()).isTrue();
    }

    /** RFC 6455, 1.3: the example of the specification. */
    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void handshakeIsAnsweredAndMessagesAreExchanged(IoBackend io) {
        HttpHandler handler = exchange -> {
            exchange.responseHeaders().add("Access-Control-Allow-Origin", "*").add("Set-Cookie", "io=1");
            open(exchange, CONFIG);
        };
        try (HttpServer server = start(io, handler);
                RawClient client = RawClient.connect(server.port())) {
            client.send(REQUEST);
            assertThat(client.readUntil("\r\n\r\n"))
                    .isEqualTo(SWITCHED + "Access-Control-Allow-Origin: *\r\nSet-Cookie: io=1\r\n\r\n");
            client.send(latin1(Peer.frame(Peer.TEXT, "4hé"), Peer.frame(Peer.BINARY, new byte[] {1, 2})));
            assertThat(client.read(10)).asHexString().isEqualToIgnoringCase("810434" + "68c3a9" + "82020102");
            client.send(latin1(Peer.frame(Peer.CLOSE, new byte[] {3, (byte) 0xe8})));
            assertThat(client.readToEnd()).isEqualTo("\u0088\u0002\u0003\u00e8");
        }
    }

    @Test
    void framesBehindTheRequestAreNotLost() {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            client.send(REQUEST + latin1(Peer.frame(Peer.TEXT, "4early"))).readUntil("\r\n\r\n");
            assertThat(new String(client.read(8), StandardCharsets.ISO_8859_1)).endsWith("4early");
        }
    }

    @Test
    void probeMovesToTheLoopOfItsSession() throws Exception {
        BlockingQueue<EventLoop> loops = new LinkedBlockingQueue<>();
        BlockingQueue<HttpExchange> waiting = new LinkedBlockingQueue<>();
        HttpHandler handler = exchange -> {
            if (exchange.upgradeRequested()) {
                waiting.add(exchange);
            } else {
                loops.add(exchange.eventLoop());
                exchange.respond(200, HttpFields.of("Content-Length", "0"), new byte[0]);
            }
        };
        for (IoBackend io : List.of(IoBackend.AUTO, IoBackend.NIO)) {
            loops.clear();
            try (HttpServer server = start(io, handler);
                    RawClient first = RawClient.connect(server.port());
                    RawClient second = RawClient.connect(server.port())) {
                for (RawClient client : List.of(first, second)) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n");
                }
                List<EventLoop> both = List.of(loops.take(), loops.take());
                for (RawClient client : List.of(first, second)) {
                    client.send(REQUEST + latin1(Peer.frame(Peer.TEXT, "4early")));
                    HttpExchange exchange = waiting.take();
                    EventLoop other = both.get(exchange.eventLoop() == both.get(0) ? 1 : 0);
                    BlockingQueue<Transport> opened = new LinkedBlockingQueue<>();
                    exchange.eventLoop()
                            .execute(() -> new WebSocketTransportFactory().open(exchange, CONFIG, other, transport -> {
                                assertThat(transport.eventLoop().inEventLoop()).isTrue();
                                new Echo(transport);
                                opened.add(transport);
                            }));
                    assertThat(opened.take().eventLoop()).isSameAs(other);
                    client.readUntil("4early");
                    for (int i = 0; i < 10; i++) {
                        client.send(latin1(Peer.frame(Peer.TEXT, "4late" + i))).readUntil("4late" + i);
                    }
                    client.send(latin1(Peer.frame(Peer.CLOSE, ""))).readToEnd();
                }
                await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade,                h2,                                Invalid Upgrade header",
        "Upgrade,                'websocket, h2',                   Invalid Upgrade header",
        "Sec-WebSocket-Key,      '',                                Missing or invalid Sec-WebSocket-Key header",
        "Sec-WebSocket-Key,      dGhlIHNhbXBsZQ==,                  Missing or invalid Sec-WebSocket-Key header",
        "Sec-WebSocket-Key,      dGhlIHNhbXBsZSBub25jZSBub25jZQ==,  Missing or invalid Sec-WebSocket-Key header",
        "Sec-WebSocket-Key,      dGhlIHNhbXBsZSBub25j*Q==,          Missing or invalid Sec-WebSocket-Key header",
        "Sec-WebSocket-Protocol, '',                                Invalid Sec-WebSocket-Protocol header",
        "Sec-WebSocket-Protocol, a;b,                               Invalid Sec-WebSocket-Protocol header",
        "Sec-WebSocket-Protocol, 'a, a',                            Invalid Sec-WebSocket-Protocol header",
        "Sec-WebSocket-Protocol, 'a, ',                             Invalid Sec-WebSocket-Protocol header"
    })
    void requestThatDoesNotFitIsRefusedInTheReferencesWords(String name, String value, String text) {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(request(name, value)).readToEnd())
                    .isEqualTo("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n"
                            + "Content-Length: " + text.length() + "\r\n\r\n" + text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "12", "14", "13, 8", "abc"})
    void otherVersionsAreTurnedDown(String version) {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(request("Sec-WebSocket-Version", version)).readToEnd())
                    .isEqualTo(lines(
                                    "HTTP/1.1 400 Bad Request",
                                    "Connection: close",
                                    "Content-Type: text/html",
                                    "Content-Length: 47",
                                    "Sec-WebSocket-Version: 13, 8",
                                    "")
                            + "Missing or invalid Sec-WebSocket-Version header");
        }
    }

    @Test
    void otherMethodsAreTurnedDown() {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(REQUEST.replace("GET", "POST")).readToEnd())
                    .isEqualTo(lines(
                                    "HTTP/1.1 405 Method Not Allowed",
                                    "Connection: close",
                                    "Content-Type: text/html",
                                    "Content-Length: 19",
                                    "")
                            + "Invalid HTTP method");
        }
    }

    @Test
    void requestThatAsksForNoUpgradeIsTurnedDown() {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            client.send(REQUEST.replace("Connection: Upgrade", "Connection: close"));
            assertThat(client.readToEnd()).contains("\r\n\r\nInvalid Upgrade header");
        }
    }

    @Test
    void twoKeysAreNone() {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            String twice = REQUEST.replace("\r\n\r\n", "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
            assertThat(client.send(twice).readToEnd()).endsWith("Missing or invalid Sec-WebSocket-Key header");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade,                  WebSocket,            ''",
        "Sec-WebSocket-Version,    8,                    ''",
        "Sec-WebSocket-Version,    013,                  ''",
        "Sec-WebSocket-Protocol,   'b, a',               'Sec-WebSocket-Protocol: b\r\n'",
        "Sec-WebSocket-Extensions, permessage-deflate,   ''",
        "Sec-WebSocket-Extensions, ';,;',                ''"
    })
    void handshakeAccepts(String name, String value, String header) {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(request(name, value)).readUntil("\r\n\r\n"))
                    .isEqualTo(SWITCHED + header.replace("\\r\\n", "\r\n") + "\r\n");
        }
    }

    @Test
    void compressionIsNegotiatedWhereItIsOn() {
        try (HttpServer server = start(exchange -> open(exchange, DEFLATE));
                RawClient good = RawClient.connect(server.port());
                RawClient bad = RawClient.connect(server.port())) {
            good.send(request("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"));
            assertThat(good.readUntil("\r\n\r\n"))
                    .isEqualTo(SWITCHED + "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                            + " client_no_context_takeover\r\n\r\n");
            good.send(latin1(Peer.frame(0xc2, Peer.bytes("f248cdc9c90700"))));
            assertThat(new String(good.read(7), StandardCharsets.ISO_8859_1)).endsWith("Hello");
            bad.send(request("Sec-WebSocket-Extensions", "permessage-deflate;"));
            assertThat(bad.readToEnd()).endsWith("Invalid or unacceptable Sec-WebSocket-Extensions header");
        }
    }

    @Test
    void clientGetsToReadWhyItIsClosed() {
        try (HttpServer server = start(exchange -> open(exchange, CONFIG));
                RawClient client = RawClient.connect(server.port())) {
            client.send(REQUEST).readUntil("\r\n\r\n");
            client.send("\u0082\u00ff\0\0\0\0\0\u00ff\u00ff\u00ff" + "x".repeat(100_000));
            assertThat(client.readToEnd()).isEqualTo("\u0088\u0002\u0003\u00f1");
        }
    }

    /** More than the kernel takes at once, of all the sizes that are written in different ways. */
    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void fullConnectionTellsWhenItCanTakeMoreAndLosesNothing(IoBackend io) throws Exception {
        BlockingQueue<Transport> opened = new LinkedBlockingQueue<>();
        HttpHandler handler =
                exchange -> new WebSocketTransportFactory().open(exchange, CONFIG, exchange.eventLoop(), transport -> {
                    new Flood(transport).onWritable();
                    opened.add(transport);
                });
        try (HttpServer server = start(io, handler);
                RawClient client = RawClient.connect(server.port())) {
            client.send(REQUEST).readUntil("\r\n\r\n");
            assertThat(opened.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            for (EncodedPacket packet : Flood.packets()) {
                byte[] frame = Arrays.copyOfRange(
                        packet.array(), packet.frameOffset(), packet.frameOffset() + packet.frameLength());
                assertThat(client.read(frame.length)).isEqualTo(frame);
            }
            assertThat(new String(client.read(5), StandardCharsets.ISO_8859_1)).isEqualTo("\u0081\u00034ok");
        }
    }

    @Test
    void rubbishLeavesNothingBehind() {
        Random random = new Random(11);
        try (HttpServer server = start(exchange -> open(exchange, random.nextBoolean() ? CONFIG : DEFLATE))) {
            for (int i = 0; i < 1000; i++) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.trySend(rubbish(random));
                    if (random.nextBoolean()) {
                        client.reset();
                    }
                }
            }
            await().atMost(SOON).until(() -> server.stats().openConnections() == 0);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("sockeye-"));
    }

    private static String rubbish(Random random) {
        String offer = random.nextBoolean() ? REQUEST : request("Sec-WebSocket-Extensions", "permessage-deflate");
        StringBuilder bytes = new StringBuilder(offer)
                .append(latin1(Peer.frame(Peer.TEXT, "4hello"), Peer.frame(0xc2, Peer.bytes("f248cdc9c90700"))))
                .append(latin1(Peer.frame(0x02, new byte[200]), Peer.frame(Peer.PING, "p"), Peer.frame(0x80, "end")));
        for (int i = random.nextInt(4); i > 0; i--) {
            int from = random.nextInt(4) == 0 ? 0 : offer.length();
            int at = from + random.nextInt(bytes.length() - from);
            bytes.setCharAt(at, (char) random.nextInt(256));
        }
        return bytes.substring(0, random.nextInt(bytes.length() + 1));
    }

    /** Sends back what it receives. */
    private static class Echo extends Unconcerned {
        private final Transport transport;

        Echo(Transport transport) {
            this.transport = transport;
            transport.listener(this);
        }

        @Override
        public void onPacket(EnginePacket packet) {
            Queue<EncodedPacket> queue = new ArrayDeque<>();
            if (packet instanceof EnginePacket.Message message) {
                queue.add(EncodedPacket.text(message.text()));
            } else if (packet instanceof EnginePacket.Binary binary) {
                queue.add(EncodedPacket.binary(binary.data(), 0, binary.data().length, /* compressible= */ true));
            }
            transport.send(queue);
        }
    }

    /** Sends more than a connection can take at once, and says when all is taken. */
    private static final class Flood extends Echo {
        private final Transport transport;
        private final Queue<EncodedPacket> queue = packets();
        private boolean done;

        Flood(Transport transport) {
            super(transport);
            this.transport = transport;
        }

        /** The same ones at each call. */
        static Queue<EncodedPacket> packets() {
            Random random = new Random(5);
            Queue<EncodedPacket> packets = new ArrayDeque<>();
            for (int i = 0; i < 3_000; i++) {
                int length = new int[] {10, 100, 900, 5_000, 40_000}[random.nextInt(5)] + random.nextInt(100);
                byte[] data = new byte[length];
                random.nextBytes(data);
                EncodedPacket packet = EncodedPacket.binary(data, 0, length, /* compressible= */ true);
                packets.add(packet);
                if (random.nextInt(10) == 0) {
                    packets.add(packet);
                }
            }
            return packets;
        }

        @Override
        public void onWritable() {
            transport.send(queue);
            if (queue.isEmpty() && !done) {
                done = true;
                queue.add(EncodedPacket.text("ok"));
                transport.send(queue);
            }
        }
    }
}
