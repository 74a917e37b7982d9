package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Events of clients, their handlers and their arguments. */
final class EventsTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private TestClient client;
    private Socket socket;

    record Order(String item, int count) {}

    @BeforeEach
    void join() {
        client = io.connect();
        socket = client.join();
    }

    @Test
    void eventsAreHandledInTheOrderTheyCame() {
        socket.on("n", Integer.class, n -> io.tell(n.toString()));
        client.receive(
                IntStream.range(0, 600).mapToObj(n -> "42[\"n\"," + n + "]").toArray(String[]::new));
        io.settle();
        io.expectTold(IntStream.range(0, 600).mapToObj(Integer::toString).toArray(String[]::new));
    }

    @Test
    void handlersOfOneEventRunInOrderOfAdding() {
        socket.on("x", e -> io.tell("first"));
        socket.on("y", e -> io.tell("other event"));
        socket.on("x", () -> io.tell("second"));
        client.send("42[\"x\",1]");
        io.expectTold("first", "second");
    }

    @Test
    void argumentsArePassedOnAsTheyCame() {
        socket.on("x", e -> {
            socket.emit("to socket", e.args());
            socket.compress(false).emit("uncompressed", e.args());
            io.server().emit("to all", e.args());
            io.server().to(socket.id()).emit("to room", e.args());
            e.ack().send(e.args());
        });
        client.send("427[\"x\", {\"a\" :1} , [true]]");
        client.expect(
                "42[\"to socket\",{\"a\" :1},[true]]",
                "42[\"uncompressed\",{\"a\" :1},[true]]",
                "42[\"to all\",{\"a\" :1},[true]]",
                "42[\"to room\",{\"a\" :1},[true]]",
                "437[{\"a\" :1},[true]]");
        client.send("42[\"x\"]");
        client.expect("42[\"to socket\"]", "42[\"uncompressed\"]", "42[\"to all\"]", "42[\"to room\"]");
        client.send("451-7[\"x\",{\"_placeholder\":true,\"num\":0}]").sendBinary(1, 2);
        String placeholder = "{\"_placeholder\":true,\"num\":0}]";
        client.expect(
                "451-[\"to socket\"," + placeholder,
                "<0102>",
                "451-[\"uncompressed\"," + placeholder,
                "<0102>",
                "451-[\"to all\"," + placeholder,
                "<0102>",
                "451-[\"to room\"," + placeholder,
                "<0102>",
                "461-7[" + placeholder,
                "<0102>");
    }

    @Test
    void argumentsAreBoundToTheTypesAskedFor() {
        socket.on("order", Order.class, order -> io.tell(order.toString()));
        socket.on("list", new TypeReference<List<Order>>() {}, orders -> io.tell(orders.toString()));
        socket.on("two", String.class, double.class, (text, number) -> io.tell(text + number));
        socket.on("three", int.class, boolean.class, JsonNode.class, (a, b, c) -> io.tell(a + " " + b + " " + c));
        socket.on("optional", new TypeReference<Optional<String>>() {}, text -> io.tell(text.toString()));
        socket.on("decimal", BigDecimal.class, number -> io.tell(number.toPlainString()));
        client.send(
                "42[\"order\",{\"item\":\"é\",\"count\":2,\"unknown\":[]}]",
                "42[\"list\",[{\"item\":\"a\",\"count\":1},{\"item\":\"b\",\"count\":2}]]",
                "42[\"two\",\"t\",1.5]",
                "42[\"three\",1,true,{\"a\":[null]}]",
                "42[\"optional\",null]",
                "42[\"decimal\",0.10]");
        io.expectTold(
                "Order[item=é, count=2]",
                "[Order[item=a, count=1], Order[item=b, count=2]]",
                "t1.5",
                "1 true {\"a\":[null]}",
                "Optional.empty",
                "0.10");
    }

    @Test
    void nullIsNull() {
        socket.on("x", String.class, Order.class, (text, order) -> io.tell(text + " " + order));
        client.send("42[\"x\",null,null]");
        io.expectTold("null null");
    }

    @Test
    void furtherArgumentsAreNoneOfTheHandlersBusiness() {
        socket.on("x", String.class, text -> io.tell(text));
        client.send("42[\"x\",\"a\",{\"b\":1},3]");
        io.expectTold("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42[\"order\"]",
                "42[\"order\",\"text\"]",
                "42[\"order\",{\"item\":\"a\",\"count\":\"2\"}]",
                "42[\"order\",{\"item\":\"a\",\"count\":1.5}]",
                "42[\"order\",{\"item\":\"a\",\"count\":null}]",
                "42[\"order\",[]]",
                "42[\"order\",{\"item\":\"a\",\"count\":1}]",
                "42[\"order\",{\"item\":\"a\",\"count\":1},7]"
            })
    void handlerDoesNotRunWithArgumentsThatDoNotFit(String packet) {
        socket.on("order", Order.class, String.class, (order, text) -> io.tell("half-bound"));
        socket.on("order", e -> io.tell("next handler"));
        client.send(packet);
        assertThat(io.told()).hasSize(2).element(0).asString().startsWith("error of order: ");
        assertThat(io.told()).last().isEqualTo("next handler");
        io.expectTold(io.told().toArray(String[]::new));
        assertThat(socket.connected()).isTrue();
    }

    @Test
    void argumentMayBeReadLaterAndTwice() {
        Event[] kept = new Event[1];
        socket.on("x", e -> kept[0] = e);
        client.send("42[\"x\",[1,2],\"b\"]", "42[\"other\"]");
        assertThat(kept[0].name()).isEqualTo("x");
        assertThat(kept[0].args().size()).isEqualTo(2);
        assertThat(kept[0].arg(0, new TypeReference<List<Integer>>() {})).containsExactly(1, 2);
        assertThat(kept[0].arg(0, int[].class)).containsExactly(1, 2);
        assertThat(kept[0].arg(1, String.class)).isEqualTo("b");
    }

    @Test
    void argumentsArePassedOnUnread() {
        socket.on("x", e -> socket.emit("copy", e.args().raw(1), e.args().raw(0)));
        client.send("42[\"x\",{\"a\" : 1.50},\"\\u00e9\"]");
        assertThat(client.webSocket().next()).startsWith("42[\"copy\",").contains("{\"a\" : 1.50}");
    }

    @Test
    void onAnyHearsEveryEventBeforeItsOwnHandlers() {
        EventHandler any = e -> io.tell("any " + e.name() + " " + e.args().size());
        socket.on("x", e -> io.tell("x"));
        socket.onAny(any);
        client.send("42[\"x\",1]", "42[\"unknown\"]", "42");
        io.expectTold("any x 1", "x", "any unknown 0", "any undefined 0");
        socket.offAny(any);
        client.send("42[\"x\"]");
        io.expectTold("x");
    }

    @Test
    void onceRunsOnce() {
        socket.once("x", e -> io.tell("once"));
        socket.once("x", Integer.class, n -> io.tell("once " + n));
        client.receive("42[\"x\",1]", "42[\"x\",2]");
        io.settle();
        io.expectTold("once", "once 1");
    }

    @Test
    void onceThatAddsItselfAgainRunsForTheNextEvent() {
        EventHandler[] handler = new EventHandler[1];
        handler[0] = e -> {
            io.tell("x" + e.arg(0, Integer.class));
            socket.once("x", handler[0]);
        };
        socket.once("x", handler[0]);
        client.send("42[\"x\",1]", "42[\"x\",2]");
        io.expectTold("x1", "x2");
    }

    @Test
    void offRemovesTheHandlerOfThatEventOnly() {
        EventHandler handler = e -> io.tell("shared " + e.name());
        EventHandler.Of1<String> typed = text -> io.tell("typed");
        socket.on("x", handler);
        socket.on("y", handler);
        socket.on("x", String.class, typed);
        socket.off("x", typed);
        client.send("42[\"x\",\"a\"]");
        io.expectTold("shared x");
        socket.off("x", handler);
        client.send("42[\"x\"]", "42[\"y\"]");
        io.expectTold("shared y");
        socket.on("y", e -> io.tell("another"));
        socket.off("y");
        client.send("42[\"y\"]");
    }

    @Test
    void offRemovesEveryHandlerButThoseOfAnyEvent() {
        socket.on("x", e -> io.tell("x"));
        socket.once("y", e -> io.tell("y"));
        socket.onAny(e -> io.tell("any " + e.name()));
        socket.off();
        client.send("42[\"x\"]", "42[\"y\"]");
        io.expectTold("any x", "any y");
    }

    @Test
    void onceTakesArgumentsAsOnDoes() {
        socket.once("x", () -> io.tell("none"));
        socket.once("x", new TypeReference<List<Integer>>() {}, list -> io.tell("generic " + list));
        socket.once("x", int[].class, (numbers, ack) -> ack.send(numbers.length));
        socket.once("x", int[].class, String.class, (numbers, text) -> io.tell("two " + text));
        socket.once("x", int[].class, String.class, boolean.class, (numbers, text, flag) -> io.tell("three " + flag));
        client.send("420[\"x\",[1,2],\"t\",true]", "421[\"x\",[1],\"t\",true]").expect("430[2]");
        io.expectTold("none", "generic [1, 2]", "two t", "three true");
    }

    @Test
    void handlerAddedByAHandlerHearsTheNextEvent() {
        socket.once("x", e -> socket.on("x", later -> io.tell("later")));
        client.send("42[\"x\"]");
        io.expectTold();
        client.send("42[\"x\"]");
        io.expectTold("later");
    }

    @Test
    void exceptionsOfHandlersReachTheHookAndStopNothing() {
        socket.onAny(e -> {
            throw new IllegalStateException("any");
        });
        socket.on("x\n", e -> {
            throw new java.io.IOException("checked");
        });
        socket.on("x\n", e -> {
            throw new StackOverflowError("deep");
        });
        socket.on("x\n", e -> io.tell("reached"));
        client.send("42[\"x\\n\"]");
        io.expectTold("error of x\n: any", "error of x\n: checked", "error of x\n: deep", "reached");
        String line = "ERROR a handler of event \"x\\u000a\" failed";
        io.expectLogged(line, line, line);
    }

    @Test
    void hookThatThrowsStopsNothing() {
        io.server().onError((failed, event, error) -> {
            throw new IllegalStateException("hook");
        });
        io.server().onError((failed, event, error) -> io.tell("next hook: " + (failed == socket)));
        socket.on("x", e -> {
            throw new IllegalStateException("handler");
        });
        socket.on("x", e -> io.tell("next handler"));
        client.send("42[\"x\"]");
        io.expectTold("error of x: handler", "next hook: true", "next handler");
        io.expectLogged("ERROR a handler of event \"x\" failed", "ERROR an error hook failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    void reservedNamesAreRefused(String name) {
        String message = '"' + name + "\" is a reserved event name";
        assertThatThrownBy(() -> socket.emit(name)).hasMessage(message);
        assertThatThrownBy(() -> socket.emitWithAck(name)).hasMessage(message);
        assertThatThrownBy(() -> io.server().emit(name)).hasMessage(message);
        assertThatThrownBy(() ->
                        io.server().timeout(java.time.Duration.ofSeconds(1)).emitWithAck(name))
                .hasMessage(message);
        assertThatThrownBy(() -> socket.on(name, e -> {})).hasMessage(message);
        assertThatThrownBy(() -> socket.once(name, e -> {})).hasMessage(message);
    }

    @Test
    void emitWritesItsArgumentsAtOnce() {
        int[] changing = {1, 2};
        assertThat(socket.emit("x", changing, Map.of("k", "v"), new Order("a", 1), null, "é\"", 1.0, true))
                .isTrue();
        changing[0] = 9;
        io.settle();
        client.expect("42[\"x\",[1,2],{\"k\":\"v\"},{\"item\":\"a\",\"count\":1},null,\"é\\\"\",1,true]");
    }

    @Test
    void sendEmitsAMessage() {
        socket.send("a", 1);
        io.settle();
        client.expect("42[\"message\",\"a\",1]");
    }

    @Test
    void argumentThatCannotBeWrittenIsTheCallersError() {
        assertThatThrownBy(() -> socket.emit("x", List.of(new Unwritable(1)))).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> io.server().emit("x", new Unwritable(1))).isInstanceOf(JacksonException.class);
        io.settle();
        client.expect();
    }

    @Test
    void binaryDataGoesBothWays() {
        socket.on("bytes", byte[].class, bytes -> io.tell(Arrays.toString(bytes)));
        socket.on(
                "nested",
                JsonNode.class,
                node -> io.tell(Arrays.toString(node.get("data").binaryValue())));
        client.send("451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]").sendBinary(1, 2, 255);
        client.send("451-[\"nested\",{\"data\":{\"_placeholder\":true,\"num\":0}}]")
                .sendBinary(3);
        io.expectTold("[1, 2, -1]", "[3]");
        socket.emit("out", new byte[] {1}, Map.of("deep", new byte[] {2, 3}));
        io.settle();
        client.expect(
                "452-[\"out\",{\"_placeholder\":true,\"num\":0},{\"deep\":{\"_placeholder\":true,\"num\":1}}]",
                "<01>",
                "<0203>");
    }

    @Test
    void eventIsHandledWhenItsLastAttachmentIsThere() {
        socket.on("two", byte[].class, byte[].class, (a, b) -> io.tell(a.length + " " + b.length));
        client.send("452-[\"two\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]");
        client.sendBinary(1);
        io.expectTold();
        client.sendBinary(1, 2);
        io.expectTold("2 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"42[\"x\"]", "40/other,", "41"})
    void textWhereAttachmentsAreAwaitedCloses(String packet) {
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.send("451-[\"x\",{\"_placeholder\":true,\"num\":0}]", packet).expectClosed();
        io.expectTold("forced close");
    }

    @Test
    void moreAttachmentsThanAllowedClose() {
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.send("4511-[\"x\"]").expectClosed();
        io.expectTold("forced close");
    }

    @Test
    void eventsBeforeTheClientsDisconnectAreDelivered() {
        socket.on("last", e -> {
            io.tell("last " + socket.connected());
            e.ack().send("too late");
        });
        socket.onDisconnect(reason -> io.tell(reason.text()));
        client.receive("420[\"last\"]", "41");
        io.settle();
        io.expectTold("last false", "client namespace disconnect");
    }
}
