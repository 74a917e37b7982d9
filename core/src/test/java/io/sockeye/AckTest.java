package io.sockeye;

import static io.sockeye.SocketIoFixture.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.engine.OverflowPolicy;
import io.sockeye.protocol.socketio.ArgumentException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.core.type.TypeReference;

/** Acknowledgements, asked for by either side (Socket.IO v5, Acknowledgement). */
final class AckTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private TestClient client;
    private Socket socket;

    record Sum(int a, int b) {}

    @BeforeEach
    void join() {
        io.settings().engine(engine -> engine.sendQueueLimit(1500).overflow(OverflowPolicy.DROP_NEWEST));
        client = io.connect();
        socket = client.join();
    }

    @Test
    void handlerAnswersTheClient() {
        socket.on("sum", Sum.class, (sum, ack) -> io.tell(ack.requested() + " " + ack.send(sum.a() + sum.b(), "done")));
        client.send("427[\"sum\",{\"a\":1,\"b\":2}]").expect("437[3,\"done\"]");
        io.expectTold("true true");
    }

    @Test
    void eventWithoutIdAsksForNoAnswer() {
        socket.on("x", e -> io.tell(e.ack().requested() + " " + e.ack().send(1)));
        socket.onWithAck("x", () -> "unwanted");
        client.send("42[\"x\"]").expect();
        io.expectTold("false false");
    }

    @Test
    void onlyTheFirstAnswerCounts() {
        socket.on("x", e -> io.tell(e.ack().send() + " " + e.ack().send("again")));
        socket.on("x", e -> io.tell("other handler " + e.ack().send("again")));
        client.send("420[\"x\"]").expect("430[]");
        io.expectTold("true false", "other handler false");
    }

    @Test
    void answerThatCannotBeWrittenLeavesRoomForOneThatCan() {
        socket.on("x", e -> {
            try {
                e.ack().send(new Unwritable(1));
            } catch (RuntimeException unwritable) {
                e.ack().send("failed");
            }
        });
        client.send("420[\"x\"]").expect("430[\"failed\"]");
    }

    @Test
    void answerMayComeLater() {
        Ack[] kept = new Ack[1];
        socket.on("x", e -> kept[0] = e.ack());
        client.send("420[\"x\"]").expect();
        kept[0].send("later");
        io.settle();
        client.expect("430[\"later\"]");
    }

    @Test
    void answerAfterTheDisconnectionIsNotSent() {
        Ack[] kept = new Ack[1];
        socket.on("x", e -> kept[0] = e.ack());
        client.send("420[\"x\"]", "41");
        assertThat(kept[0].send("late")).isFalse();
        client.expect();
    }

    @Test
    void binaryGoesBackInAnswers() {
        socket.onWithAck("x", () -> new byte[] {1, 2});
        client.send("423[\"x\"]").expect("461-3[{\"_placeholder\":true,\"num\":0}]", "<0102>");
    }

    @Test
    void returnedValueIsTheAnswer() {
        socket.onWithAck("sum", Sum.class, sum -> sum.a() + sum.b());
        socket.onWithAck("none", () -> null);
        socket.onWithAck("join", String.class, String.class, (a, b) -> a + b);
        socket.onWithAck("list", new TypeReference<List<Integer>>() {}, list -> Map.of("size", list.size()));
        client.send(
                "420[\"sum\",{\"a\":1,\"b\":2}]", "421[\"none\"]", "422[\"join\",\"a\",\"b\"]", "423[\"list\",[1,2]]");
        client.expect("430[3]", "431[null]", "432[\"ab\"]", "433[{\"size\":2}]");
    }

    @Test
    void returnedStageAnswersWhenItCompletes() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        socket.onWithAck("x", () -> answer);
        client.send("420[\"x\"]").expect();
        answer.complete("now");
        io.settle();
        client.expect("430[\"now\"]");
    }

    @Test
    void failureOfAReturnedStageReachesTheHook() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> stripped = answer.thenApply(String::strip);
        socket.onWithAck("x", () -> stripped);
        client.send("420[\"x\"]");
        answer.completeExceptionally(new IllegalStateException("down"));
        io.settle();
        client.expect("430[{\"error\":\"internal error\"}]");
        io.expectTold("error of x: down");
        io.expectLogged("ERROR a handler of event \"x\" failed");
    }

    @Test
    void returnedValueThatCannotBeWrittenReachesTheHook() {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        socket.onWithAck("now", () -> new Unwritable(1));
        socket.onWithAck("later", () -> answer);
        client.send("420[\"now\"]", "421[\"later\"]");
        answer.complete(new Unwritable(1));
        io.settle();
        client.expect("430[{\"error\":\"internal error\"}]", "431[{\"error\":\"internal error\"}]");
        assertThat(io.told()).hasSize(2);
        io.expectTold(io.told().toArray(String[]::new));
        io.expectLogged("ERROR a handler of event \"now\" failed", "ERROR a handler of event \"later\" failed");
    }

    @Test
    void idsCountFromZeroInEachNamespace() {
        io.server().of("/admin");
        Socket admin = client.join("/admin");
        var first = socket.emitWithAck("a").arguments();
        var second = socket.emitWithAck("b").arguments();
        var third = admin.emitWithAck("c").arguments();
        io.settle();
        client.expect("420[\"a\"]", "421[\"b\"]", "42/admin,0[\"c\"]");
        client.send("431[\"B\"]", "43/admin,0[\"C\"]", "430[\"A\"]");
        assertThat(now(first).get(0, String.class)).isEqualTo("A");
        assertThat(now(second).get(0, String.class)).isEqualTo("B");
        assertThat(now(third).get(0, String.class)).isEqualTo("C");
    }

    @Test
    void answerIsBoundToTheTypeAskedFor() {
        Acknowledgement ack = socket.emitWithAck("x");
        CompletableFuture<Sum> sum = ack.as(Sum.class);
        client.send("430[{\"a\":1,\"b\":2},\"more\"]").expect("420[\"x\"]");
        assertThat(now(sum)).isEqualTo(new Sum(1, 2));
        assertThat(now(ack.as(new TypeReference<Map<String, Integer>>() {}))).containsEntry("a", 1);
        assertThat(now(ack.arguments()).size()).isEqualTo(2);
        assertThatThrownBy(() -> now(ack.as(Integer.class)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ArgumentException.class);
    }

    @Test
    void emptyAnswerIsNull() {
        Acknowledgement ack = socket.emitWithAck("x");
        client.send("430[]").expect("420[\"x\"]");
        assertThat(now(ack.as(String.class))).isNull();
        assertThat(now(ack.as(new TypeReference<List<String>>() {}))).isNull();
    }

    @Test
    void binaryComesBackInAnswers() {
        Acknowledgement ack = socket.emitWithAck("x");
        io.settle();
        client.expect("420[\"x\"]");
        client.send("461-0[{\"_placeholder\":true,\"num\":0}]").sendBinary(7);
        assertThat(now(ack.as(byte[].class))).containsExactly(7);
    }

    @Test
    void answerThatDoesNotComeInTimeFails() {
        CompletableFuture<String> reply =
                socket.timeout(Duration.ofSeconds(5)).emitWithAck("x").as(String.class);
        io.settle();
        client.expect("420[\"x\"]");
        io.advance(Duration.ofMillis(4900));
        assertThat(reply).isNotDone();
        io.advance(Duration.ofMillis(100));
        assertThatThrownBy(() -> now(reply))
                .hasCauseInstanceOf(AckTimeoutException.class)
                .hasRootCauseMessage("operation has timed out");
        client.send("430[\"late\"]").expect();
        assertThat(socket.outbox().pendingAckCount()).isZero();
    }

    @Test
    void answerInTimeCallsTheTimeOff() {
        CompletableFuture<String> reply =
                socket.timeout(Duration.ofSeconds(5)).emitWithAck("x").as(String.class);
        client.send("430[\"a\"]").expect("420[\"x\"]");
        io.advance(Duration.ofSeconds(6));
        assertThat(now(reply)).isEqualTo("a");
    }

    @Test
    void secondAnswerAndUnknownIdsAreIgnored() {
        CompletableFuture<String> reply = socket.emitWithAck("x").as(String.class);
        client.send("430[\"a\"]", "430[\"b\"]", "4377[\"c\"]", "43[\"d\"]").expect("420[\"x\"]");
        assertThat(now(reply)).isEqualTo("a");
        assertThat(socket.connected()).isTrue();
    }

    @Test
    void answerOfAnotherSocketIsNotTaken() {
        TestClient other = io.connect();
        other.join();
        CompletableFuture<String> reply = socket.emitWithAck("x").as(String.class);
        other.send("430[\"forged\"]");
        assertThat(reply).isNotDone();
        client.send("430[\"real\"]").expect("420[\"x\"]");
        assertThat(now(reply)).isEqualTo("real");
    }

    @Test
    void disconnectionFailsWhatIsWaitedFor() {
        CompletableFuture<String> one = socket.emitWithAck("x").as(String.class);
        CompletableFuture<String> two =
                socket.timeout(Duration.ofDays(1)).emitWithAck("y").as(String.class);
        client.send("41").expect("420[\"x\"]", "421[\"y\"]");
        assertThatThrownBy(() -> now(one)).hasCauseInstanceOf(SocketDisconnectedException.class);
        assertThatThrownBy(() -> now(two)).hasCauseInstanceOf(SocketDisconnectedException.class);
        assertThat(socket.outbox().pendingAckCount()).isZero();
    }

    @Test
    void askingAfterTheDisconnectionFailsAtOnce() {
        client.send("41");
        CompletableFuture<String> reply = socket.emitWithAck("x").as(String.class);
        io.settle();
        client.expect();
        assertThatThrownBy(() -> now(reply)).hasCauseInstanceOf(SocketDisconnectedException.class);
    }

    @Test
    void timeMayBeForEver() {
        CompletableFuture<String> reply = socket.timeout(Duration.ofSeconds(Long.MAX_VALUE))
                .emitWithAck("x")
                .as(String.class);
        var all = io.server().timeout(Duration.ofSeconds(Long.MAX_VALUE)).emitWithAck("y");
        client.send("430[\"a\"]", "431[\"b\"]").expect("420[\"x\"]", "421[\"y\"]");
        assertThat(now(reply)).isEqualTo("a");
        assertThat(now(all).complete()).isTrue();
    }

    @Test
    void timeMustBePositive() {
        assertThatThrownBy(() -> socket.timeout(Duration.ZERO)).hasMessage("timeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> io.server().timeout(Duration.ofSeconds(-1)))
                .hasMessage("timeout: PT-1S (expected: > 0)");
    }

    @Test
    void volatileEventThatIsDroppedRunsIntoItsTime() {
        client.webSocket().stall();
        CompletableFuture<String> reply = socket.volatileFlag()
                .timeout(Duration.ofSeconds(1))
                .emitWithAck("x")
                .as(String.class);
        io.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> now(reply)).hasCauseInstanceOf(AckTimeoutException.class);
        client.webSocket().recover();
        io.settle();
        client.expect();
    }

    @Test
    void eventThatTheSendQueueDropsFailsItsAnswer() {
        TestClient other = io.connect();
        Socket slow = other.join();
        other.webSocket().stall();
        CompletableFuture<String> first = slow.emitWithAck("x", "a".repeat(900)).as(String.class);
        CompletableFuture<String> second =
                slow.emitWithAck("x", "b".repeat(900)).as(String.class);
        io.settle();
        assertThat(first).isNotDone();
        assertThatThrownBy(() -> now(second)).hasCauseInstanceOf(SendQueueFullException.class);
        assertThat(slow.emit("x", "c".repeat(900))).isFalse();
        assertThat(slow.connected()).isTrue();
        other.close();
        assertThatThrownBy(() -> now(first)).hasCauseInstanceOf(SocketDisconnectedException.class);
    }

    @Test
    void eventThatEndsItsConnectionByItsSizeFailsItsAnswer() {
        SocketIoFixture strict = new SocketIoFixture();
        strict.settings().engine(engine -> engine.sendQueueLimit(1500));
        TestClient other = strict.connect();
        Socket slow = other.join();
        slow.onDisconnect(reason -> io.tell(reason.text()));
        CompletableFuture<String> reply =
                slow.emitWithAck("x", "a".repeat(2000)).as(String.class);
        strict.settle();
        assertThatThrownBy(() -> now(reply)).hasCauseInstanceOf(SocketDisconnectedException.class);
        io.expectTold("forced close");
        other.expect("[connection dropped]");
    }
}
