package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.Transport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A session's way out: its send queue, with the flush and the account of what is on its way.
 *
 * <p>{@link #send} and {@link #queuedBytes} are for any thread, the rest is confined to the session's event loop. What the
 * session has accepted and its transport has not taken is counted in two parts, so that the loop needs no atomic operation for
 * what it sends itself: what waits in the queue, which the loop alone counts, and what other threads have handed over and the
 * loop has not taken in yet, which is the one thing of a session that threads share. The sign of that says that nothing is
 * accepted any more.
 *
 * <p>One object with the queue, as each one that a broadcast must visit for a receiver costs it a cache line.
 */
final class Outbound extends SendQueue {
    private static final VarHandle HANDED_OVER;
    private static final long REFUSES = Long.MIN_VALUE;

    static {
        try {
            HANDED_OVER = MethodHandles.lookup().findVarHandle(Outbound.class, "handedOver", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EngineSession session;
    private boolean dirty; // whether on the loop's dirty list
    private boolean backlogged; // whether a flush has left packets behind
    private volatile long unlimited; // what packets count that no limit is for; written on the loop

    @SuppressWarnings("UnusedVariable") // through HANDED_OVER
    private volatile long handedOver;

    Outbound(EngineSession session) {
        this.session = session;
    }

    /** See {@link EngineSession#send}. */
    boolean send(EncodedPacket packet) {
        long cost = cost(packet);
        EngineLoop loop = session.loop();
        boolean onLoop = loop.inLoop();
        if (!accept(cost, onLoop)) {
            return false;
        }
        if (onLoop) {
            enqueue(packet);
            return true;
        }
        if (loop.handOver(session, packet)) {
            return true;
        }
        takenIn(cost);
        return false;
    }

    /** The bytes of the packets that were accepted and not taken yet. */
    long queuedBytes() {
        return ((long) HANDED_OVER.getOpaque(this) & ~REFUSES) + bytes();
    }

    /** A packet that another thread has handed over has reached the loop. */
    void arrived(EncodedPacket packet) {
        takenIn(cost(packet));
        enqueue(packet);
    }

    private void enqueue(EncodedPacket packet) {
        if (session.state() != EngineSession.State.OPEN) {
            return;
        }
        add(packet);
        if (session.config().overflow() == OverflowPolicy.DROP_OLDEST) {
            dropExcess();
        }
        markDirty();
    }

    /** Queues a packet that no limit holds back. */
    void sendControl(EncodedPacket packet) {
        enqueue(packet);
    }

    /** Queues a packet that does not count against the limit. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on the loop only
    void sendKept(EncodedPacket packet) {
        if (session.state() == EngineSession.State.OPEN) {
            unlimited += cost(packet);
            enqueue(packet);
        }
    }

    /** Answers a ping, unless an answer waits that the transport does not take: one will do for all that came meanwhile. */
    void sendPong() {
        if (!backlogged || !holdsPong()) {
            sendControl(EncodedPacket.PONG);
        }
    }

    /** Gives a pending poll something to return with, if nothing else is about to. */
    void releasePoll() {
        if (isEmpty() && session.transport().writable()) {
            add(EncodedPacket.NOOP);
            sendQueued();
        }
    }

    /** Lets the session flush at the end of the turn, if there is anything to send. */
    void onWritable() {
        if (!isEmpty()) {
            markDirty();
        }
    }

    /** Sends what is queued, if the transport takes it. Called by the loop at the end of its turn. */
    void flush() {
        dirty = false;
        sendQueued();
    }

    /** Sends what this turn has queued, without waiting for its end. */
    void flushEarly() {
        if (dirty) {
            sendQueued();
        }
    }

    /** Accepts nothing any more; what is queued stays. */
    void refuse() {
        HANDED_OVER.getAndBitwiseOr(this, REFUSES);
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            session.loop().markDirty(session);
        }
    }

    private void sendQueued() {
        if (isEmpty()) {
            return;
        }
        Transport transport = session.transport();
        if (transport.writable()) {
            long before = bytes();
            transport.send(this);
            gone(before - bytes());
        }
        if (!isEmpty()) {
            backlogged = true;
        } else if (backlogged) {
            backlogged = false;
            session.onDrain();
        }
    }

    private void dropExcess() {
        long excess = queuedBytes() - session.config().sendQueueLimit() - unlimited;
        if (excess > 0) {
            long before = bytes();
            session.counters().dropped(dropOldest(excess));
            gone(before - bytes());
        }
    }

    private void gone(long taken) {
        if (unlimited > 0) {
            unlimited = Math.max(0, unlimited - taken);
        }
    }

    /** Whether a message fits; does what the policy says if not. Counts it, unless the loop does. Any thread. */
    private boolean accept(long cost, boolean onLoop) {
        EngineConfig config = session.config();
        OverflowPolicy overflow = config.overflow();
        long limit = config.sendQueueLimit();
        long most = overflow == OverflowPolicy.DROP_OLDEST ? 2 * limit : limit;
        while (true) {
            long before = (long) HANDED_OVER.getVolatile(this);
            if (before < 0) {
                return false;
            }
            long queued = bytes();
            // Read behind the bytes: what those hold of packets without limit is seen here.
            long free = unlimited;
            if (cost <= limit && before + queued + cost <= most + free) {
                if (onLoop || HANDED_OVER.weakCompareAndSet(this, before, before + cost)) {
                    return true;
                }
            } else if (overflow != OverflowPolicy.DISCONNECT) {
                session.counters().dropped(1);
                return false;
            } else if (HANDED_OVER.weakCompareAndSet(this, before, before + REFUSES)) {
                session.counters().dropped(1);
                session.signal(EngineLoop.Signal.OVERFLOW);
                return false;
            }
        }
    }

    private void takenIn(long bytes) {
        HANDED_OVER.getAndAdd(this, -bytes);
    }
}
