package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets up each accepted connection, or closes it when there are too many. Called on the connection's event loop. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final HttpServices services;
    private final ConnectionLimits limits;
    private final ChannelGroup channels;
    private final IdentityHashMap<EventLoop, LoopConnections> loops = new IdentityHashMap<>();
    private final @Nullable SslContext tls; // null: unencrypted

    ConnectionInitializer(
            HttpServices services,
            ConnectionLimits limits,
            ChannelGroup channels,
            List<LoopConnections> loops,
            @Nullable SslContext tls) {
        this.services = services;
        this.limits = limits;
        this.channels = channels;
        this.tls = tls;
        for (LoopConnections loop : loops) {
            this.loops.put(loop.nettyLoop(), loop);
        }
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!limits.admit(channel)) {
            var unused = channel.close();
            return;
        }
        channels.add(channel);
        if (tls != null) {
            SslHandler handler = tls.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(services.config().headTimeout().toMillis());
            channel.pipeline().addLast(handler);
        }
        LoopConnections loop = Objects.requireNonNull(loops.get(channel.eventLoop()), "loop");
        new HttpConnection(loop, services).addTo(channel.pipeline());
    }
}
