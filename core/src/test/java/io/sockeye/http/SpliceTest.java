package io.sockeye.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sockeye.testsupport.RawClient;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrades that another node answers, over loopback sockets. */
class SpliceTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

    private final NodeDirectory directory = NodeDirectory.inProcess();
    private @Nullable ClusterNode front;
    private @Nullable ClusterNode owner;

    private void startBoth(ClusterEngine engine) {
        front = ClusterNode.start(engine);
        owner = ClusterNode.start(ClusterEngine.of(directory));
    }

    @AfterEach
    void stop() {
        front.close();
        owner.close();
    }

    private String upgrade(String tag) {
        return "GET /?node=" + tag + " HTTP/1.1\r\nHost: front\r\nConnection: keep-alive, Upgrade\r\n"
                + "Upgrade: websocket\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n";
    }

    /** Takes the next upgrade over, with something that sends back what comes. */
    private Channel echo() {
        HttpExchange exchange = owner.take();
        NettyHttpExchange netty = Objects.requireNonNull(exchange.unwrap(NettyHttpExchange.class));
        exchange.eventLoop().execute(() -> {
            var unused = netty.channel().write(Unpooled.copiedBuffer(SWITCHING, ISO_8859_1));
            netty.takeOver(new Echo());
            netty.channel().flush();
        });
        return netty.channel();
    }

    private void awaitNothingLeft() {
        await().atMost(SOON).until(() -> front.forwarder().stats().connections() == 0);
        await().atMost(SOON).until(() -> front.server().stats().openConnections() == 0);
        await().atMost(SOON).until(() -> owner.server().stats().openConnections() == 0);
    }

    @Test
    void bytesGoBothWaysInOrder() {
        startBoth(ClusterEngine.of(directory));
        String much = "0123456789abcdef".repeat(40_000);
        try (RawClient client = RawClient.connect(front.port())) {
            client.send(upgrade(owner.tag()) + "early ");
            echo();
            client.readUntil(SWITCHING + "early ");
            client.send("late ").readUntil("late ");
            Thread sender = new Thread(() -> client.send(much + "end"));
            sender.start();
            assertThat(client.readUntil("end")).isEqualTo(much + "end");
            assertThat(front.forwarder().stats()).isEqualTo(new ForwarderStats(0, 1, 0, 1));
        }
        awaitNothingLeft();
    }

    @Test
    void requestArrivesAsItWasButForTheMark() {
        startBoth(ClusterEngine.of(directory));
        try (RawClient client = RawClient.connect(front.port())) {
            client.send(upgrade(owner.tag()));
            HttpExchange exchange = owner.take();
            assertThat(exchange.upgradeRequested()).isTrue();
            assertThat(exchange.headers().names())
                    .containsExactly("Host", "Connection", "Upgrade", "X-Forwarded-For", "Sockeye-Forwarded");
            assertThat(exchange.header("Connection")).isEqualTo("keep-alive, Upgrade");
            assertThat(exchange.header("X-Forwarded-For")).isEqualTo("192.0.2.7");
        }
        awaitNothingLeft();
    }

    @Test
    void refusalOfTheOwnerPassesThroughUnchanged() {
        startBoth(ClusterEngine.of(directory));
        try (RawClient client = RawClient.connect(front.port())) {
            client.send(upgrade(owner.tag()));
            owner.take().respond(403, HttpFields.of("Connection", "close"), "no".getBytes(ISO_8859_1));
            assertThat(client.readToEnd())
                    .isEqualTo("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        }
        awaitNothingLeft();
    }

    @Test
    void ownerThatHangsUpHangsUpOnTheClient() {
        startBoth(ClusterEngine.of(directory));
        try (RawClient client = RawClient.connect(front.port())) {
            client.send(upgrade(owner.tag()));
            Channel channel = echo();
            client.readUntil(SWITCHING);
            var unused = channel.close();
            assertThat(client.readToEnd()).isEmpty();
        }
        awaitNothingLeft();
    }

    @Test
    void clientThatVanishesIsGoneAtTheOwner() {
        startBoth(ClusterEngine.of(directory));
        RawClient client = RawClient.connect(front.port());
        client.send(upgrade(owner.tag()));
        Channel channel = echo();
        client.readUntil(SWITCHING);
        client.reset();
        await().atMost(SOON).until(() -> !channel.isOpen());
        awaitNothingLeft();
    }

    @Test
    void clientThatVanishesBeforeTheOwnerAnswersLeavesNothing() throws Exception {
        startBoth(ClusterEngine.of(directory));
        CompletableFuture<Void> gone = new CompletableFuture<>();
        RawClient client = RawClient.connect(front.port());
        client.send(upgrade(owner.tag()));
        owner.take().onAbort(() -> gone.complete(null));
        client.reset();
        gone.get(SOON.toSeconds(), TimeUnit.SECONDS);
        awaitNothingLeft();
    }

    @Test
    void connectionOnWhichNobodySpeaksIsGivenUp() throws IOException {
        startBoth(ClusterEngine.builder(directory)
                .answerTimeout(Duration.ofMillis(200))
                .build());
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RawClient client = RawClient.connect(front.port())) {
            String tag = directory
                    .join(new NodeAddress("127.0.0.1", mute.getLocalPort()))
                    .tag();
            client.send(upgrade(tag));
            assertThat(client.readToEnd()).isEmpty();
        }
        awaitNothingLeft();
    }

    @Test
    void closingTheFrontClosesWhatItJoined() {
        startBoth(ClusterEngine.of(directory));
        try (RawClient client = RawClient.connect(front.port())) {
            client.send(upgrade(owner.tag()));
            Channel channel = echo();
            client.readUntil(SWITCHING);
            front.close();
            assertThat(client.readToEnd()).isEmpty();
            await().atMost(SOON).until(() -> !channel.isOpen());
        }
    }

    /** Sends back what comes. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            var unused = ctx.write(bytes);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
