package io.sockeye.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpRequest;
import io.sockeye.engine.ForeignRequest;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upgrade that another node answers: once the owner is reached, the two connections are one, bytes go both ways, and a side
 * that cannot take more stops the reading from the other. The owner's answer passes through like the rest.
 *
 * <p>States: <em>searching</em> for the owner; <em>connecting</em>; <em>joined</em>; <em>done</em>. Confined to the event loop of
 * its exchange, on which both connections are.
 */
final class Splice implements Forwarding, OwnerConnections.Watched {
    private static final Logger log = LoggerFactory.getLogger(Splice.class);

    private final ForeignRequest foreign;
    private final Exchange exchange;
    private final OwnerConnections connections;
    private final Channel client;
    private @Nullable Channel owner; // null until it connects
    private long activeNanos; // when bytes came last, or the connecting began
    private boolean done;

    Splice(ForeignRequest foreign, Exchange exchange, OwnerConnections connections) {
        this.foreign = foreign;
        this.exchange = exchange;
        this.connections = connections;
        this.client = exchange.channel();
    }

    @Override
    public void start(InetSocketAddress address) {
        if (done) {
            return;
        }
        activeNanos = connections.nanoTime();
        connections.forwarder().upgrades.increment();
        ChannelFuture connecting =
                connections.connect(address, /* reading= */ false, this, new Relay(client, this::onBytes));
        owner = connecting.channel();
        connecting.addListener((ChannelFutureListener) this::onConnected);
    }

    private void onConnected(ChannelFuture connecting) {
        if (done) {
            var unused = connecting.channel().close();
        } else if (connecting.isSuccess()) {
            done = true;
            Channel reached = connecting.channel();
            var unused = reached.writeAndFlush(head(reached), reached.voidPromise());
            exchange.takeOver(new Relay(reached, this::onBytes));
            reached.config().setAutoRead(true);
        } else {
            log.debug("the owner of a session cannot be reached", connecting.cause());
            fail();
        }
    }

    @Override
    public void fail() {
        if (!done) {
            done = true;
            connections.forwarder().failed.increment();
            foreign.unknown().run();
        }
    }

    @Override
    public void cancel() {
        done = true;
        if (owner != null) {
            var unused = owner.close();
        }
    }

    /** Both sides have pings to send; where nothing comes, nobody is there any more. */
    @Override
    public void checkDeadline(long nowNanos) {
        if (nowNanos - activeNanos >= connections.answerTimeoutNanos() && owner != null) {
            var unused = owner.close();
            if (exchange.isTakenOver()) {
                unused = client.close();
            }
        }
    }

    private void onBytes() {
        activeNanos = connections.nanoTime();
    }

    /** The request as it came, and the mark. */
    private ByteBuf head(Channel reached) {
        HttpRequest request = exchange.request();
        StringBuilder head = new StringBuilder(512)
                .append(request.method().name())
                .append(' ')
                .append(request.uri())
                .append(' ')
                .append(request.protocolVersion().text())
                .append("\r\n");
        exchange.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append(Forwarder.MARK).append(": ").append(foreign.tag()).append("\r\n\r\n");
        ByteBuf bytes = reached.alloc().directBuffer(head.length());
        ByteBufUtil.writeAscii(bytes, head);
        return bytes;
    }
}
