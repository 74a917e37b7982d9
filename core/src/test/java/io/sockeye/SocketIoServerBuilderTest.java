package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SocketIoServerBuilderTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final SocketIoServerBuilder builder = SocketIoServer.builder();

    @Test
    void settingsAreCheckedAtOnce() {
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
                .hasMessage("connectTimeout: PT0S (expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageEndingWith("(expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> builder.pingInterval(Duration.ofSeconds(-5)))
                .hasMessage("pingInterval: PT-5S (expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> builder.pingTimeout(Duration.ZERO)).hasMessageStartingWith("pingTimeout: PT0S");
        assertThatThrownBy(() -> builder.maxPayload(-1)).hasMessage("maxPayload: -1 (expected: > 0)");
        assertThatThrownBy(() -> builder.maxPendingEvents(0)).hasMessage("maxPendingEvents: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.maxNamespacesPerConnection(0))
                .hasMessage("maxNamespacesPerConnection: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.maxAttachments(0)).hasMessage("maxAttachments: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.handlerThreads(0)).hasMessage("handlerThreads: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.path("")).hasMessage("path:  (expected: a path such as /socket.io)");
        assertThatThrownBy(() -> builder.path("/a?b")).hasMessageStartingWith("path: /a?b");
        assertThatThrownBy(() -> builder.handlerExecutor(null)).hasMessage("handlerExecutor");
        assertThatThrownBy(() -> builder.adapter(null)).hasMessage("adapter");
        assertThatThrownBy(() -> builder.parser(null)).hasMessage("parser");
        assertThatThrownBy(() -> builder.jsonMapper(null)).hasMessage("jsonMapper");
        assertThatThrownBy(() -> builder.cors(null)).hasMessage("cors");
    }

    @ParameterizedTest
    @CsvSource({"/socket.io, /socket.io/", "chat, /chat/", "/chat/, /chat/", "/a/b, /a/b/"})
    void pathHasASlashAtBothEnds(String path, String normal) {
        assertThat(io.settings().path(path)).isSameAs(io.settings());
        assertThat(io.server().path()).isEqualTo(normal);
    }

    @Test
    void ownExecutorRunsHandlersAndIsLeftAlone() {
        List<Runnable> tasks = new ArrayList<>();
        try (SocketIoServer server = SocketIoServer.builder()
                .serveClient(false)
                .transports(new io.sockeye.fixture.FakeWebSocket.Factory())
                .inlineHandlers()
                .handlerExecutor(tasks::add)
                .build()) {
            var exchange = new io.sockeye.fixture.TestExchange(io.loop, "GET", "/socket.io/?EIO=4&transport=websocket")
                    .upgrade();
            server.onConnection(socket -> io.tell("connection"));
            io.loop.run(() -> server.httpHandler().handle(exchange));
            io.loops.settle();
            exchange.webSocket().receive("40");
            io.expectTold();
            tasks.get(0).run();
            io.expectTold("connection");
            exchange.webSocket().closeByPeer();
            io.loops.settle();
        }
    }
}
