package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets and control frames to one connection. Frames that go out together are collected first, save for large ones,
 * which are written as they are, and shared with other connections where a packet is sent to many.
 *
 * <p>What is written goes straight to the connection's socket where that is known, as long as nothing waits in front of it:
 * no buffer is allocated for it, and nothing is noted down. What the socket does not take goes to Netty, which waits until it
 * does.
 *
 * <p>Confined to its connection's event loop.
 */
final class FrameWriter {
    /** From this length on a frame that is for Netty is given to it as it is, shared where many get it. */
    private static final int MIN_ALONE = 1024;

    private final Channel channel;
    private final EventLoop loop;
    private final LoopResources resources;
    private final int compressionThreshold; // Integer.MAX_VALUE: never
    private final Dialect dialect;

    /** What to write to past the pipeline, in which nobody handles what goes out; null when somebody does, such as TLS. */
    private final Channel.@Nullable Unsafe direct;

    /** What the channel writes to in the end; null unless it is native, and written to past the pipeline. */
    private final @Nullable Socket socket;

    private boolean unflushed = true; // whether something was given to Netty since the last flush; the handshake was
    private boolean waiting = true; // whether something may be left of what was given to Netty

    FrameWriter(Channel channel, EventLoop loop, LoopResources resources, int compressionThreshold, Dialect dialect) {
        this.channel = channel;
        this.loop = loop;
        this.resources = resources;
        this.compressionThreshold = compressionThreshold;
        this.dialect = dialect;
        this.direct = isHandledOnItsWayOut(channel) ? null : channel.unsafe();
        this.socket = direct == null ? null : socketOf(channel);
    }

    private static @Nullable Socket socketOf(Channel channel) {
        return channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket socket ? socket : null;
    }

    private static boolean isHandledOnItsWayOut(Channel channel) {
        for (Map.Entry<String, ChannelHandler> entry : channel.pipeline()) {
            if (entry.getValue() instanceof ChannelOutboundHandler) {
                return true;
            }
        }
        return false;
    }

    /** Whether more can be written now. */
    boolean writable() {
        return waiting ? channel.isWritable() : socket != null && socket.isOpen();
    }

    /** Writes from the head of the queue until it is empty or the connection's buffer full. May leave it to {@link #flush}. */
    void write(Queue<EncodedPacket> queue) {
        FrameBuffer frames = resources.frameBuffer();
        frames.begin();
        int minAlone = isStraight() ? FrameBuffer.CAPACITY + 1 : MIN_ALONE;
        while (writable()) {
            EncodedPacket next = queue.poll();
            if (next == null) {
                break;
            }
            EncodedPacket packet = next.in(dialect);
            add(packet, frames, minAlone);
            for (EncodedPacket attachment : packet.attachments()) {
                add(attachment, frames, minAlone);
            }
        }
        writeCollected(frames);
    }

    /** Writes a control frame (RFC 6455, 5.5). */
    ChannelFuture writeControl(int firstByte, byte[] payload) {
        ByteBuf frame = channel.alloc().directBuffer(2 + payload.length);
        frame.writeByte(firstByte).writeByte(payload.length).writeBytes(payload);
        given();
        return channel.write(frame);
    }

    /** Sends what has been written. */
    void flush() {
        if (!unflushed) {
            return;
        }
        unflushed = false;
        Channel.Unsafe past = direct;
        if (past != null) {
            past.flush();
        } else {
            channel.flush();
        }
    }

    private void add(EncodedPacket packet, FrameBuffer frames, int minAlone) {
        if (packet.isCompressible() && packet.packetLength() >= compressionThreshold) {
            byte[] frame = resources.deflater().frame(packet);
            if (!frames.hasRoom(frame.length)) {
                writeCollected(frames);
            }
            if (frames.hasRoom(frame.length)) {
                frames.add(frame, 0, frame.length);
            } else {
                write(channel.alloc().directBuffer(frame.length).writeBytes(frame));
            }
        } else if (packet.frameLength() >= minAlone) {
            writeCollected(frames);
            write(resources.frame(packet, channel.alloc(), loop));
        } else {
            if (!frames.hasRoom(packet.frameLength())) {
                writeCollected(frames);
            }
            frames.add(packet);
        }
    }

    private void writeCollected(FrameBuffer buffer) {
        ByteBuf frames = buffer.collected();
        if (frames != null && !sent(frames)) {
            giveToNetty(channel.alloc().directBuffer(frames.readableBytes()).writeBytes(frames));
        }
    }

    private void write(ByteBuf frames) {
        if (sent(frames)) {
            frames.release();
        } else {
            giveToNetty(frames);
        }
    }

    /** Whether the socket is known and open, and nothing that was written before is still on its way to it. */
    private boolean isStraight() {
        if (socket == null || direct == null) {
            return false;
        }
        if (waiting) {
            ChannelOutboundBuffer left = direct.outboundBuffer(); // null when the connection is closed
            waiting = left == null || left.totalPendingWriteBytes() > 0;
        }
        return !waiting && socket.isOpen();
    }

    /** Gives the socket what it takes, if nothing waits for it; answers whether nothing is left. */
    private boolean sent(ByteBuf frames) {
        if (socket == null || !isStraight()) {
            return false;
        }
        int from = frames.readerIndex();
        int length = frames.readableBytes();
        try {
            int taken;
            if (frames.hasMemoryAddress()) {
                taken = socket.sendAddress(frames.memoryAddress(), from, frames.writerIndex());
            } else {
                ByteBuffer bytes = frames.internalNioBuffer(from, length);
                taken = socket.send(bytes, bytes.position(), bytes.limit());
            }
            frames.skipBytes(taken);
            return taken == length;
        } catch (IOException e) {
            return false; // Netty finds the same, and ends the connection as it does for every failure
        }
    }

    private void given() {
        unflushed = true;
        waiting = true;
    }

    private void giveToNetty(ByteBuf frames) {
        given();
        Channel.Unsafe past = direct;
        if (past != null) {
            past.write(frames, channel.voidPromise());
        } else {
            var unused = channel.write(frames, channel.voidPromise());
        }
    }
}
