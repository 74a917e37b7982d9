import io.sockeye.transport.TransportFactory;
import io.sockeye.transport.websocket.WebSocketTransportFactory;
import org.jspecify.annotations.NullMarked;

/** The WebSocket transport of Sockeye. */
@NullMarked
module io.sockeye.transport.websocket {
    requires transitive io.sockeye.core;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports io.sockeye.transport.websocket;

    provides TransportFactory with
            WebSocketTransportFactory;
}
