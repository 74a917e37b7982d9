package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.sockeye.transport.EventLoop;
import java.util.function.Consumer;

/**
 * The Netty side of an exchange, for transports that take its connection over. Reached with
 * {@link io.sockeye.transport.HttpExchange#unwrap}.
 *
 * <p>Confined to the exchange's event loop, and after {@link #moveTo} to the one that the connection is on.
 */
public interface NettyHttpExchange {

    /**
     * The connection. Until {@link #takeOver} the front door reads and writes it; whoever answers an upgrade writes the
     * answer's head to it and then takes it over.
     */
    Channel channel();

    /**
     * Moves the connection to another event loop, on which {@link #takeOver} is to be called then. Where it cannot be
     * moved, because the loop is not one of the same server or the I/O backend does not allow it, it stays where it is.
     *
     * @param then told on the event loop that the connection is on afterwards; within the call where it stays, and not at
     *     all when the connection ends meanwhile, which the exchange's abort listener learns
     */
    void moveTo(EventLoop loop, Consumer<EventLoop> then);

    /**
     * Takes the connection out of HTTP: the handlers are added to the end of the pipeline, and the front door's leave it.
     * Bytes that arrived behind the request's head are read by the first of the handlers within the call. Counts as the
     * exchange's answer; the front door's time limits no longer apply, its connection limits and {@link HttpServer#close}
     * still do.
     *
     * @throws IllegalStateException when the exchange has been answered or does not ask for an upgrade
     */
    void takeOver(ChannelHandler... handlers);
}
