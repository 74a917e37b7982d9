package io.sockeye.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpFields;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection as long as it speaks HTTP: turns what the decoder reads into exchanges, one at a time, and writes their
 * answers.
 *
 * <p>States: <em>waiting</em> for a request, <em>reading</em> one's head, <em>exchanging</em> until its body has arrived
 * and its answer is written, <em>closing</em>; and out of HTTP after {@link #handOver}. Confined to its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
    private static final ByteBuf CONTINUE = head("HTTP/1.1 100 Continue\r\n\r\n");
    private static final ByteBuf BAD_REQUEST = head("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    private static final ByteBuf TOO_LARGE =
            head("HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n");
    private static final ByteBuf TIMEOUT = head("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    private static final byte[] EMPTY = {};

    private LoopConnections loop; // changes when the connection moves
    private final HttpServices services;
    private final RequestDecoder decoder;
    private @Nullable ChannelHandlerContext ctx; // null until the handler is added
    private @Nullable Exchange current; // null unless exchanging
    private State state = State.READING;
    private boolean answering; // whether the current exchange's answer has been given to the channel
    private boolean written; // whether it has gone out
    private boolean readingStopped; // because of a body that nobody has asked for
    private boolean keepAlive;

    /** When the state becomes a timeout, by the loop's clock; meaningless without {@link #hasDeadline}. */
    private long deadlineNanos;

    private boolean hasDeadline;

    /** Where the connection stands in its loop's list, which alone touches these. */
    @Nullable HttpConnection previous;

    @Nullable HttpConnection next;

    boolean listed;

    private enum State {
        WAITING,
        READING,
        EXCHANGING,
        CLOSING
    }

    HttpConnection(LoopConnections loop, HttpServices services) {
        this.loop = loop;
        this.services = services;
        this.decoder = new RequestDecoder(this, services.config().maxHeadSize());
    }

    /** Puts the connection's handlers at the end of the pipeline. */
    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(decoder, this);
    }

    EventLoop eventLoop() {
        return loop.eventLoop();
    }

    Channel channel() {
        return context().channel();
    }

    RecurringTexts texts() {
        return services.texts();
    }

    boolean isSecure() {
        return services.config().tls() != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        setDeadline(services.headTimeoutNanos());
        loop.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        loop.remove(this);
    }

    /** Something was read from a connection that has been waiting: the clock of a new head runs. */
    void bytesArrived() {
        if (state == State.WAITING) {
            state = State.READING;
            setDeadline(services.headTimeoutNanos());
        }
    }

    /** The client has sent all it will. What is answered in this turn of the loop still goes out, and then the end. */
    void inputEnded() {
        context().executor().execute(() -> {
            Channel channel = channel();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (state == State.CLOSING) {
                return;
            }
            if (message instanceof HttpRequest request) {
                onHead(request);
            } else if (message instanceof HttpContent content) {
                onContent(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(request.decoderResult().cause());
            return;
        }
        RequestCheck check = RequestCheck.of(request);
        if (check == RequestCheck.MALFORMED) {
            refuse(null);
            return;
        }
        if (check == RequestCheck.TUNNEL) {
            close();
            return;
        }
        services.counters().requests.increment();
        state = State.EXCHANGING;
        answering = false;
        written = false;
        keepAlive = RequestCheck.keepsAlive(request);
        setDeadline(services.bodyTimeoutNanos());
        Exchange exchange = new Exchange(this, request, check == RequestCheck.UPGRADE);
        current = exchange;
        switch (check) {
            case NO_HOST -> exchange.respond(400, HttpFields.of("Connection", "close"), EMPTY);
            case UNKNOWN_EXPECTATION -> exchange.respond(417, HttpFields.create(), EMPTY);
            case UPGRADE -> {} // once the decoder has let go of the head, so that it can leave the pipeline
            default -> {
                if (check == RequestCheck.CONTINUE) {
                    var unused = context()
                            .writeAndFlush(CONTINUE.duplicate(), context().voidPromise());
                }
                handle(exchange);
            }
        }
    }

    private void onContent(HttpContent content) {
        Exchange exchange = current;
        if (exchange == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            refuse(content.decoderResult().cause());
            return;
        }
        exchange.body().add(content.content());
        if (content instanceof LastHttpContent) {
            decoder.await();
            hasDeadline = answering;
            exchange.body().end();
            if (exchange.upgradeRequested()) {
                handle(exchange);
            }
            finish();
        } else if (exchange.body().mustWait() && !readingStopped) {
            readingStopped = true;
            channel().config().setAutoRead(false);
        }
    }

    private void handle(Exchange exchange) {
        try {
            services.routes().handle(exchange);
        } catch (Throwable e) {
            services.counters().handlerFailures.increment();
            log.error("a handler failed on a {} request", exchange.method(), e);
            exchange.respondIfOpen(500);
        }
    }

    /** Goes on reading a body that somebody wants, or nobody any more. */
    void bodyWanted() {
        if (readingStopped) {
            readingStopped = false;
            channel().config().setAutoRead(true);
        }
    }

    /** Writes the answer of the current exchange. */
    void answer(Exchange exchange, int status, HttpFields headers, byte[] body) {
        if (exchange != current || state != State.EXCHANGING) {
            return;
        }
        answering = true;
        exchange.body().discard();
        bodyWanted();
        AnswerWriter writer = loop.writer();
        ByteBuf answer = exchange.upgradeRequested()
                ? writer.writeRefusal(context().alloc(), status, headers, body)
                : writer.write(context().alloc(), exchange, status, headers, body, keepAlive && !loop.isDraining());
        boolean closes = writer.closes();
        ChannelFuture writing = context().writeAndFlush(answer);
        if (closes) {
            state = State.CLOSING;
            setDeadline(services.bodyTimeoutNanos());
            writing.addListener(ChannelFutureListener.CLOSE);
        } else if (writing.isDone()) {
            onWritten(writing);
        } else {
            setDeadline(services.bodyTimeoutNanos());
            writing.addListener((ChannelFutureListener) this::onWritten);
        }
    }

    private void onWritten(ChannelFuture writing) {
        if (writing.isSuccess()) {
            written = true;
            finish();
        }
    }

    /** Waits for the next request once this one's body has arrived and its answer has gone out. */
    private void finish() {
        Exchange exchange = current;
        if (state != State.EXCHANGING
                || !written
                || exchange == null
                || !exchange.body().isComplete()) {
            return;
        }
        current = null;
        state = State.WAITING;
        setDeadline(services.keepAliveTimeoutNanos());
        if (loop.isDraining()) {
            close();
        } else {
            decoder.proceed();
        }
    }

    /** What arrives is not HTTP, or too much of it: the connection ends, and with it the exchange under way. */
    private void refuse(@Nullable Throwable cause) {
        if (!channel().isActive()) {
            return;
        }
        services.counters().malformed.increment();
        log.debug("malformed request from {}", channel().remoteAddress(), cause);
        boolean tooLarge = cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
        end(tooLarge ? TOO_LARGE : BAD_REQUEST);
    }

    /** Called by the loop's clock: closes the connection when it has overstayed. */
    void checkDeadline(long nowNanos) {
        if (!hasDeadline || nowNanos - deadlineNanos < 0) {
            return;
        }
        if (state == State.READING || (state == State.EXCHANGING && !answering)) {
            services.counters().timedOut.increment();
            log.debug("request from {} took too long to arrive", channel().remoteAddress());
            end(TIMEOUT);
        } else {
            close();
        }
    }

    /** Closes the connection unless it is in an exchange, which is then its last. */
    void drain() {
        if (state != State.EXCHANGING && state != State.CLOSING) {
            close();
        }
    }

    private void end(ByteBuf lastWords) {
        state = State.CLOSING;
        setDeadline(services.bodyTimeoutNanos());
        context().writeAndFlush(lastWords.duplicate()).addListener(ChannelFutureListener.CLOSE);
        abortCurrent();
    }

    private void close() {
        state = State.CLOSING;
        var unused = channel().close();
    }

    private void abortCurrent() {
        Exchange exchange = current;
        current = null;
        if (exchange != null) {
            try {
                exchange.abort();
            } catch (Throwable e) {
                log.error("a listener failed on the end of a {} request", exchange.method(), e);
            }
        }
    }

    /** Moves to another event loop of the server; stays where it is when it cannot. */
    void moveTo(EventLoop target, Consumer<EventLoop> then) {
        LoopConnections there = services.movable().get(target);
        if (there == null || there == loop) {
            then.accept(loop.eventLoop());
            return;
        }
        Channel channel = channel();
        loop.remove(this);
        channel.deregister().addListener(left -> {
            if (left.isSuccess()) {
                there.nettyLoop().register(channel).addListener(arrived -> onArrived(arrived.isSuccess(), there, then));
            } else {
                close();
            }
        });
    }

    private void onArrived(boolean success, LoopConnections there, Consumer<EventLoop> then) {
        loop = there;
        if (success && channel().isActive()) {
            then.accept(there.eventLoop());
        } else {
            abortCurrent();
            close();
        }
    }

    /** Leaves the pipeline to the handlers; the decoder passes on what it has not decoded as it goes. */
    void handOver(ChannelHandler... handlers) {
        ChannelPipeline pipeline = context().pipeline();
        current = null;
        state = State.CLOSING;
        decoder.resumeReading();
        channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        pipeline.addLast(handlers);
        pipeline.remove(this);
        pipeline.remove(decoder);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        state = State.CLOSING;
        loop.remove(this);
        abortCurrent();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("connection of {} failed", channel().remoteAddress(), cause);
        close();
    }

    private void setDeadline(long afterNanos) {
        hasDeadline = true;
        deadlineNanos = loop.nanoTime() + afterNanos;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    private static ByteBuf head(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                .writeBytes(text.getBytes(StandardCharsets.US_ASCII))
                .asReadOnly());
    }
}
