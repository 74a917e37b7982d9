package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events from server to server. */
final class ServerSideEmitTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final FakeCluster cluster = new FakeCluster();

    @Test
    void serverThatStandsAloneHasNobodyToTell() {
        io.server().onServerSide("x", e -> io.tell("never"));
        assertThat(io.server().serverSideEmit("x", 1)).isTrue();
        ServerAnswers answers = SocketIoFixture.now(io.server().serverSideEmitWithAck("x", 1));
        assertThat(answers.complete()).isTrue();
        assertThat(answers.received()).isEmpty();
    }

    @Test
    void otherServersAreToldAndTheirAnswersGathered() {
        io.settings().adapter(cluster);
        cluster.silent = 1;
        assertThat(io.server().serverSideEmit("x", 1, "a")).isTrue();
        ServerAnswers answers = SocketIoFixture.now(io.server().of("/").serverSideEmitWithAck("ask"));
        assertThat(cluster.sent).containsExactly("x[1,\"a\"]", "ask[]");
        assertThat(answers.complete()).isFalse();
        assertThat(answers.missing()).isEqualTo(1);
        assertThat(answers.as(String.class)).containsExactly("pong");
    }

    @Test
    void eventsOfOtherServersAreHandledInOrder() {
        io.settings().adapter(cluster);
        Namespace namespace = io.server().of("/");
        namespace.onServerSide("x", e -> io.tell("raw " + e.args() + e.ack().requested()));
        namespace.onServerSide("x", String.class, text -> io.tell("typed " + text));
        namespace.onServerSide("y", e -> io.tell("y"));
        cluster.local.serverSideEvent("x", Arguments.of("a"), null);
        cluster.local.serverSideEvent("y", Arguments.of(), null);
        cluster.local.serverSideEvent("unknown", Arguments.of(), null);
        io.expectTold();
        io.settle();
        io.expectTold("raw [\"a\"]false", "typed a", "y");
        namespace.offServerSide("x");
        cluster.local.serverSideEvent("x", Arguments.of("a"), null);
        io.settle();
    }

    @Test
    void oneAnswerIsSent() {
        io.settings().adapter(cluster);
        io.server().of("/").onServerSide("ask", Integer.class, (n, ack) -> {
            assertThat(ack.requested()).isTrue();
            assertThat(ack.send(n + 1)).isTrue();
            assertThat(ack.send("again")).isFalse();
        });
        List<String> replies = new ArrayList<>();
        cluster.local.serverSideEvent("ask", Arguments.of(1), args -> replies.add(args.toString()));
        io.settle();
        assertThat(replies).containsExactly("[2]");
    }

    @Test
    void handlerThatFailsStopsNothing() {
        io.settings().adapter(cluster);
        io.server().onServerSide("x", e -> {
            throw new IllegalStateException("on purpose");
        });
        io.server().onServerSide("x", e -> io.tell("next"));
        cluster.local.serverSideEvent("x", Arguments.of(), null);
        io.settle();
        io.expectTold("next");
        io.expectLogged("ERROR a handler of server-side event \"x\" failed");
    }

    @Test
    void reservedNamesAreRefused() {
        String message = "\"disconnect\" is a reserved event name";
        assertThatThrownBy(() -> io.server().serverSideEmit("disconnect")).hasMessage(message);
        assertThatThrownBy(() -> io.server().serverSideEmitWithAck("disconnect"))
                .hasMessage(message);
        assertThatThrownBy(() -> io.server().onServerSide("disconnect", e -> {}))
                .hasMessage(message);
    }
}
