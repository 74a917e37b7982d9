import org.jspecify.annotations.NullMarked;

/** Sockeye, a Socket.IO server: its API, and the SPIs for transports and adapters. */
@NullMarked
module io.sockeye.core {
    requires transitive tools.jackson.databind;
    requires static jakarta.validation;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires transitive io.netty.transport; // NettyHttpExchange hands out its channel
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.classes.kqueue;

    exports io.sockeye;
    exports io.sockeye.adapter;
    exports io.sockeye.adapter.cluster;
    exports io.sockeye.engine;
    exports io.sockeye.http;
    exports io.sockeye.protocol;
    exports io.sockeye.protocol.engineio;
    exports io.sockeye.protocol.socketio;
    exports io.sockeye.transport;

    uses io.sockeye.transport.TransportFactory;
}
