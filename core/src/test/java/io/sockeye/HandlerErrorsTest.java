package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client and the hooks learn of events that cannot be handled. */
final class HandlerErrorsTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private TestClient client;
    private Socket socket;

    record Order(String item, int count) {}

    @BeforeEach
    void join() {
        io.settings()
                .validator(value -> value instanceof Order order && order.count() < 1 ? "count is too small" : null);
        client = io.connect();
        socket = client.join();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "420[\"order\"]|argument 0: expected Order, got nothing",
                "420[\"order\",\"text\"]|argument 0: expected Order, got string",
                "420[\"order\",{\"item\":\"a\",\"count\":\"1\"}]|argument 0: expected Order, got object (at count)",
                "420[\"order\",{\"item\":\"a\",\"count\":0}]|argument 0: count is too small",
                "420[\"order\",{\"item\":\"a\",\"count\":1}]|argument 1: expected String, got nothing",
                "420[\"order\",{\"item\":\"a\",\"count\":1},7]|argument 1: expected String, got number",
            })
    void argumentsThatDoNotFitAreAnsweredWithAnError(String packet, String message) {
        socket.on("order", Order.class, String.class, (order, text) -> io.tell("half-bound"));
        socket.onError((event, error) -> io.tell("socket: " + event.name() + " " + error.getMessage()));
        client.send(packet).expect("430[{\"error\":\"invalid arguments\",\"message\":\"" + message + "\"}]");
        io.expectTold("socket: order " + message, "error of order: " + message);
        assertThat(socket.connected()).isTrue();
    }

    @Test
    void argumentsThatDoNotFitAreNotAnsweredUnasked() {
        socket.on("order", Order.class, order -> io.tell("half-bound"));
        client.send("42[\"order\",1]").expect();
        io.expectTold("error of order: argument 0: expected Order, got number");
    }

    @Test
    void errorHookAnswersInItsOwnWords() {
        socket.on("order", Order.class, (order, ack) -> ack.send("fine"));
        socket.onError((event, error) -> event.ack().send("KO", 400));
        client.send("420[\"order\",1]").expect("430[\"KO\",400]");
        io.expectTold("error of order: argument 0: expected Order, got number");
    }

    @Test
    void handlersThatAnswerAreBoundAlike() {
        socket.onWithAck("sum", int.class, int.class, int.class, (a, b, c) -> a + b + c);
        client.send("420[\"sum\",1,2,3]", "421[\"sum\",1,2]")
                .expect(
                        "430[6]",
                        "431[{\"error\":\"invalid arguments\",\"message\":\"argument 2: expected int, got nothing\"}]");
        io.expectTold("error of sum: argument 2: expected int, got nothing");
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // the handler's result is what it completes with
    void clientIsNotLeftWaitingForAnAnswerThatFailed() {
        socket.onWithAck("now", () -> {
            throw new IOException("secret");
        });
        socket.onWithAck("later", () -> CompletableFuture.failedFuture(new IOException("secret too")));
        socket.onWithAck("value", () -> CompletableFuture.completedFuture(new Unwritable(1)));
        client.send("420[\"now\"]", "421[\"later\"]", "422[\"value\"]");
        client.expect(
                "430[{\"error\":\"internal error\"}]",
                "431[{\"error\":\"internal error\"}]",
                "432[{\"error\":\"internal error\"}]");
        assertThat(io.told()).hasSize(3).startsWith("error of now: secret", "error of later: secret too");
        io.expectTold(io.told().toArray(String[]::new));
        io.expectLogged(
                "ERROR a handler of event \"now\" failed",
                "ERROR a handler of event \"later\" failed",
                "ERROR a handler of event \"value\" failed");
    }

    @Test
    void handlerThatAnswersItselfMayHaveHandedTheAnswerOn() {
        socket.on("x", String.class, (text, ack) -> {
            io.tell("handed on");
            throw new IOException("afterwards");
        });
        client.send("420[\"x\",\"a\"]").expect();
        io.expectTold("handed on", "error of x: afterwards");
        io.expectLogged("ERROR a handler of event \"x\" failed");
    }
}
