package io.sockeye.benchmarks.floor;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;

/** Turns an HTTP connection into a floor's connection. Confined to the event loop. */
final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_PAYLOAD = 1_000_000;

    private final Crowd crowd;
    private final int pingIntervalMillis;
    private final boolean raw;
    private final boolean deflate;

    Upgrade(Crowd crowd, int pingIntervalMillis, boolean raw, boolean deflate) {
        this.crowd = crowd;
        this.pingIntervalMillis = pingIntervalMillis;
        this.raw = raw;
        this.deflate = deflate;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a handshake that fails ends the channel
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        Channel channel = context.channel();
        // Takes the HTTP handlers out of the pipeline once its answer is written, which it is within the call.
        new WebSocketServerHandshaker13("", null, decoderConfig(deflate)).handshake(channel, request);
        ChannelPipeline pipeline = channel.pipeline();
        FloorConnection connection = raw ? new RawConnection(crowd, channel) : new CodecConnection(crowd, channel);
        if (raw) {
            pipeline.remove(WebSocketFrameDecoder.class);
            pipeline.remove(WebSocketFrameEncoder.class);
        }
        pipeline.addLast(connection);
        pipeline.remove(this);
        connection.open(pingIntervalMillis);
    }

    private static WebSocketDecoderConfig decoderConfig(boolean deflate) {
        return WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(MAX_PAYLOAD)
                .withUTF8Validator(false)
                .allowExtensions(deflate)
                .build();
    }
}
