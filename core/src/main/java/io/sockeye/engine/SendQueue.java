package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one session that its transport has not taken yet: the first of them, and a ring of those behind it, which is
 * made when it is needed and given back when a burst is over. Confined to the session's event loop, save for {@link #bytes}.
 */
class SendQueue extends AbstractQueue<EncodedPacket> {
    private static final VarHandle BYTES;
    private static final int PACKET_OVERHEAD = 64;
    private static final int INITIAL_CAPACITY = 4;
    private static final int LARGEST_KEPT = 64;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(SendQueue.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long bytes; // written on the loop, read anywhere
    private @Nullable EncodedPacket front; // null when there is none
    private @Nullable EncodedPacket @Nullable [] ring; // null until a second packet waits, and after a burst
    private int head;
    private int behind; // how many are in the ring
    private int pongs; // how many of those that wait are the answer to a ping

    /** What a packet counts in a queue: its bytes, and about what the objects around them take. */
    static long cost(EncodedPacket packet) {
        return (long) packet.size() + PACKET_OVERHEAD;
    }

    /** What the packets count that wait. From any thread, elsewhere than on the loop perhaps outdated. */
    final long bytes() {
        return (long) BYTES.getAcquire(this);
    }

    @Override
    public final boolean offer(EncodedPacket packet) {
        if (front == null) {
            front = packet;
        } else {
            offerBehind(packet);
        }
        count(packet, 1);
        return true;
    }

    private void offerBehind(EncodedPacket packet) {
        @Nullable EncodedPacket[] array = ring;
        if (array == null) {
            array = new @Nullable EncodedPacket[INITIAL_CAPACITY];
            ring = array;
            head = 0;
        } else if (behind == array.length) {
            array = grow(array);
        }
        array[(head + behind) & (array.length - 1)] = packet;
        behind++;
    }

    private void count(EncodedPacket packet, int change) {
        BYTES.setRelease(this, bytes + change * cost(packet));
        if (packet == EncodedPacket.PONG) {
            pongs += change;
        }
    }

    @Override
    public final @Nullable EncodedPacket peek() {
        return front;
    }

    @Override
    public final @Nullable EncodedPacket poll() {
        EncodedPacket packet = front;
        if (packet == null) {
            return null;
        }
        @Nullable EncodedPacket[] array = ring;
        if (behind > 0 && array != null) {
            front = array[head];
            array[head] = null;
            head = (head + 1) & (array.length - 1);
            behind--;
        } else {
            front = null;
            if (array != null && array.length > LARGEST_KEPT) {
                ring = null;
            }
        }
        count(packet, -1);
        return packet;
    }

    /** Drops everything, and the ring with it. */
    @Override
    public final void clear() {
        while (front != null) {
            poll();
        }
        ring = null;
    }

    /**
     * Drops the oldest messages until that many bytes are gone, or all but the youngest. Packets other than messages stay:
     * the handshake, pings and what ends the session.
     *
     * @return how many were dropped
     */
    final int dropOldest(long excess) {
        int dropped = 0;
        long missing = excess;
        Deque<EncodedPacket> kept = new ArrayDeque<>(2);
        while (missing > 0 && behind > 0) {
            EncodedPacket packet = remove();
            if (isMessage(packet)) {
                dropped++;
                missing -= cost(packet);
            } else {
                kept.addFirst(packet);
            }
        }
        kept.forEach(this::putBack);
        return dropped;
    }

    /** Puts a packet in front of the others, where one has just been taken out. */
    private void putBack(EncodedPacket packet) {
        @Nullable EncodedPacket[] array = Objects.requireNonNull(ring);
        head = (head - 1) & (array.length - 1);
        array[head] = front;
        behind++;
        front = packet;
        count(packet, 1);
    }

    /** Whether an answer to a ping waits. */
    final boolean holdsPong() {
        return pongs > 0;
    }

    private static boolean isMessage(EncodedPacket packet) {
        return packet.isBinary() || packet.array()[packet.packetOffset()] == '4';
    }

    @Override
    public final int size() {
        return front == null ? 0 : 1 + behind;
    }

    @Override
    public final boolean isEmpty() {
        return front == null;
    }

    /** The packets from head to tail; the queue must not change meanwhile. */
    @Override
    public final Iterator<EncodedPacket> iterator() {
        return new Iterator<>() {
            private int position;

            @Override
            public boolean hasNext() {
                return position < size();
            }

            @Override
            public EncodedPacket next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                EncodedPacket packet = at(position++);
                if (packet == null) {
                    throw new IllegalStateException("the queue changed");
                }
                return packet;
            }
        };
    }

    private @Nullable EncodedPacket at(int position) {
        @Nullable EncodedPacket[] array = ring;
        return position == 0 || array == null ? front : array[(head + position - 1) & (array.length - 1)];
    }

    private @Nullable EncodedPacket[] grow(@Nullable EncodedPacket[] array) {
        @Nullable EncodedPacket[] larger = new @Nullable EncodedPacket[array.length * 2];
        int firstPart = array.length - head;
        System.arraycopy(array, head, larger, 0, firstPart);
        System.arraycopy(array, 0, larger, firstPart, head);
        ring = larger;
        head = 0;
        return larger;
    }
}
