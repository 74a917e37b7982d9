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
            lane(group.key()).waiting.add(new Delivery(packet, volatileFlag, group.sockets()));
        }
        return () -> groups.forEach(group -> group.sockets().get(0).connection().execute(lane(group.key())::drain));
    }

    /** Puts something in line that is to happen on a connection's event loop. What it returns has what is in line done. */
    Runnable add(ClientConnection connection, Runnable task) {
        Lane lane = lane(connection.session().eventLoop());
        lane.waiting.add(task);
        return () -> connection.execute(lane::drain);
    }

    private Lane lane(Object loop) {
        return byLoop.computeIfAbsent(loop, key -> new Lane());
    }

    private record Delivery(EncodedPacket packet, boolean volatileFlag, List<Socket> recipients) implements Runnable {
        @Override
        public void run() {
            for (Socket recipient : recipients) {
                recipient.deliver(packet, volatileFlag);
            }
        }
    }

    /** The queue of one event loop. Drained on that loop. */
    private static final class Lane {
        final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        /** Whether a delivery is under way, which may end a connection and so run code that emits. */
        private boolean draining;

        void drain() {
            if (draining) {
                return;
            }
            draining = true;
            try {
                for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                    next.run();
                }
            } finally {
                draining = false;
            }
        }
    }
}
