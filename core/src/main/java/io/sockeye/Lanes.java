package io.sockeye;

import io.sockeye.adapter.LocalRooms;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;

/**
 * A namespace's packets on their way to its sockets, in an order that somebody else has decided on: one queue per event loop.
 *
 * <p>What threads hand over to an event loop is overtaken by what the loop itself sends. Here it is not: whoever comes first
 * sends everything that is in the queue.
 *
 * <p>{@link #add} is called under the lock that decides on the order, and what it returns behind it.
 */
final class Lanes {
    private final ConcurrentMap<Object, Lane> byLoop = new ConcurrentHashMap<>();

    /** Puts a packet in line. What it returns sends what is in line. */
    Runnable add(EncodedPacket packet, boolean volatileFlag, List<LocalRooms.Group<Socket>> groups) {
        for (LocalRooms.Group<Socket> group : groups) {
            lane(group).waiting.add(new Delivery(packet, volatileFlag, group.sockets()));
        }
        return () -> groups.forEach(group -> group.sockets().get(0).connection().execute(lane(group)::drain));
    }

    private Lane lane(LocalRooms.Group<Socket> group) {
        return byLoop.computeIfAbsent(group.key(), loop -> new Lane());
    }

    private record Delivery(EncodedPacket packet, boolean volatileFlag, List<Socket> recipients) {}

    /** The queue of one event loop. Drained on that loop. */
    private static final class Lane {
        final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();
        /** Whether a delivery is under way, which may end a connection and so run code that emits. */
        private boolean draining;

        void drain() {
            if (draining) {
                return;
            }
            draining = true;
            try {
                for (Delivery next = waiting.poll(); next != null; next = waiting.poll()) {
                    for (Socket recipient : next.recipients()) {
                        recipient.outbox().deliver(next.packet(), next.volatileFlag());
                    }
                }
            } finally {
                draining = false;
            }
        }
    }
}
