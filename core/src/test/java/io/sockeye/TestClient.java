package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.FakeWebSocket;

/**
 * A client of {@link SocketIoFixture} over WebSocket. Packets are written as on the wire: {@code 42["event"]}, binary ones as
 * {@code <hex>}. For the test's thread.
 */
final class TestClient {
    private static final String CONNECTED = "40%s{\"sid\":\"%s\"}";
    private static final int ID_LENGTH = 20;

    private final SocketIoFixture fixture;
    private final FakeWebSocket webSocket;

    TestClient(SocketIoFixture fixture, FakeWebSocket webSocket) {
        this.fixture = fixture;
        this.webSocket = webSocket;
    }

    /** Lets everything settle, sends text packets, and lets everything settle again. */
    TestClient send(String... packets) {
        fixture.settle();
        receive(packets);
        fixture.settle();
        return this;
    }

    /** Sends text packets, which the server reads but does not handle yet. */
    TestClient receive(String... packets) {
        for (String packet : packets) {
            webSocket.receive(packet);
        }
        return this;
    }

    /** Sends a binary message and lets everything settle. */
    TestClient sendBinary(int... data) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) data[i];
        }
        webSocket.receiveBinary(bytes);
        fixture.settle();
        return this;
    }

    /** Joins the main namespace. */
    Socket join() {
        return join("/");
    }

    /** Joins a namespace and lets everything settle; fails unless the server's next packet lets it in. */
    Socket join(String namespace) {
        String prefix = namespace.equals("/") ? "" : namespace + ",";
        send("40" + prefix);
        return joined(namespace);
    }

    /** The socket that the server's next packet tells of. */
    Socket joined(String namespace) {
        String prefix = namespace.equals("/") ? "" : namespace + ",";
        String packet = webSocket.next();
        assertThat(packet).startsWith("40" + prefix + "{\"sid\":\"");
        int from = prefix.length() + 10;
        String id = packet.substring(from, from + ID_LENGTH);
        assertThat(packet).isEqualTo(CONNECTED, prefix, id);
        Socket socket = fixture.server().namespace(namespace).socket(id);
        assertThat(socket).isNotNull();
        return socket;
    }

    /** Fails unless the server has sent these, and nothing else, since the last call. */
    TestClient expect(String... packets) {
        webSocket.expect(packets);
        return this;
    }

    /** Fails unless these, and then the close frame, are what the server has sent since the last call. */
    void expectClosed(String... packets) {
        String[] all = java.util.Arrays.copyOf(packets, packets.length + 1);
        all[packets.length] = FakeWebSocket.CLOSED;
        webSocket.expect(all);
    }

    FakeWebSocket webSocket() {
        return webSocket;
    }

    /** The client closes the connection. */
    void close() {
        webSocket.closeByPeer();
        fixture.settle();
    }
}
