package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one session that its transport has not taken yet: a ring that is made when the first one comes and given
 * back when a burst is over. Confined to the session's event loop.
 *
 * <p>Counts the bytes that leave it, for {@link Outbound} to settle its account with once per flush.
 */
final class SendQueue extends AbstractQueue<EncodedPacket> {
    private static final int PACKET_OVERHEAD = 64;
    private static final int INITIAL_CAPACITY = 4;
    private static final int LARGEST_KEPT = 64;

    private @Nullable EncodedPacket @Nullable [] ring; // null until the first packet, and after a burst
    private int head;
    private int size;
    private long takenBytes;
    private int pongs; // how many of those that wait are the answer to a ping

    /** What a packet counts in a queue: its bytes, and about what the objects around them take. */
    static long cost(EncodedPacket packet) {
        return (long) packet.size() + PACKET_OVERHEAD;
    }

    /** What the packets count that have left the queue since the last call. */
    long settleTaken() {
        long bytes = takenBytes;
        takenBytes = 0;
        return bytes;
    }

    @Override
    public boolean offer(EncodedPacket packet) {
        @Nullable EncodedPacket[] array = ring;
        if (array == null) {
            array = new @Nullable EncodedPacket[INITIAL_CAPACITY];
            ring = array;
            head = 0;
        } else if (size == array.length) {
            array = grow(array);
        }
        array[(head + size) & (array.length - 1)] = packet;
        size++;
        if (packet == EncodedPacket.PONG) {
            pongs++;
        }
        return true;
    }

    @Override
    public @Nullable EncodedPacket peek() {
        return size == 0 || ring == null ? null : ring[head];
    }

    @Override
    public @Nullable EncodedPacket poll() {
        @Nullable EncodedPacket[] array = ring;
        if (size == 0 || array == null) {
            return null;
        }
        EncodedPacket packet = array[head];
        array[head] = null;
        head = (head + 1) & (array.length - 1);
        size--;
        if (packet != null) {
            takenBytes += cost(packet);
            if (packet == EncodedPacket.PONG) {
                pongs--;
            }
        }
        if (size == 0 && array.length > LARGEST_KEPT) {
            ring = null;
        }
        return packet;
    }

    /** Drops everything, and the ring with it. */
    @Override
    public void clear() {
        while (size > 0) {
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
    int dropOldest(long bytes) {
        int dropped = 0;
        long goal = takenBytes + bytes;
        Deque<EncodedPacket> kept = new ArrayDeque<>(2);
        while (takenBytes < goal && size > 1) {
            EncodedPacket packet = remove();
            if (isMessage(packet)) {
                dropped++;
            } else {
                takenBytes -= cost(packet);
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
        array[head] = packet;
        size++;
        if (packet == EncodedPacket.PONG) {
            pongs++;
        }
    }

    /** Whether an answer to a ping waits. */
    boolean holdsPong() {
        return pongs > 0;
    }

    private static boolean isMessage(EncodedPacket packet) {
        return packet.isBinary() || packet.array()[packet.packetOffset()] == '4';
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    /** The packets from head to tail; the queue must not change meanwhile. */
    @Override
    public Iterator<EncodedPacket> iterator() {
        return new Iterator<>() {
            private int position;

            @Override
            public boolean hasNext() {
                return position < size;
            }

            @Override
            public EncodedPacket next() {
                @Nullable EncodedPacket[] array = ring;
                if (position >= size || array == null) {
                    throw new NoSuchElementException();
                }
                EncodedPacket packet = array[(head + position++) & (array.length - 1)];
                if (packet == null) {
                    throw new IllegalStateException("the queue changed");
                }
                return packet;
            }
        };
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
