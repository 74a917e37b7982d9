package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sockeye.SocketIoServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand connections that send rubbish, stop in the middle or vanish leave nothing behind. */
final class RubbishTest {
    private static final int CONNECTIONS = 10_000;
    private static final int AT_ONCE = 64;

    @SuppressWarnings("StringConcatToTextBlock") // lines end with CRLF
    private static final String UPGRADE = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /** What a connection does to the server. */
    private enum Fault {
        RANDOM_BYTES,
        HALF_REQUEST_LINE,
        HALF_HEADERS,
        HALF_PAYLOAD,
        RUBBISH_PAYLOAD,
        VANISH_AFTER_POLLING_HANDSHAKE,
        ABORT_POLL,
        HALF_UPGRADE_REQUEST,
        HALF_FRAME,
        HALF_FRAGMENTED_MESSAGE,
        RANDOM_FRAMES,
        UNMASKED_FRAME,
        HUGE_FRAME_LENGTH,
        INVALID_UTF8,
        RUBBISH_ENGINE_PACKET,
        RUBBISH_SOCKET_PACKET,
        HALF_BINARY_EVENT,
        VANISH_AFTER_CONNECT,
        SILENT_AFTER_CONNECT
    }

    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger disconnected = new AtomicInteger();

    @Test
    @Timeout(240)
    void tenThousandFaultyConnectionsLeaveNothingBehind() throws Exception {
        Set<String> threadsBefore = serverThreads();
        long seed = System.nanoTime();
        SocketIoServer io = SocketIoServer.builder()
                .port(0)
                .http(http -> http.host("127.0.0.1")
                        .headTimeout(Duration.ofSeconds(1))
                        .bodyTimeout(Duration.ofSeconds(1))
                        .keepAliveTimeout(Duration.ofSeconds(1)))
                .pingInterval(Duration.ofMillis(300))
                .pingTimeout(Duration.ofMillis(200))
                .connectTimeout(Duration.ofSeconds(1))
                .build();
        io.onConnection(socket -> {
            connected.incrementAndGet();
            socket.join("room");
            socket.on("message", event -> socket.emit("message", event.args().toArray()));
            socket.onDisconnect(reason -> disconnected.incrementAndGet());
        });
        try (io) {
            io.start();
            abuse(io.port(), seed);

            assertThat(connected.get())
                    .as("some of them got as far as a socket")
                    .isGreaterThan(500);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(io.engine().sessions()).as("sessions, seed " + seed).isZero();
                assertThat(io.of("/").socketCount()).as("sockets").isZero();
                assertThat(disconnected.get()).as("disconnections told").isEqualTo(connected.get());
                assertThat(io.httpStats().openConnections()).as("connections").isZero();
            });
            assertStillServes(io.port());
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(serverThreads()).isEqualTo(threadsBefore));
    }

    private static void abuse(int port, long seed) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> all = new ArrayList<>();
            Fault[] faults = Fault.values();
            for (int i = 0; i < CONNECTIONS; i++) {
                Fault fault = faults[i % faults.length];
                Random random = new Random(seed + i);
                all.add(clients.submit(() -> {
                    commit(fault, port, random);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            clients.shutdown();
        }
    }

    private static void commit(Fault fault, int port, Random random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0); // the end is a reset
            }
            try {
                commit(fault, socket, random);
            } catch (SocketException e) {
                // The server was quicker to hang up than this side to write: that is its right.
            }
        }
    }

    private static void commit(Fault fault, Socket socket, Random random) throws IOException {
        switch (fault) {
            case RANDOM_BYTES -> send(socket, randomBytes(random, 200));
            case HALF_REQUEST_LINE -> send(socket, "GET /socket.io/?EIO=4&tra");
            case HALF_HEADERS -> send(socket, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: local");
            case HALF_PAYLOAD -> send(socket, post(openPolling(socket), 100, "4half of it"));
            case RUBBISH_PAYLOAD -> {
                String rubbish = new String(randomBytes(random, 60), ISO_8859_1).replace("\r", "");
                send(socket, post(openPolling(socket), rubbish.getBytes(UTF_8).length, rubbish));
                read(socket, "HTTP/1.1");
            }
            case VANISH_AFTER_POLLING_HANDSHAKE -> openPolling(socket);
            case ABORT_POLL -> send(socket, get(openPolling(socket)));
            case HALF_UPGRADE_REQUEST -> send(socket, UPGRADE.substring(0, random.nextInt(UPGRADE.length())));
            default -> commitOverWebSocket(fault, socket, random);
        }
    }

    private static void commitOverWebSocket(Fault fault, Socket socket, Random random) throws IOException {
        send(socket, UPGRADE);
        read(socket, "\"maxPayload\"");
        switch (fault) {
            case HALF_FRAME -> send(socket, new byte[] {(byte) 0x81, (byte) 0xfe, 1});
            case HALF_FRAGMENTED_MESSAGE -> send(socket, frame(0x01, "42[\"message\",".getBytes(UTF_8)));
            case RANDOM_FRAMES -> {
                for (int i = 0; i < 5; i++) {
                    send(socket, frame(random.nextInt(256), randomBytes(random, 60)));
                }
            }
            case UNMASKED_FRAME -> send(socket, new byte[] {(byte) 0x81, 1, '3'});
            case HUGE_FRAME_LENGTH ->
                send(socket, new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4});
            case INVALID_UTF8 -> send(socket, frame(0x81, new byte[] {'4', (byte) 0xc3, (byte) 0x28}));
            case RUBBISH_ENGINE_PACKET -> send(socket, frame(0x81, randomBytes(random, 40)));
            case RUBBISH_SOCKET_PACKET -> {
                connect(socket);
                send(socket, frame(0x81, ("42" + random.nextInt() + "[[{\"").getBytes(UTF_8)));
            }
            case HALF_BINARY_EVENT -> {
                connect(socket);
                String event = "452-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]";
                send(socket, frame(0x81, event.getBytes(UTF_8)));
                send(socket, frame(0x82, randomBytes(random, 1000)));
            }
            case VANISH_AFTER_CONNECT -> connect(socket);
            case SILENT_AFTER_CONNECT -> {
                connect(socket);
                read(socket, "\u0088\0"); // the close frame of a server that gives up on the pong
            }
            default -> throw new AssertionError(fault);
        }
    }

    private static void connect(Socket socket) throws IOException {
        send(socket, frame(0x81, "40".getBytes(UTF_8)));
        read(socket, "40{\"sid\"");
    }

    private static void assertStillServes(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            send(socket, UPGRADE);
            read(socket, "\"maxPayload\"");
            connect(socket);
            send(socket, frame(0x81, "42[\"message\",1]".getBytes(UTF_8)));
            assertThat(read(socket, "42[\"message\",1]")).contains("42[\"message\",1]");
        }
    }

    private static String openPolling(Socket socket) throws IOException {
        send(socket, get(""));
        String answer = read(socket, "}");
        int at = answer.indexOf("\"sid\":\"") + 7;
        return "&sid=" + answer.substring(at, answer.indexOf('"', at));
    }

    private static String get(String query) {
        return "GET /socket.io/?EIO=4&transport=polling" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String post(String query, int length, String body) {
        return "POST /socket.io/?EIO=4&transport=polling" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + length + "\r\n\r\n" + body;
    }

    /** A masked frame with that first byte (RFC 6455, 5.2). */
    private static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]); // a mask of zeros leaves the payload as it is
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Reads until that text has come, or the connection has ended. */
    private static String read(Socket socket, String until) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                text.append(new String(buffer, 0, n, ISO_8859_1));
                if (text.indexOf(until) >= 0) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer within 5 s but " + text, e);
        }
        return text.toString();
    }

    private static void send(Socket socket, String text) throws IOException {
        send(socket, text.getBytes(UTF_8));
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static byte[] randomBytes(Random random, int atMost) {
        byte[] bytes = new byte[1 + random.nextInt(atMost)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Set<String> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sockeye"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
