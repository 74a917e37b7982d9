package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two connections that are one. */
class RelayTest {
    private final EmbeddedChannel left = new EmbeddedChannel();
    private final EmbeddedChannel right = new EmbeddedChannel();
    private int told;

    @BeforeEach
    void join() {
        left.pipeline().addLast(new Relay(right, () -> told++));
        right.pipeline().addLast(new Relay(left, () -> told++));
    }

    @AfterEach
    void release() {
        left.finishAndReleaseAll();
        right.finishAndReleaseAll();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String sent(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    @Test
    void bytesGoBothWays() {
        left.writeInbound(bytes("to "), bytes("the right"));
        right.writeInbound(bytes("to the left"));
        assertThat(sent(right)).isEqualTo("to the right");
        assertThat(sent(left)).isEqualTo("to the left");
        assertThat(told).isEqualTo(3);
    }

    @Test
    void sideThatIsFullStopsTheReadingFromTheOther() {
        right.config().setWriteBufferWaterMark(new WriteBufferWaterMark(4, 8));
        left.pipeline().fireChannelRead(bytes("more than eight"));
        assertThat(left.config().isAutoRead()).isFalse();
        assertThat(right.config().isAutoRead()).isTrue();
        left.pipeline().fireChannelReadComplete();
        assertThat(sent(right)).isEqualTo("more than eight");
        assertThat(left.config().isAutoRead()).isTrue();
    }

    @Test
    void endOfOneSideIsTheEndOfTheOtherBehindWhatCameBefore() {
        left.pipeline().fireChannelRead(bytes("last words"));
        var unused = left.close();
        assertThat(sent(right)).isEqualTo("last words");
        assertThat(right.isOpen()).isFalse();
    }

    @Test
    void failureOfOneSideIsTheEndOfBoth() {
        right.pipeline().fireExceptionCaught(new IOException("reset"));
        left.runPendingTasks();
        assertThat(right.isOpen()).isFalse();
        assertThat(left.isOpen()).isFalse();
    }
}
