package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundHandler;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets and control frames to one connection. Small frames that go out together share a buffer; large ones are
 * written as they are, and shared with other connections where a packet is sent to many.
 *
 * <p>Confined to its connection's event loop.
 */
final class FrameWriter {
    /** As much as is put into one buffer. */
    private static final int MAX_COALESCED = 64 * 1024;

    /** From this length on a frame is written as it is. */
    private static final int MIN_ALONE = 1024;

    private final Channel channel;
    private final EventLoop loop;
    private final LoopResources resources;
    private final int compressionThreshold; // Integer.MAX_VALUE: never
    private final Dialect dialect;

    /** What to write to past the pipeline, in which nobody handles what goes out; null when somebody does, such as TLS. */
    private final Channel.@Nullable Unsafe direct;

    private @Nullable ByteBuf coalesced; // null unless frames are being collected

    FrameWriter(Channel channel, EventLoop loop, LoopResources resources, int compressionThreshold, Dialect dialect) {
        this.channel = channel;
        this.loop = loop;
        this.resources = resources;
        this.compressionThreshold = compressionThreshold;
        this.dialect = dialect;
        this.direct = isHandledOnItsWayOut(channel) ? null : channel.unsafe();
    }

    private static boolean isHandledOnItsWayOut(Channel channel) {
        for (Map.Entry<String, ChannelHandler> entry : channel.pipeline()) {
            if (entry.getValue() instanceof ChannelOutboundHandler) {
                return true;
            }
        }
        return false;
    }

    /** Writes from the head of the queue until it is empty or the connection's buffer full. Flushes nothing. */
    void write(Queue<EncodedPacket> queue) {
        while (channel.isWritable()) {
            EncodedPacket next = queue.poll();
            if (next == null) {
                break;
            }
            EncodedPacket packet = next.in(dialect);
            EncodedPacket[] attachments = packet.attachments();
            if (coalesced == null && attachments.length == 0 && queue.isEmpty()) {
                add(packet, /* alone= */ true);
            } else {
                add(packet, /* alone= */ false);
                for (EncodedPacket attachment : attachments) {
                    add(attachment, /* alone= */ false);
                }
            }
        }
        writeCoalesced();
    }

    /** Writes a control frame (RFC 6455, 5.5). */
    ChannelFuture writeControl(int firstByte, byte[] payload) {
        ByteBuf frame = channel.alloc().directBuffer(2 + payload.length);
        frame.writeByte(firstByte).writeByte(payload.length).writeBytes(payload);
        return channel.write(frame);
    }

    /** Sends what has been written. */
    void flush() {
        Channel.Unsafe past = direct;
        if (past != null) {
            past.flush();
        } else {
            channel.flush();
        }
    }

    private void add(EncodedPacket packet, boolean alone) {
        if (packet.isCompressible() && packet.packetLength() >= compressionThreshold) {
            byte[] frame = resources.deflater().frame(packet);
            add(frame, 0, frame.length);
        } else if (alone || packet.frameLength() >= MIN_ALONE) {
            writeCoalesced();
            write(resources.frame(packet, channel.alloc(), loop));
        } else {
            add(packet.array(), packet.frameOffset(), packet.frameLength());
        }
    }

    private void add(byte[] array, int offset, int length) {
        ByteBuf target = coalesced;
        if (target != null && target.readableBytes() + length > MAX_COALESCED) {
            writeCoalesced();
            target = null;
        }
        if (target == null) {
            target = channel.alloc().directBuffer(Math.max(length, MIN_ALONE));
            coalesced = target;
        }
        target.writeBytes(array, offset, length);
    }

    private void writeCoalesced() {
        ByteBuf full = coalesced;
        if (full != null) {
            coalesced = null;
            write(full);
        }
    }

    private void write(ByteBuf frames) {
        Channel.Unsafe past = direct;
        if (past != null) {
            past.write(frames, channel.voidPromise());
        } else {
            var unused = channel.write(frames, channel.voidPromise());
        }
    }
}
