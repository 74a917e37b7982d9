package io.sockeye.benchmarks.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** Frames by Netty's WebSocket codec, in both directions; broadcasts pass it by, ready made. Confined to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is what is heard of
final class CodecConnection extends FloorConnection {
    CodecConnection(Crowd crowd, Channel channel) {
        super(crowd, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof BinaryWebSocketFrame) {
            context.write(message, context.voidPromise());
            return;
        }
        try {
            if (message instanceof TextWebSocketFrame frame) {
                onText(frame.content());
            } else if (message instanceof CloseWebSocketFrame) {
                context.writeAndFlush(new CloseWebSocketFrame()).addListener(ChannelFutureListener.CLOSE);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    void answer(byte[] prefix, ByteBuf payload, int from) {
        int rest = payload.writerIndex() - from;
        ByteBuf text = channel().alloc().directBuffer(prefix.length + rest).writeBytes(prefix);
        if (rest > 0) {
            text.writeBytes(payload, from, rest);
        }
        channel().write(new TextWebSocketFrame(text), channel().voidPromise());
    }

    @Override
    void flushAnswers() {
        channel().flush();
    }
}
