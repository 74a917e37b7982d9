package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One connection of a server, in memory, with a clock moved by hand. Says of each exchange what became of it, and fails at
 * its end when the connection has sent something that no test looked at.
 */
final class EmbeddedHttp implements AutoCloseable {
    static final String DATE = "Date: Thu, 01 Jan 2026 00:00:07 GMT\r\n";
    static final String KEEP_ALIVE = DATE + "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n";

    final List<HttpExchange> exchanges = new ArrayList<>();
    final Counters counters = new Counters();
    final EmbeddedChannel channel;
    final LoopConnections loop;
    private long nowNanos = Long.MAX_VALUE - 1000; // so that the clock overflows in every test that moves it

    EmbeddedHttp() {
        this(exchange -> {});
    }

    /** With a handler, told after the exchange has been noted. */
    EmbeddedHttp(HttpHandler handler) {
        this(HttpServer.builder(), handler);
    }

    EmbeddedHttp(HttpServerBuilder builder, HttpHandler handler) {
        channel = new EmbeddedChannel();
        Instant now = Instant.parse("2026-01-01T00:00:07.999Z");
        loop = new LoopConnections(
                channel.eventLoop(),
                new AnswerWriter(() -> now, 5),
                Duration.ofHours(1).toNanos(),
                () -> nowNanos);
        HttpHandler noting = exchange -> {
            exchanges.add(exchange);
            handler.handle(exchange);
        };
        HttpServices services = new HttpServices(builder.config(), noting, counters, new RecurringTexts(), Map.of());
        new HttpConnection(loop, services).addTo(channel.pipeline());
    }

    /** A handler that answers everything with {@code ok}. */
    static void ok(HttpExchange exchange) {
        exchange.respond(200, HttpFields.of("Content-Length", "2"), "ok".getBytes(StandardCharsets.UTF_8));
    }

    /** The client sends these bytes, in one read. */
    EmbeddedHttp send(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        return this;
    }

    /** What the connection has sent since it was last asked. */
    String sent() {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return text.toString();
    }

    HttpExchange exchange() {
        assertThat(exchanges).hasSize(1);
        return exchanges.get(0);
    }

    /** The peer goes away. */
    void hangUp() {
        channel.close().syncUninterruptibly();
        channel.runPendingTasks();
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    /** Moves the clock, and lets the loop look at its connections. */
    void pass(Duration duration) {
        nowNanos += duration.toNanos();
        loop.tick();
        channel.runPendingTasks();
    }

    @Override
    public void close() {
        String unexpected = sent();
        channel.finishAndReleaseAll();
        channel.checkException();
        assertThat(unexpected).as("sent without being expected").isEmpty();
    }
}
