package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.SocketIoServer;
import io.sockeye.testsupport.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Handlers may take their time. */
class SleepingHandlerTest {
    private static final String UPGRADE = String.join(
            "\r\n",
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            "");
    private static final int OTHERS = 20;

    @Test
    void handlerThatSleepsThreeSecondsDelaysNobodyElse() {
        AtomicBoolean asleep = new AtomicBoolean();
        SocketIoServer io = SocketIoServer.builder()
                .port(0)
                .http(http -> http.host("127.0.0.1").eventLoopThreads(1))
                .build();
        io.onConnection(socket -> {
            socket.on("echo", event -> socket.emit("echo", event.args().toArray()));
            socket.on("sleep", event -> {
                asleep.set(true);
                Thread.sleep(3000);
                asleep.set(false);
                socket.emit("awake");
            });
        });
        List<RawClient> others = new ArrayList<>();
        try (io) {
            io.start();
            RawClient sleeper = connect(io.port());
            send(sleeper, "42[\"sleep\"]");
            send(sleeper, "42[\"echo\",\"behind it\"]");
            Stream.generate(() -> connect(io.port())).limit(OTHERS).forEach(others::add);
            for (int i = 0; i < 50; i++) {
                String event = "42[\"echo\"," + i + "]";
                others.forEach(client -> send(client, event));
                others.forEach(client -> client.readUntil(event));
            }
            assertThat(asleep).as("1,000 events were handled while it slept").isTrue();

            assertThat(sleeper.readUntil("behind it\"]")).contains("42[\"awake\"]");
            sleeper.close();
        } finally {
            others.forEach(RawClient::close);
        }
    }

    private static RawClient connect(int port) {
        RawClient client = RawClient.connect(port);
        client.send(UPGRADE).readUntil("\"maxPayload\":1000000}");
        send(client, "40");
        client.readUntil("40{\"sid\":\"");
        return client;
    }

    /** One masked text frame (RFC 6455, 5.2); a mask of zeros leaves the payload as it is. */
    private static void send(RawClient client, String packet) {
        int length = packet.getBytes(StandardCharsets.UTF_8).length;
        client.send("\u0081" + (char) (0x80 | length) + "\0\0\0\0" + packet);
    }
}
