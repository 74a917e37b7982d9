package io.sockeye.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's request decoder, made to wait between two requests: what a client sends ahead stays undecoded until the request
 * before it is answered. So answers keep their order, one exchange at a time is enough for a connection, and the bytes
 * behind an upgrade request are still bytes when the connection is taken over.
 *
 * <p>Confined to the channel's event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** How many bytes a client may send ahead before its connection is no longer read. */
    private static final int MAX_BYTES_AHEAD = 64 * 1024;

    private final HttpConnection connection;
    private @Nullable ChannelHandlerContext ctx; // null until the handler is added
    private boolean waiting;
    private boolean inRead;
    private boolean readingStopped;

    RequestDecoder(HttpConnection connection, int maxHeadSize) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(maxHeadSize).setMaxHeaderSize(maxHeadSize));
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
        connection.bytesArrived();
        inRead = true;
        try {
            super.channelRead(ctx, input);
        } finally {
            inRead = false;
        }
        if (waiting && !readingStopped && actualReadableBytes() > MAX_BYTES_AHEAD) {
            readingStopped = true;
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.inputEnded();
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (!waiting) {
            super.decode(ctx, buffer, out);
        }
    }

    /** What stands behind an upgrade request is the other protocol's, whatever the head says of a body. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return message instanceof HttpRequest request && RequestCheck.asksForUpgrade(request);
    }

    /** Decodes nothing further until {@link #proceed}. */
    void await() {
        waiting = true;
    }

    /** Decodes the next request, which may have arrived already. */
    void proceed() {
        waiting = false;
        resumeReading();
        if (!inRead && actualReadableBytes() > 0) {
            ChannelHandlerContext context = context();
            try {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                context.fireExceptionCaught(e);
            }
        }
    }

    /** Lets the connection be read again if too many bytes had come ahead. */
    void resumeReading() {
        if (readingStopped) {
            readingStopped = false;
            context().channel().config().setAutoRead(true);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
