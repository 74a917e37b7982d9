package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of one event loop, one after the other, collect the frames that go out together, in direct
 * memory. It remembers what it held last: a packet that goes to many connections is copied into it once.
 *
 * <p>Confined to its event loop. Empty between two uses.
 */
final class FrameBuffer {
    /** As many bytes as it takes. */
    static final int CAPACITY = 64 * 1024;

    private @Nullable ByteBuf memory; // null until the first use
    private @Nullable EncodedPacket only; // the one packet of which the memory holds the frame, read or not

    /** Whether there is room for that many bytes more. */
    boolean hasRoom(int length) {
        return memory == null ? length <= CAPACITY : length <= CAPACITY - memory.readableBytes();
    }

    /** Drops what somebody has left who failed. */
    void begin() {
        if (memory != null) {
            memory.readerIndex(memory.writerIndex());
        }
    }

    /** Adds a packet's frame; there must be room for it. */
    void add(EncodedPacket packet) {
        boolean alone = collected() == null;
        if (alone && only == packet && memory != null) {
            memory.readerIndex(0);
            return;
        }
        add(packet.array(), packet.frameOffset(), packet.frameLength());
        only = alone ? packet : null;
    }

    /** Adds bytes; there must be room for them. */
    void add(byte[] array, int offset, int length) {
        ByteBuf target = memory;
        if (target == null) {
            target = ByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY);
            memory = target;
        }
        if (!target.isReadable()) {
            target.clear();
        }
        only = null;
        target.writeBytes(array, offset, length);
    }

    /** What has been added and not been read; null when there is nothing. Whoever gets it reads all of it. */
    @Nullable ByteBuf collected() {
        ByteBuf collected = memory;
        return collected == null || !collected.isReadable() ? null : collected;
    }

    /** Gives the memory back. */
    void release() {
        only = null;
        ByteBuf last = memory;
        memory = null;
        if (last != null) {
            last.release();
        }
    }
}
