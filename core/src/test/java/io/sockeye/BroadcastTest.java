package io.sockeye;

import static io.sockeye.SocketIoFixture.now;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rooms, and what is emitted to many sockets at once. */
final class BroadcastTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private TestClient ann;
    private TestClient bob;
    private TestClient cid;
    private Socket annSocket;
    private Socket bobSocket;
    private Socket cidSocket;

    /** Three clients, the last on another event loop: Ann in red, Bob in red and blue, Cid in blue. */
    @BeforeEach
    void join() {
        ann = io.connect();
        bob = io.connect();
        cid = io.connect(io.otherLoop);
        annSocket = ann.join();
        bobSocket = bob.join();
        cidSocket = cid.join();
        annSocket.join("red");
        bobSocket.join("red", "blue");
        cidSocket.join(List.of("blue"));
    }

    /** Who has received {@code 42["x"]}, once each, and nothing else. */
    private void expectReceived(TestClient... clients) {
        io.settle();
        for (TestClient client : List.of(ann, bob, cid)) {
            client.expect(List.of(clients).contains(client) ? new String[] {"42[\"x\"]"} : new String[0]);
        }
    }

    @Test
    void emitReachesEverySocketOfTheNamespace() {
        io.server().of("/admin");
        TestClient elsewhere = io.connect();
        elsewhere.join("/admin");
        assertThat(io.server().emit("x")).isTrue();
        expectReceived(ann, bob, cid);
        elsewhere.expect();
        io.server().of("/admin").emit("y");
        io.settle();
        elsewhere.expect("42/admin,[\"y\"]");
    }

    @Test
    void toReachesTheSocketsOfARoom() {
        io.server().to("red").emit("x");
        expectReceived(ann, bob);
        io.server().in("blue").emit("x");
        expectReceived(bob, cid);
        io.server().to("nobody").emit("x");
        expectReceived();
    }

    @Test
    void socketInSeveralRoomsReceivesOnce() {
        io.server().to("red", "blue").emit("x");
        expectReceived(ann, bob, cid);
        io.server().to("red").in(List.of("blue")).emit("x");
        expectReceived(ann, bob, cid);
    }

    @Test
    void exceptTakesRoomsOut() {
        io.server().except("red").emit("x");
        expectReceived(cid);
        io.server().to("red", "blue").except("red").emit("x");
        expectReceived(cid);
        io.server().to("blue").except(List.of(bobSocket.id())).emit("x");
        expectReceived(cid);
        io.server().except("red", "blue").emit("x");
        expectReceived();
    }

    @Test
    void socketHasARoomOfItsOwn() {
        assertThat(annSocket.rooms()).containsExactlyInAnyOrder(annSocket.id(), "red");
        io.server().to(annSocket.id()).emit("x");
        expectReceived(ann);
        annSocket.leave(annSocket.id());
        io.server().to(annSocket.id()).emit("x");
        expectReceived();
        annSocket.join(annSocket.id());
        io.server().to(annSocket.id(), "red").emit("x");
        expectReceived(ann, bob);
    }

    @Test
    void broadcastOfASocketExcludesItself() {
        annSocket.broadcast().emit("x");
        expectReceived(bob, cid);
        annSocket.to("red").emit("x");
        expectReceived(bob);
        bobSocket.in("red", "blue").emit("x");
        expectReceived(ann, cid);
        annSocket.except("red").emit("x");
        expectReceived(cid);
        annSocket.to(annSocket.id()).emit("x");
        expectReceived();
    }

    @Test
    void operatorsAreImmutable() {
        BroadcastOperator red = io.server().to("red");
        red.to("blue");
        red.except("red");
        red.volatileFlag();
        red.emit("x");
        expectReceived(ann, bob);
    }

    @Test
    void nobodyReceivesAfterLeaving() {
        bobSocket.leave("red");
        bobSocket.leave("never joined");
        io.server().to("red").emit("x");
        expectReceived(ann);
        assertThat(bobSocket.rooms()).containsExactlyInAnyOrder(bobSocket.id(), "blue");
    }

    @Test
    void nobodyReceivesAfterTheDisconnection() {
        ann.send("41");
        bobSocket.disconnect();
        io.server().emit("x");
        io.settle();
        ann.expect();
        bob.expect("41");
        cid.expect("42[\"x\"]");
        annSocket.join("red");
        bobSocket.join("red");
        io.server().to("red").emit("x");
        expectReceived();
        assertThat(io.server().of("/").rooms().names()).containsExactly("blue");
    }

    @Test
    void socketsAreMovedBetweenRoomsTogether() {
        io.server().to("red").socketsJoin("green", "grey");
        io.server().to("green").emit("x");
        expectReceived(ann, bob);
        io.server().of("/").socketsLeave("red", "green");
        assertThat(annSocket.rooms()).containsExactlyInAnyOrder(annSocket.id(), "grey");
        io.server().socketsJoin("all");
        io.server().to("all").emit("x");
        expectReceived(ann, bob, cid);
    }

    @Test
    void socketsAreDisconnectedTogether() {
        for (Socket socket : List.of(annSocket, bobSocket, cidSocket)) {
            socket.onDisconnect(reason -> io.tell(reason.text()));
        }
        io.server().to("red").disconnectSockets(false);
        io.settle();
        ann.expect("41");
        bob.expect("41");
        io.server().disconnectSockets(true);
        io.settle();
        cid.expectClosed("41");
        io.expectTold("server namespace disconnect", "server namespace disconnect", "server namespace disconnect");
    }

    @Test
    void emitAndBroadcastOfOneThreadArriveInOrder() {
        for (int i = 0; i < 5; i++) {
            annSocket.emit("own", i);
            io.server().emit("all", i);
            io.server().to("red").emit("room", i);
        }
        annSocket.disconnect();
        io.settle();
        String[] expected = IntStream.range(0, 5)
                .boxed()
                .flatMap(i ->
                        List.of("42[\"own\"," + i + "]", "42[\"all\"," + i + "]", "42[\"room\"," + i + "]").stream())
                .toArray(String[]::new);
        for (String packet : expected) {
            assertThat(ann.webSocket().next()).isEqualTo(packet);
        }
        ann.expect("41");
        IntStream.range(0, 10).forEach(i -> bob.webSocket().next());
        IntStream.range(0, 5).forEach(i -> cid.webSocket().next());
    }

    @Test
    void broadcastIsHandedOverOncePerEventLoop() {
        for (int i = 0; i < 20; i++) {
            io.connect(i % 2 == 0 ? io.loop : io.otherLoop).join();
        }
        int one = io.loop.executed();
        int two = io.otherLoop.executed();
        int[] written = {0};
        io.server().to("none").emit("x", new Counted(written));
        assertThat(written[0]).as("encoded for nobody").isZero();
        io.server().emit("x", new Counted(written));
        assertThat(io.loop.executed() - one).isEqualTo(1);
        assertThat(io.otherLoop.executed() - two).isEqualTo(1);
        assertThat(written[0]).as("encodings").isEqualTo(1);
        io.server().disconnectSockets(true);
        io.settle();
        io.discardSent();
    }

    /** Counts how often it is written. */
    record Counted(int[] written) {
        @Override
        public int[] written() {
            written[0]++;
            return written;
        }
    }

    @Test
    void volatileIsDroppedForThoseWhoCannotTakeIt() {
        bob.webSocket().stall();
        io.server().volatileFlag().emit("x");
        io.server().to("red").volatileFlag().emit("x");
        bobSocket.volatileFlag().emit("x");
        io.settle();
        ann.expect("42[\"x\"]", "42[\"x\"]");
        cid.expect("42[\"x\"]");
        bobSocket.emit("kept");
        io.settle();
        bob.webSocket().recover();
        io.settle();
        bob.expect("42[\"kept\"]");
        bobSocket.volatileFlag().emit("x", new byte[] {1});
        io.settle();
        bob.expect("451-[\"x\",{\"_placeholder\":true,\"num\":0}]", "<01>");
    }

    /** They are all judged before any of them is written. */
    @Test
    void volatileEventsOfOneTurnDoNotFillTheSendQueue() {
        String large = "x".repeat(40_000);
        for (int i = 0; i < 1000; i++) {
            bobSocket.volatileFlag().emit("x", large);
        }
        bobSocket.emit("kept");
        io.settle();
        String twoFit = "42[\"x\",\"" + large + "\"]";
        bob.expect(twoFit, twoFit, "42[\"kept\"]");
    }

    @Test
    void binaryIsBroadcast() {
        io.server().to("red").emit("x", new byte[] {1});
        io.settle();
        ann.expect("451-[\"x\",{\"_placeholder\":true,\"num\":0}]", "<01>");
        bob.expect("451-[\"x\",{\"_placeholder\":true,\"num\":0}]", "<01>");
    }

    @Test
    void acknowledgementsOfABroadcastAreGathered() {
        CompletableFuture<Acknowledgements> reply = io.server().to("red").emitWithAck("x", 1);
        ann.send("430[\"a\",\"more\"]").expect("420[\"x\",1]");
        assertThat(reply).isNotDone();
        bob.send("430[]").expect("420[\"x\",1]");
        Acknowledgements acks = now(reply);
        assertThat(acks.complete()).isTrue();
        assertThat(acks.received())
                .extracting(Acknowledgements.Answer::socketId)
                .containsExactly(annSocket.id(), bobSocket.id());
        assertThat(String.valueOf(acks.of(annSocket.id()))).isEqualTo("[\"a\",\"more\"]");
        assertThat(acks.of(cidSocket.id())).isNull();
        assertThat(acks.as(String.class)).containsExactly("a", null);
        bob.send("430[\"again\"]");
    }

    @Test
    void broadcastTellsWhoDidNotAcknowledgeInTime() {
        CompletableFuture<Acknowledgements> reply =
                io.server().timeout(Duration.ofSeconds(2)).emitWithAck("x");
        bob.send("430[1]").expect("420[\"x\"]");
        cid.expect("420[\"x\"]");
        ann.expect("420[\"x\"]");
        io.advance(Duration.ofMillis(1900));
        assertThat(reply).isNotDone();
        io.advance(Duration.ofMillis(100));
        assertThat(now(reply).complete()).isFalse();
        assertThat(now(reply).missing()).isEqualTo(2);
        assertThat(now(reply).missingServers()).isZero();
        assertThat(now(reply).of(bobSocket.id())).isNotNull();
        assertThat(now(reply).as(Integer.class)).containsExactly(1);
        ann.send("430[2]");
        assertThat(now(reply).received()).hasSize(1);
    }

    @Test
    void broadcastWaitsFiveSecondsByDefault() {
        CompletableFuture<Acknowledgements> reply =
                io.server().to(annSocket.id()).emitWithAck("x");
        io.advance(Duration.ofMillis(4900));
        assertThat(reply).isNotDone();
        io.advance(Duration.ofMillis(100));
        assertThat(now(reply).missing()).isEqualTo(1);
        ann.expect("420[\"x\"]");
    }

    @Test
    void broadcastDoesNotWaitForThoseWhoDisconnect() {
        CompletableFuture<Acknowledgements> reply = io.server().compress(true).emitWithAck("x");
        io.settle();
        ann.send("430[1]").expect("420[\"x\"]");
        bob.expect("420[\"x\"]").close();
        cidSocket.disconnect();
        io.settle();
        cid.expect("420[\"x\"]", "41");
        assertThat(now(reply).received())
                .extracting(Acknowledgements.Answer::socketId)
                .containsExactly(annSocket.id());
        assertThat(now(reply).missing()).isEqualTo(2);
    }

    @Test
    void broadcastToNobodyIsAcknowledgedAtOnce() {
        CompletableFuture<Acknowledgements> reply = io.server().to("nobody").emitWithAck("x");
        io.settle();
        assertThat(now(reply).complete()).isTrue();
        assertThat(now(reply).received()).isEmpty();
    }

    @Test
    void broadcastWithAcknowledgementsMayBeVolatile() {
        ann.webSocket().stall();
        CompletableFuture<Acknowledgements> reply =
                annSocket.namespace().to("red").volatileFlag().emitWithAck("x");
        bob.send("430[1]").expect("420[\"x\"]");
        io.advance(Duration.ofSeconds(5));
        assertThat(now(reply).missing()).isEqualTo(1);
        ann.webSocket().recover();
        io.settle();
        ann.expect();
    }
}
