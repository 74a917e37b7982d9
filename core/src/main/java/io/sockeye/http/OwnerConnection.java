package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to another node that carries requests, one at a time. A request is sent once: when the connection breaks, nobody
 * knows whether the owner has carried it out.
 *
 * <p>States: <em>connecting</em>; <em>exchanging</em> while a request is under way; <em>idle</em>; <em>closed</em>. Confined to
 * its event loop.
 */
final class OwnerConnection extends SimpleChannelInboundHandler<FullHttpResponse> implements OwnerConnections.Watched {
    private static final Logger log = LoggerFactory.getLogger(OwnerConnection.class);
    private static final int MAX_HEAD = 64 * 1024;
    private static final Pattern TIMEOUT = Pattern.compile("\\btimeout=(\\d{1,6})\\b");

    private final OwnerConnections connections;
    private final InetSocketAddress owner;
    private final int maxAnswer;
    private State state = State.CONNECTING;
    private @Nullable Channel channel; // null until it connects
    private @Nullable OwnerRequest request; // null unless one waits to be sent or is under way
    private long deadlineNanos;

    private enum State {
        CONNECTING,
        EXCHANGING,
        IDLE,
        CLOSED
    }

    OwnerConnection(OwnerConnections connections, InetSocketAddress owner, int maxAnswer) {
        this.connections = connections;
        this.owner = owner;
        this.maxAnswer = maxAnswer;
    }

    void connect() {
        HttpDecoderConfig heads =
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD).setMaxHeaderSize(MAX_HEAD);
        HttpClientCodec codec = new HttpClientCodec(
                heads, /* parseHttpAfterConnectRequest= */ false, /* failOnMissingResponse= */ false);
        ChannelFuture connecting =
                connections.connect(owner, /* reading= */ true, this, codec, new HttpObjectAggregator(maxAnswer), this);
        channel = connecting.channel();
        connecting.addListener(done -> onConnected(done.isSuccess(), done.cause()));
    }

    private void onConnected(boolean success, @Nullable Throwable failure) {
        if (state != State.CONNECTING) {
            return;
        }
        if (success) {
            state = State.IDLE;
            if (request != null) {
                write(request);
            } else {
                close();
            }
        } else {
            log.debug("node {} cannot be reached", owner, failure);
            close();
        }
    }

    /** Sends a request over this connection, which is connecting or idle, and without one. */
    void send(OwnerRequest next) {
        request = next;
        next.sentOver(this);
        deadlineNanos = connections.nanoTime() + connections.answerTimeoutNanos();
        if (state == State.IDLE) {
            write(next);
        }
    }

    private void write(OwnerRequest next) {
        state = State.EXCHANGING;
        Channel open = channel;
        if (open != null) {
            var unused = open.writeAndFlush(next.message(), open.voidPromise());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
        OwnerRequest answered = request;
        if (state != State.EXCHANGING || answered == null) {
            close(); // nobody asked
            return;
        }
        request = null;
        long idleNanos = answer.decoderResult().isSuccess() ? idleNanos(answer) : 0;
        if (idleNanos > 0 && connections.keep(this, owner)) {
            state = State.IDLE;
            deadlineNanos = connections.nanoTime() + idleNanos;
        } else {
            close();
        }
        answered.onAnswer(answer);
    }

    /** How long the connection can be kept; 0 for not at all. */
    private long idleNanos(HttpResponse answer) {
        String told = answer.headers().get("Keep-Alive");
        Matcher timeout = TIMEOUT.matcher(told == null ? "" : told);
        return HttpUtil.isKeepAlive(answer) && timeout.find()
                ? connections.idleNanos(TimeUnit.SECONDS.toNanos(Long.parseLong(timeout.group(1))))
                : 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("the connection to node {} failed", owner, cause);
        close();
    }

    @Override
    public void checkDeadline(long nowNanos) {
        if (nowNanos - deadlineNanos >= 0) {
            close();
        }
    }

    /** Closes the connection; a request under way fails. Idempotent. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.IDLE) {
            connections.drop(this, owner);
        }
        state = State.CLOSED;
        if (channel != null) {
            var unused = channel.close();
        }
        OwnerRequest failed = request;
        request = null;
        if (failed != null) {
            failed.fail();
        }
    }
}
