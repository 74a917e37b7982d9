package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.protocol.engineio.EnginePacketDecoder;
import io.sockeye.protocol.engineio.Revision3PacketDecoder;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection, the only handler of its channel beside TLS.
 *
 * <p>States: <em>open</em>; <em>ending</em> while the listener is told that the client has ended it or broken the rules,
 * when it may still send; <em>closing</em> once a close frame is sent and the client's is awaited; <em>closed</em> once
 * nothing more is expected of the client, though its connection may linger. Confined to its event loop.
 */
final class WebSocketTransport extends ChannelInboundHandlerAdapter implements Transport, FrameReader.Sink {
    static final String NAME = "websocket";
    private static final Logger log = LoggerFactory.getLogger(WebSocketTransport.class);

    /** How many answers to pings may wait for a client that does not read, as in the reference. */
    private static final int MAX_PENDING_PONGS = 60;

    private static final int CLOSE_FRAME = 0x88;
    private static final int PONG_FRAME = 0x8a;
    private static final byte[] NO_CODE = {};

    private final Channel channel;
    private final EventLoop loop;
    private final LoopResources resources;
    private final int maxPayload;
    private final boolean revision3;
    private final FrameReader reader;
    private final FrameWriter writer;

    private State state = State.OPEN;
    private Listener listener = Nobody.INSTANCE;
    private @Nullable ArrayDeque<ByteBuf> unread; // what arrived while nothing may be delivered; null when nothing has
    private boolean opening = true;
    private boolean paused;
    private boolean inRead;
    private boolean flushDue; // at the end of the read that is under way
    private int pendingPongs; // written since the client stopped reading
    private long dropAtNanos; // when a lingering connection is dropped

    private enum State {
        OPEN,
        ENDING,
        CLOSING,
        CLOSED
    }

    WebSocketTransport(Channel channel, EventLoop loop, TransportConfig config, boolean compression, Dialect dialect) {
        this.channel = channel;
        this.loop = loop;
        this.resources = LoopResources.local();
        this.maxPayload = config.maxPayload();
        this.revision3 = dialect.revision() == 3;
        this.reader = new FrameReader(maxPayload, compression, this);
        int compressionThreshold = compression ? config.perMessageDeflateThreshold() : Integer.MAX_VALUE;
        this.writer = new FrameWriter(channel, loop, resources, compressionThreshold, dialect);
    }

    /** Announces the transport, and then begins to deliver what has arrived. */
    void open(Consumer<Transport> opened) {
        boolean announced = false;
        try {
            opened.accept(this);
            announced = true;
        } finally {
            opening = false;
            if (!announced) {
                abort();
            }
        }
        flushBehindTurn();
        continueReading();
    }

    /** Sends the answer to the handshake, together with what the session sends in this turn. */
    private void flushBehindTurn() {
        try {
            loop.execute(writer::flush);
        } catch (RejectedExecutionException e) { // the loop is ending, and the connection with it
            drop();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void listener(Listener listener) {
        if (state != State.CLOSED) {
            this.listener = listener;
        }
    }

    @Override
    public boolean writable() {
        return (state == State.OPEN || state == State.ENDING) && writer.writable();
    }

    @Override
    public void send(Queue<EncodedPacket> queue) {
        if (writable()) {
            writer.write(queue);
            flush();
        }
    }

    @Override
    public void pauseReading() {
        if (state == State.OPEN && !paused) {
            paused = true;
            reader.stop();
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resumeReading() {
        paused = false;
        continueReading();
    }

    @Override
    public void close() {
        if (state == State.OPEN) {
            startClosing();
        }
    }

    @Override
    public void abort() {
        listener = Nobody.INSTANCE;
        drop();
    }

    @Override
    public void discard() {
        if (state == State.OPEN || state == State.CLOSING) {
            listener = Nobody.INSTANCE;
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
        } else if (isBlocked() || unread != null) {
            keep(in);
        } else {
            read(in);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushDue();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            pendingPongs = 0;
            if (state == State.OPEN) {
                listener.onWritable();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        releaseUnread();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("connection of {} failed", channel.remoteAddress(), cause);
        drop();
    }

    @Override
    public void onText(byte[] array, int length) {
        if (state != State.OPEN) {
            return;
        }
        EnginePacket packet;
        try {
            packet = revision3
                    ? Revision3PacketDecoder.decodeText(array, 0, length)
                    : EnginePacketDecoder.decodeText(array, 0, length);
        } catch (ProtocolException e) {
            state = State.ENDING;
            listener.onError(Failure.PARSE_ERROR, String.valueOf(e.getMessage()));
            listener = Nobody.INSTANCE;
            startClosing();
            return;
        }
        listener.onPacket(packet);
    }

    @Override
    public void onBinary(byte[] data) {
        if (state == State.OPEN) {
            listener.onPacket(
                    revision3
                            ? Revision3PacketDecoder.decodeBinary(data, 0, data.length)
                            : new EnginePacket.Binary(data));
        }
    }

    @Override
    public void onCompressed(byte[] array, int length, boolean text) {
        if (state != State.OPEN) {
            return;
        }
        byte[] message;
        try {
            message = resources.deflater().inflate(array, length, maxPayload);
        } catch (DataFormatException e) {
            onViolation(FrameReader.INVALID_PAYLOAD, "invalid compressed data");
            return;
        }
        if (message == null) {
            onViolation(FrameReader.TOO_BIG, "Max payload size exceeded");
        } else if (!text) {
            onBinary(message);
        } else if (Utf8.isValid(message, 0, message.length)) {
            onText(message, message.length);
        } else {
            onViolation(FrameReader.INVALID_PAYLOAD, "invalid UTF-8 sequence");
        }
    }

    @Override
    public void onPing(byte[] data) {
        if (state != State.OPEN) {
            return;
        }
        if (!channel.isWritable() && ++pendingPongs > MAX_PENDING_PONGS) {
            drop();
        } else {
            var unused = writer.writeControl(PONG_FRAME, data);
            flush();
        }
    }

    /** RFC 6455, 5.5.1: the first close frame is answered with the same, the second ends the connection. */
    @Override
    public void onCloseFrame(byte[] payload) {
        if (state != State.OPEN) {
            drop();
            return;
        }
        state = State.ENDING;
        listener.onClose();
        finish(payload, ChannelFutureListener.CLOSE);
    }

    /** RFC 6455, 7.1.7. The connection lingers so that the client gets to read why it ends. */
    @Override
    public void onViolation(int closeCode, String description) {
        if (state != State.OPEN) {
            drop();
            return;
        }
        reader.abandon();
        state = State.ENDING;
        listener.onError(Failure.TRANSPORT_ERROR, description);
        finish(new byte[] {(byte) (closeCode >>> Byte.SIZE), (byte) closeCode}, WebSocketTransport::endOutput);
    }

    /** Drops the connection, and tells the listener unless it has been told. */
    void drop() {
        var unused = channel.close();
        resources.closed(this);
        releaseUnread();
        if (state != State.CLOSED) {
            boolean told = state == State.ENDING;
            state = State.CLOSED;
            Listener last = listener;
            listener = Nobody.INSTANCE;
            if (!told) {
                last.onClose();
            }
        }
    }

    /** When a connection that lingers is to be dropped. */
    long dropAtNanos() {
        return dropAtNanos;
    }

    /** Sends a close frame without a code, and awaits the client's. */
    private void startClosing() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        var unused = writer.writeControl(CLOSE_FRAME, NO_CODE);
        flush();
        linger();
        continueReading(); // the client's close frame may be behind what was not read yet
    }

    /** Sends the last close frame. The listener has been told. */
    private void finish(byte[] closePayload, ChannelFutureListener afterwards) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        listener = Nobody.INSTANCE;
        writer.writeControl(CLOSE_FRAME, closePayload).addListener(afterwards);
        channel.flush();
        linger();
    }

    private void linger() {
        dropAtNanos = loop.nanoTime() + LoopResources.CLOSE_TIMEOUT_NANOS;
        resources.dropInTime(this);
    }

    /** Says that nothing follows, and leaves it to the client to close. */
    private static void endOutput(ChannelFuture written) {
        Channel channel = written.channel();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            var unused = tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            var unused = duplex.shutdownOutput();
        } else {
            var unused = channel.close();
        }
    }

    /** Whether nothing may be delivered now. */
    private boolean isBlocked() {
        return opening || (paused && state == State.OPEN);
    }

    private void continueReading() {
        ArrayDeque<ByteBuf> waiting = unread;
        if (!inRead && !isBlocked() && waiting != null) {
            unread = null;
            while (!waiting.isEmpty()) {
                read(waiting.remove()); // which keeps it if reading is paused again
            }
            flushDue();
        }
        if (!isBlocked()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Delivers what a buffer holds, and releases it; keeps what may not be delivered yet. */
    private void read(ByteBuf in) {
        inRead = true;
        try {
            while (in.isReadable() && !isBlocked()) {
                reader.read(in);
            }
        } catch (RuntimeException | Error e) {
            log.error("a listener failed; its connection is dropped", e);
            drop();
        } finally {
            inRead = false;
            if (in.isReadable() && isBlocked()) {
                keep(in);
            } else {
                in.release();
            }
        }
    }

    private void keep(ByteBuf in) {
        ArrayDeque<ByteBuf> waiting = unread;
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
            unread = waiting;
        }
        waiting.add(in);
    }

    private void releaseUnread() {
        ArrayDeque<ByteBuf> waiting = unread;
        unread = null;
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
        }
    }

    private void flush() {
        if (inRead) {
            flushDue = true;
        } else {
            writer.flush();
        }
    }

    private void flushDue() {
        if (flushDue) {
            flushDue = false;
            writer.flush();
        }
    }
}
