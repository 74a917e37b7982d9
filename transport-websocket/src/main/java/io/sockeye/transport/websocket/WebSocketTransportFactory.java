package io.sockeye.transport.websocket;

import io.netty.channel.Channel;
import io.sockeye.http.NettyHttpExchange;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.util.function.Consumer;

/**
 * Makes the WebSocket transport. Found with {@link java.util.ServiceLoader}; works behind
 * {@link io.sockeye.http.HttpServer} only.
 *
 * <p>Thread-safe and without state.
 */
public final class WebSocketTransportFactory implements TransportFactory {

    /** For {@link java.util.ServiceLoader}, and for setting the transport by hand. */
    public WebSocketTransportFactory() {}

    @Override
    public String name() {
        return WebSocketTransport.NAME;
    }

    @Override
    public boolean upgradesConnection() {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the exchange did not come through {@link io.sockeye.http.HttpServer}
     */
    @Override
    public void open(HttpExchange exchange, TransportConfig config, EventLoop sessionLoop, Consumer<Transport> opened) {
        NettyHttpExchange netty = exchange.unwrap(NettyHttpExchange.class);
        if (netty == null) {
            throw new IllegalStateException("the WebSocket transport needs the Netty front door");
        }
        Handshake handshake = Handshake.accept(exchange, config);
        if (handshake != null) {
            Dialect dialect = Dialect.of(exchange.query("EIO"), exchange.query("b64"));
            netty.moveTo(sessionLoop, loop -> {
                Channel channel = netty.channel();
                WebSocketTransport transport =
                        new WebSocketTransport(channel, loop, config, handshake.compression(), dialect);
                var unused = channel.write(
                        handshake.head(channel.alloc(), exchange.responseHeaders()), channel.voidPromise());
                netty.takeOver(transport);
                transport.open(opened);
            });
        }
    }
}
