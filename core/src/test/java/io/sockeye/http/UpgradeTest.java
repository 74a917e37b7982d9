package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sockeye.transport.HttpFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection leaves HTTP, and what is answered when it may not. */
class UpgradeTest {
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static NettyHttpExchange netty(EmbeddedHttp http) {
        return Objects.requireNonNull(http.exchange().unwrap(NettyHttpExchange.class));
    }

    @Test
    void refusalCarriesNothingButWhatItIsGiven() {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            exchange.responseHeaders().add("Access-Control-Allow-Origin", "*");
            HttpFields headers = HttpFields.of("Connection", "close", "Content-type", "text/html");
            exchange.respond(400, headers, "Bad request".getBytes(StandardCharsets.UTF_8));
        })) {
            http.send(UPGRADE);
            assertThat(http.exchange().upgradeRequested()).isTrue();
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n"
                            + "Content-Length: 11\r\n\r\nBad request");
            assertThat(http.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: upgrade\r\nUpgrade: websocket",
                "Connection: UPGRADE\r\nupgrade: WebSocket",
                "Connection: close, Upgrade\r\nUpgrade: websocket",
                "Connection: Upgrade\r\nUpgrade: tls/1.0"
            })
    void upgradeIsRequested(String headers) {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send("GET / HTTP/1.0\r\n" + headers + "\r\n\r\n");
            assertThat(http.exchange().upgradeRequested()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Connection: Upgrade\r\nUpgrade:",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk"
            })
    void upgradeIsNotRequested(String headers) {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n");
            assertThat(http.exchange().upgradeRequested()).isFalse();
        }
    }

    @Test
    void bytesBehindTheHeadReachTheNewHandler() {
        Recorder recorder = new Recorder();
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            NettyHttpExchange netty = Objects.requireNonNull(exchange.unwrap(NettyHttpExchange.class));
            netty.takeOver(recorder);
            recorder.read.add("taken over");
        })) {
            http.send(UPGRADE + "early").send("late");
            assertThat(recorder.read)
                    .startsWith("early", "complete", "taken over")
                    .endsWith("late", "complete");
            assertThat(http.channel.pipeline().toMap()).hasSize(1).containsValue(recorder);
        }
    }

    @Test
    void bytesThatComeBeforeALateTakeOverReachTheNewHandler() {
        Recorder recorder = new Recorder();
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(UPGRADE + "one").send("two");
            netty(http).takeOver(recorder);
            http.send("three");
            assertThat(String.join("", recorder.read).replace("complete", "")).isEqualTo("onetwothree");
        }
    }

    @Test
    void manyBytesThatComeBeforeALateTakeOverWaitAtThePeer() {
        Recorder recorder = new Recorder();
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(UPGRADE).send("a".repeat(100_000));
            assertThat(http.channel.config().isAutoRead()).isFalse();
            netty(http).takeOver(recorder);
            assertThat(http.channel.config().isAutoRead()).isTrue();
            assertThat(String.join("", recorder.read).replace("complete", "")).hasSize(100_000);
        }
    }

    @Test
    void whatStandsBehindAnUpgradeIsNeverABody() {
        Recorder recorder = new Recorder();
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(UPGRADE.replace("Host: a", "Content-Length: 5") + "hello");
            netty(http).takeOver(recorder);
            assertThat(recorder.read).containsExactly("hello", "complete");
        }
    }

    @Test
    void takenOverConnectionHasNoTimeLimitsAndIsNotDrained() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(UPGRADE);
            netty(http).takeOver(new Recorder());
            http.pass(Duration.ofDays(1));
            assertThat(http.loop.drain()).isNotNull();
            assertThat(http.isOpen()).isTrue();
        }
    }

    @Test
    void onlyAnUpgradeCanBeTakenOverAndOnlyOnce() {
        try (EmbeddedHttp plain = new EmbeddedHttp();
                EmbeddedHttp upgrade = new EmbeddedHttp()) {
            plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThatThrownBy(() -> netty(plain).takeOver(new Recorder())).isInstanceOf(IllegalStateException.class);
            upgrade.send(UPGRADE);
            netty(upgrade).takeOver(new Recorder());
            assertThatThrownBy(() -> netty(upgrade).takeOver(new Recorder())).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> upgrade.exchange().respond(400, HttpFields.create(), new byte[0]))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void peerThatVanishesBeforeTheTakeOverAborts() {
        List<String> told = new ArrayList<>();
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(UPGRADE + "early");
            http.exchange().onAbort(() -> told.add("aborted"));
            http.hangUp();
        }
        assertThat(told).containsExactly("aborted");
    }

    @Test
    void upgradeThatNothingIsMountedForIsHungUpOn() {
        Routes routes = new Routes(List.of(), null);
        try (EmbeddedHttp http = new EmbeddedHttp(routes)) {
            http.send(UPGRADE);
            assertThat(http.isOpen()).isFalse();
        }
    }

    /** Notes what it reads. */
    private static final class Recorder extends ChannelInboundHandlerAdapter {
        private final List<String> read = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            read.add(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            read.add("complete");
        }
    }
}
