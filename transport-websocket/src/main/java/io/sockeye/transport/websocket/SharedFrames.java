package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sockeye.protocol.engineio.EncodedPacket;
import org.jspecify.annotations.Nullable;

/**
 * The frames that went out last on one event loop, in direct memory. When a packet is sent a second time it is taken for a
 * broadcast: its frame is copied once more, and every further recipient gets a reference to that copy.
 *
 * <p>Confined to its event loop. {@link #clear} gives the memory back; whoever makes this keep some must see to it that it
 * is called at the end of the turn.
 */
final class SharedFrames {
    private static final int SLOTS = 4;

    private final @Nullable EncodedPacket[] packets = new EncodedPacket[SLOTS];
    private final @Nullable ByteBuf[] frames = new ByteBuf[SLOTS]; // null until the packet is sent again
    private int oldest;
    private boolean holding;

    /** The packet's frame, for the caller to write. */
    ByteBuf frame(EncodedPacket packet, ByteBufAllocator allocator) {
        for (int i = 0; i < SLOTS; i++) {
            if (packets[i] == packet) {
                ByteBuf frame = frames[i];
                if (frame == null) {
                    frame = copy(packet, allocator);
                    frames[i] = frame;
                    holding = true;
                }
                return frame.retainedDuplicate();
            }
        }
        forget(oldest);
        packets[oldest] = packet;
        oldest = (oldest + 1) % SLOTS;
        return copy(packet, allocator);
    }

    /** Whether there is memory to be given back. */
    boolean isHolding() {
        return holding;
    }

    /** Gives back all memory. */
    void clear() {
        for (int i = 0; i < SLOTS; i++) {
            forget(i);
        }
        holding = false;
    }

    private void forget(int slot) {
        packets[slot] = null;
        ByteBuf frame = frames[slot];
        if (frame != null) {
            frames[slot] = null;
            frame.release();
        }
    }

    private static ByteBuf copy(EncodedPacket packet, ByteBufAllocator allocator) {
        int length = packet.frameLength();
        return allocator.directBuffer(length).writeBytes(packet.array(), packet.frameOffset(), length);
    }
}
