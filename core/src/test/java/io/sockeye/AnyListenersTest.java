package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who hears every event, in and out. */
final class AnyListenersTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final EventHandler first = e -> io.tell("first " + e.name() + e.args());
    private final EventHandler second = e -> io.tell("second " + e.name() + e.args());
    private TestClient client;
    private Socket socket;

    @BeforeEach
    void join() {
        client = io.connect();
        socket = client.join();
    }

    @Test
    void prependedListenerIsToldBeforeTheOthers() {
        socket.onAny(first);
        socket.prependAny(second);
        assertThat(socket.listenersAny()).containsExactly(second, first);
        client.send("42[\"x\",1]");
        io.expectTold("second x[1]", "first x[1]");
    }

    @Test
    void listenersAreRemovedOneByOneOrAllAtOnce() {
        assertThat(socket.listenersAny()).isEmpty();
        socket.onAny(first);
        socket.onAny(second);
        socket.onAny(first);
        socket.offAny(first);
        client.send("42[\"x\"]");
        io.expectTold("second x[]");
        socket.onAny(first);
        socket.offAny();
        client.send("42[\"x\"]");
        assertThat(socket.listenersAny()).isEmpty();
    }

    @Test
    void outgoingListenersHearEmitsAndBroadcastsInOrder() {
        socket.onAnyOutgoing(first);
        socket.emit("a", 1, "b");
        io.server().emit("b", 2);
        socket.volatileFlag().emit("c");
        io.settle();
        io.expectTold("first a[1,\"b\"]", "first b[2]", "first c[]");
        client.expect("42[\"a\",1,\"b\"]", "42[\"b\",2]", "42[\"c\"]");
    }

    @Test
    void outgoingListenersHearEventsThatAskForAcknowledgements() {
        socket.onAnyOutgoing(first);
        socket.emitWithAck("a", 1);
        var all = io.server().timeout(Duration.ofSeconds(1)).emitWithAck("b", 2);
        io.settle();
        io.expectTold("first a[1]", "first b[2]");
        client.expect("420[\"a\",1]", "421[\"b\",2]");
        client.send("430[]", "431[]");
        assertThat(all).isDone();
    }

    @Test
    void outgoingListenersDoNotHearAcknowledgementsAndRefusals() {
        socket.onAnyOutgoing(first);
        socket.onWithAck("x", () -> "answer");
        client.send("427[\"x\"]").expect("437[\"answer\"]");
        socket.disconnect();
        socket.emit("late");
        socket.emitWithAck("late");
        io.settle();
        client.expect("41");
    }

    @Test
    void outgoingListenersAreAddedInFrontAndRemoved() {
        assertThat(socket.listenersAnyOutgoing()).isEmpty();
        socket.onAnyOutgoing(first);
        socket.prependAnyOutgoing(second);
        assertThat(socket.listenersAnyOutgoing()).containsExactly(second, first);
        socket.offAnyOutgoing(second);
        socket.emit("a");
        io.settle();
        io.expectTold("first a[]");
        socket.offAnyOutgoing();
        socket.emit("b");
        io.settle();
        client.expect("42[\"a\"]", "42[\"b\"]");
    }
}
