package io.sockeye.transport.websocket;

import static io.sockeye.transport.websocket.Peer.CLOSE;
import static io.sockeye.transport.websocket.Peer.PING;
import static io.sockeye.transport.websocket.Peer.TEXT;
import static io.sockeye.transport.websocket.Peer.bytes;
import static io.sockeye.transport.websocket.Peer.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session can do with a WebSocket, and what it learns of it. */
class WebSocketTransportTest {
    private static final long CLOSE_TIMEOUT = LoopResources.CLOSE_TIMEOUT_NANOS;

    private static EncodedPacket text(String data) {
        return EncodedPacket.text(data);
    }

    private static EncodedPacket large(int length) {
        return EncodedPacket.binary(new byte[length], 0, length, /* compressible= */ true);
    }

    /** Lets nothing out until it is told to. */
    private static void stall(Peer peer) {
        peer.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 2000));
        peer.channel.pipeline().addFirst("stall", new io.netty.channel.ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(io.netty.channel.ChannelHandlerContext ctx) {}
        });
    }

    private static void unstall(Peer peer) {
        peer.channel.pipeline().remove("stall");
        peer.channel.flush();
        peer.channel.runPendingTasks();
    }

    @Test
    void packetIsOneUnmaskedFrame() {
        try (Peer peer = new Peer()) {
            peer.deliver(text("hé"));
            assertThat(peer.sent()).isEqualTo("8104" + "3468c3a9");
            peer.deliver(EncodedPacket.binary(new byte[] {1, 2}, 0, 2, /* compressible= */ false));
            assertThat(peer.sent()).isEqualTo("8202" + "0102");
            peer.deliver(EncodedPacket.PING);
            assertThat(peer.sent()).isEqualTo("8101" + "32");
        }
    }

    @Test
    void transportThatIsAloneInThePipelineSendsTheSame() {
        try (Peer peer = Peer.alone()) {
            peer.deliver(text("a"), text("b"));
            assertThat(peer.sent()).isEqualTo("81023461" + "81023462");
            peer.send(frame(PING, "a"));
            assertThat(peer.sent()).isEqualTo("8a0161");
        }
    }

    @Test
    void severalPacketsGoOutInOneBufferWithOneFlush() {
        try (Peer peer = new Peer()) {
            Queue<EncodedPacket> queue = peer.deliver(text("a"), text("b"), EncodedPacket.PING, text("c"));
            assertThat(queue).isEmpty();
            assertThat(peer.flushes()).isEqualTo(1);
            assertThat(peer.sent()).isEqualTo("81023461" + "81023462" + "810132" + "81023463");
            peer.deliver(text("a"), text("b"));
            assertThat(peer.writes()).isEqualTo(1);
        }
    }

    @Test
    void attachmentsGoRightBehindTheirPacket() {
        byte[] array = new byte[EncodedPacket.HEADROOM + 1];
        array[EncodedPacket.HEADROOM] = 'x';
        EncodedPacket attachment = EncodedPacket.binary(new byte[] {9}, 0, 1, /* compressible= */ true);
        EncodedPacket packet = EncodedPacket.text(array, 1, /* compressible= */ true, attachment, attachment);
        try (Peer peer = new Peer()) {
            peer.deliver(packet, text("b"));
            assertThat(peer.sent()).isEqualTo("81023478" + "820109" + "820109" + "81023462");
        }
    }

    @Test
    void largeAndSmallPacketsKeepTheirOrder() {
        try (Peer peer = new Peer()) {
            peer.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100_000, 200_000));
            peer.deliver(text("a"), large(2000), text("b"), text("c"), large(70_000), text("d"));
            assertThat(peer.sent())
                    .isEqualTo("81023461" + "827e07d0" + "00".repeat(2000) + "81023462" + "81023463"
                            + "827f0000000000011170" + "00".repeat(70_000) + "81023464");
        }
    }

    @Test
    void smallPacketsShareBuffersOfLimitedSize() {
        EncodedPacket[] packets = new EncodedPacket[200];
        java.util.Arrays.setAll(packets, i -> text("x".repeat(1000)));
        try (Peer peer = new Peer()) {
            peer.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100_000, 300_000));
            assertThat(peer.deliver(packets)).isEmpty();
            assertThat(peer.writes()).isEqualTo(4);
        }
    }

    @Test
    void fullConnectionTakesNoMoreUntilItIsRead() {
        try (Peer peer = new Peer()) {
            stall(peer);
            Queue<EncodedPacket> queue = peer.deliver(large(1500), large(1501), large(1502));
            assertThat(queue).hasSize(1);
            assertThat(peer.transport.writable()).isFalse();
            peer.transport.send(queue);
            assertThat(queue).hasSize(1);
            unstall(peer);
            assertThat(peer.told()).containsExactly("writable");
            assertThat(peer.transport.writable()).isTrue();
            peer.transport.send(queue);
            assertThat(queue).isEmpty();
            assertThat(peer.writes()).isEqualTo(3);
        }
    }

    @Test
    void broadcastIsCopiedOnceForAllButTheFirst() {
        HandLoop loop = new HandLoop();
        EncodedPacket packet = large(5000);
        try (Peer first = new Peer(loop, Integer.MAX_VALUE);
                Peer second = new Peer(loop, Integer.MAX_VALUE);
                Peer third = new Peer(loop, Integer.MAX_VALUE);
                Peer fourth = new Peer(loop, Integer.MAX_VALUE)) {
            first.deliver(packet);
            second.deliver(packet);
            third.deliver(text("mine"), packet);
            long address = first(second.channel).memoryAddress();
            assertThat(first(first.channel).memoryAddress()).isNotEqualTo(address);
            loop.turn();
            fourth.deliver(packet);
            assertThat(first(fourth.channel).memoryAddress())
                    .as("given back at the end of the turn")
                    .isNotEqualTo(address);
            String frame = "827e1388" + "00".repeat(5000);
            assertThat(third.sent()).isEqualTo("8105346d696e65" + frame);
            assertThat(List.of(first.sent(), second.sent(), fourth.sent())).containsOnly(frame);
        }
    }

    private static io.netty.buffer.ByteBuf first(EmbeddedChannel channel) {
        return (io.netty.buffer.ByteBuf) channel.outboundMessages().element();
    }

    @Test
    void manyBroadcastsOfOneTurnAreAllGivenBack() {
        HandLoop loop = new HandLoop();
        try (Peer first = new Peer(loop, Integer.MAX_VALUE);
                Peer second = new Peer(loop, Integer.MAX_VALUE)) {
            for (int i = 0; i < 20; i++) {
                EncodedPacket packet = large(1000 + i);
                first.deliver(packet);
                second.deliver(packet);
            }
            assertThat(first.sent()).isEqualTo(second.sent());
        }
    }

    @Test
    void closeSendsNoCodeAndAwaitsTheClient() {
        try (Peer peer = new Peer()) {
            peer.deliver(text("last"));
            peer.transport.close();
            peer.transport.close();
            assertThat(peer.sent()).isEqualTo("8105346c617374" + "8800");
            assertThat(peer.transport.writable()).isFalse();
            assertThat(peer.deliver(text("late"))).hasSize(1);
            peer.send(frame(TEXT, "4late"), frame(PING, "late"));
            assertThat(peer.isOpen()).isTrue();
            assertThat(peer.told()).isEmpty();
            peer.send(frame(CLOSE, bytes("03e8")));
            assertThat(peer.told()).containsExactly("close");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void clientThatDoesNotAnswerTheCloseFrameIsDropped() {
        HandLoop loop = new HandLoop();
        try (Peer first = new Peer(loop, Integer.MAX_VALUE);
                Peer second = new Peer(loop, Integer.MAX_VALUE)) {
            first.transport.close();
            loop.pass(CLOSE_TIMEOUT / 2);
            second.transport.close();
            assertThat(first.sent() + second.sent()).isEqualTo("8800" + "8800");
            loop.pass(CLOSE_TIMEOUT / 2 - 1);
            assertThat(first.isOpen()).isTrue();
            loop.pass(1);
            assertThat(first.isOpen()).isFalse();
            assertThat(first.told()).containsExactly("close");
            assertThat(second.isOpen()).isTrue();
            loop.pass(CLOSE_TIMEOUT / 2);
            assertThat(second.isOpen()).isFalse();
            assertThat(second.told()).containsExactly("close");
        }
    }

    @Test
    void connectionThatHasClosedIsNotKeptForTheTimeItMightHaveTaken() {
        int before = LoopResources.local().closing();
        try (Peer asked = new Peer();
                Peer asking = new Peer()) {
            asked.transport.close();
            assertThat(asked.sent()).isEqualTo("8800");
            assertThat(LoopResources.local().closing()).isEqualTo(before + 1);
            asked.send(frame(CLOSE, ""));
            asking.send(frame(CLOSE, ""));
            assertThat(asking.sent()).isEqualTo("8800");
            assertThat(asked.told()).containsExactly("close");
            assertThat(asking.told()).containsExactly("close");
            assertThat(asked.isOpen() || asking.isOpen()).isFalse();
            assertThat(LoopResources.local().closing()).isEqualTo(before);
        }
    }

    @Test
    void brokenRuleWhileClosingDropsTheConnection() {
        try (Peer peer = new Peer()) {
            peer.transport.close();
            assertThat(peer.sent()).isEqualTo("8800");
            peer.send(bytes("81 01 34"));
            assertThat(peer.told()).containsExactly("close");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void discardClosesAndTellsNothing() {
        try (Peer peer = new Peer()) {
            peer.transport.discard();
            peer.transport.discard();
            assertThat(peer.sent()).isEqualTo("8800");
            peer.send(frame(TEXT, "4late"), frame(CLOSE, ""));
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void abortDropsTheConnectionAndTellsNothing() {
        try (Peer peer = new Peer()) {
            peer.transport.abort();
            peer.transport.abort();
            assertThat(peer.isOpen()).isFalse();
            assertThat(peer.transport.writable()).isFalse();
            peer.transport.close();
            peer.transport.discard();
            assertThat(peer.deliver(text("late"))).hasSize(1);
        }
    }

    @Test
    void vanishedPeerIsToldOnce() {
        try (Peer peer = new Peer()) {
            peer.send(java.util.Arrays.copyOf(frame(TEXT, "4half"), 8));
            peer.hangUp();
            assertThat(peer.told()).containsExactly("close");
            peer.transport.close();
            peer.transport.discard();
            peer.transport.abort();
        }
    }

    @Test
    void brokenLineIsToldOnce() {
        try (Peer peer = new Peer()) {
            peer.channel.pipeline().fireExceptionCaught(new java.io.IOException("Connection reset by peer"));
            assertThat(peer.isOpen()).isFalse();
            assertThat(peer.told()).containsExactly("close");
        }
    }

    @Test
    void sessionMaySendWhileItIsToldOfTheEnd() {
        for (byte[] end : List.of(frame(CLOSE, bytes("03e8")), bytes("81 01 34"))) {
            try (Peer peer = new Peer()) {
                peer.transport.listener(new Unconcerned() {
                    @Override
                    public void onClose() {
                        last();
                    }

                    @Override
                    public void onError(Transport.Failure kind, String description) {
                        last();
                    }

                    private void last() {
                        assertThat(peer.transport.writable()).isTrue();
                        peer.deliver(text("last"));
                        peer.transport.discard();
                    }
                });
                peer.send(end);
                assertThat(peer.transport.writable()).isFalse();
                assertThat(peer.sent()).startsWith("8105346c617374" + "880203e");
            }
        }
    }

    @Test
    void pausedTransportDeliversNothingAndReadsNothing() {
        try (Peer peer = new Peer()) {
            peer.transport.listener(new Unconcerned() {
                @Override
                public void onPacket(EnginePacket packet) {
                    peer.onPacket(packet);
                    peer.transport.pauseReading();
                }
            });
            peer.send(frame(TEXT, "41"), frame(TEXT, "42"), frame(PING, "p"), frame(TEXT, "43"));
            assertThat(peer.told()).containsExactly("message 1");
            assertThat(peer.channel.config().isAutoRead()).isFalse();
            peer.send(frame(TEXT, "44"));
            assertThat(peer.told()).isEmpty();
            peer.transport.resumeReading();
            assertThat(peer.told()).containsExactly("message 2");
            assertThat(peer.channel.config().isAutoRead()).isFalse();
            peer.transport.resumeReading();
            assertThat(peer.told()).containsExactly("message 3");
            assertThat(peer.sent()).isEqualTo("8a0170");
            peer.transport.resumeReading();
            assertThat(peer.told()).containsExactly("message 4");
            peer.transport.resumeReading();
            assertThat(peer.channel.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void pausingAndGoingOnWithinADeliveryChangesNothing() {
        try (Peer peer = new Peer()) {
            peer.transport.listener(new Unconcerned() {
                @Override
                public void onPacket(EnginePacket packet) {
                    peer.transport.pauseReading();
                    peer.onPacket(packet);
                    peer.transport.resumeReading();
                }
            });
            peer.send(frame(TEXT, "41"), frame(TEXT, "42"));
            assertThat(peer.told()).containsExactly("message 1", "message 2");
            assertThat(peer.channel.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void closeOfAPausedTransportFindsTheClientsCloseFrame() {
        try (Peer peer = new Peer()) {
            peer.transport.pauseReading();
            peer.send(frame(TEXT, "4unread"), frame(CLOSE, ""));
            assertThat(peer.told()).isEmpty();
            peer.transport.close();
            assertThat(peer.sent()).isEqualTo("8800");
            assertThat(peer.told()).containsExactly("close");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void pausedTransportThatVanishesGivesBackWhatItHeld() {
        try (Peer peer = new Peer()) {
            peer.transport.pauseReading();
            peer.send(frame(TEXT, "4unread"));
            peer.hangUp();
            assertThat(peer.told()).containsExactly("close");
        }
    }

    @Test
    void clientThatPingsWithoutReadingIsDropped() {
        try (Peer peer = new Peer()) {
            stall(peer);
            peer.deliver(large(3000));
            for (int i = 0; i < 60; i++) {
                peer.send(frame(PING, "x"));
            }
            assertThat(peer.isOpen()).isTrue();
            peer.send(frame(PING, "x"));
            assertThat(peer.isOpen()).isFalse();
            assertThat(peer.told()).containsExactly("close");
        }
    }

    @Test
    void listenerThatFailsLosesItsConnectionOnly() {
        try (Peer peer = new Peer()) {
            peer.transport.listener(new Unconcerned() {
                @Override
                public void onPacket(EnginePacket packet) {
                    throw new IllegalStateException("expected by the test");
                }

                @Override
                public void onClose() {
                    peer.onClose();
                }
            });
            peer.send(frame(TEXT, "4a"), frame(TEXT, "4b"));
            assertThat(peer.isOpen()).isFalse();
            assertThat(peer.told()).containsExactly("close");
        }
    }

    /** When the engine gets hold of the transport, bytes may have arrived behind the request. */
    @Test
    void nothingIsDeliveredBeforeTheTransportIsAnnounced() {
        EmbeddedChannel channel = new EmbeddedChannel();
        try (Peer peer = new Peer()) {
            WebSocketTransport transport =
                    new WebSocketTransport(channel, peer.loop, config(), /* compression= */ false, Dialect.REVISION_4);
            channel.pipeline().addLast(transport);
            channel.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(frame(TEXT, "4early")));
            transport.open(opened -> {
                opened.listener(peer);
                assertThat(peer.told()).isEmpty();
                channel.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(frame(TEXT, "4later")));
                assertThat(peer.told()).isEmpty();
            });
            assertThat(peer.told()).containsExactly("message early", "message later");
            channel.finishAndReleaseAll();
            assertThat(peer.told()).containsExactly("close");
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void transportMayEndWhileItIsAnnounced(Ending ending) {
        EmbeddedChannel channel = new EmbeddedChannel();
        HandLoop loop = new HandLoop();
        WebSocketTransport transport =
                new WebSocketTransport(channel, loop, config(), /* compression= */ false, Dialect.REVISION_4);
        channel.pipeline().addLast(transport);
        channel.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(frame(TEXT, "4early"), frame(CLOSE, "")));
        if (ending == Ending.FAIL) {
            assertThatThrownBy(() -> transport.open(opened -> {
                        throw new IllegalStateException("expected by the test");
                    }))
                    .hasMessage("expected by the test");
        } else {
            transport.open(opened -> {
                switch (ending) {
                    case CLOSE -> opened.close();
                    case DISCARD -> opened.discard();
                    default -> opened.abort();
                }
            });
        }
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    private enum Ending {
        CLOSE,
        DISCARD,
        ABORT,
        FAIL
    }

    private static TransportConfig config() {
        return new TransportConfig(1000, 1000, Integer.MAX_VALUE, 1);
    }
}
