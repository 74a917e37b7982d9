package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.Transport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A session's way out: the send queue, its flush, and the account of its bytes.
 *
 * <p>{@link #send} and {@link #queuedBytes} are for any thread, the rest is confined to the session's event loop. The
 * account is the one thing of a session that threads share. It counts a packet from the moment it is accepted, on whatever
 * thread, until the transport has taken it, so packets on their way to the loop are in it too. Its sign says that nothing is
 * accepted any more.
 */
final class Outbound {
    private static final VarHandle ACCOUNT;
    private static final long REFUSES = Long.MIN_VALUE;

    static {
        try {
            ACCOUNT = MethodHandles.lookup().findVarHandle(Outbound.class, "account", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EngineSession session;
    private final SendQueue queue = new SendQueue();
    private boolean dirty; // whether on the loop's dirty list
    private boolean backlogged; // whether a flush has left packets behind
    private volatile long unlimited; // what packets count that no limit is for; written on the loop

    @SuppressWarnings("UnusedVariable") // through ACCOUNT
    private volatile long account;

    Outbound(EngineSession session) {
        this.session = session;
    }

    /** See {@link EngineSession#send}. */
    boolean send(EncodedPacket packet) {
        long cost = SendQueue.cost(packet);
        if (!reserve(cost)) {
            return false;
        }
        EngineLoop loop = session.loop();
        if (loop.inLoop()) {
            enqueue(packet);
            return true;
        }
        if (loop.handOver(session, packet)) {
            return true;
        }
        release(cost);
        return false;
    }

    /** The bytes of the packets that were accepted and not taken yet. */
    long queuedBytes() {
        return (long) ACCOUNT.getOpaque(this) & ~REFUSES;
    }

    /** Takes a packet whose bytes are on the account. */
    void enqueue(EncodedPacket packet) {
        if (session.state() != EngineSession.State.OPEN) {
            release(SendQueue.cost(packet));
            return;
        }
        queue.add(packet);
        if (session.config().overflow() == OverflowPolicy.DROP_OLDEST) {
            dropExcess();
        }
        markDirty();
    }

    /** Queues a packet that no limit holds back. */
    void sendControl(EncodedPacket packet) {
        if (session.state() == EngineSession.State.OPEN) {
            ACCOUNT.getAndAdd(this, SendQueue.cost(packet));
            enqueue(packet);
        }
    }

    /** Queues a packet that does not count against the limit. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on the loop only
    void sendKept(EncodedPacket packet) {
        if (session.state() == EngineSession.State.OPEN) {
            unlimited += SendQueue.cost(packet);
            ACCOUNT.getAndAdd(this, SendQueue.cost(packet));
            enqueue(packet);
        }
    }

    /** Answers a ping, unless an answer waits that the transport does not take: one will do for all that came meanwhile. */
    void sendPong() {
        if (!backlogged || !queue.holdsPong()) {
            sendControl(EncodedPacket.PONG);
        }
    }

    /** Gives a pending poll something to return with, if nothing else is about to. */
    void releasePoll() {
        if (queue.isEmpty() && session.transport().writable()) {
            ACCOUNT.getAndAdd(this, SendQueue.cost(EncodedPacket.NOOP));
            queue.add(EncodedPacket.NOOP);
            sendQueued();
        }
    }

    /** Lets the session flush at the end of the turn, if there is anything to send. */
    void onWritable() {
        if (!queue.isEmpty()) {
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

    /** Whether nothing waits. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Accepts nothing any more; what is queued stays. */
    void refuse() {
        ACCOUNT.getAndBitwiseOr(this, REFUSES);
    }

    /** Drops what is queued. */
    void clear() {
        queue.clear();
        settle();
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            session.loop().markDirty(session);
        }
    }

    private void sendQueued() {
        if (queue.isEmpty()) {
            return;
        }
        Transport transport = session.transport();
        if (transport.writable()) {
            transport.send(queue);
            settle();
        }
        if (!queue.isEmpty()) {
            backlogged = true;
        } else if (backlogged) {
            backlogged = false;
            session.onDrain();
        }
    }

    private void dropExcess() {
        long excess = queuedBytes() - session.config().sendQueueLimit() - unlimited;
        if (excess > 0) {
            session.counters().dropped(queue.dropOldest(excess));
            settle();
        }
    }

    private void settle() {
        long taken = queue.settleTaken();
        if (taken != 0) {
            release(taken);
            if (unlimited > 0) {
                unlimited = Math.max(0, unlimited - taken);
            }
        }
    }

    /** Puts a message on the account if it fits; does what the policy says if not. Any thread. */
    private boolean reserve(long cost) {
        EngineConfig config = session.config();
        OverflowPolicy overflow = config.overflow();
        long limit = config.sendQueueLimit();
        long most = overflow == OverflowPolicy.DROP_OLDEST ? 2 * limit : limit;
        while (true) {
            long before = (long) ACCOUNT.getVolatile(this);
            if (before < 0) {
                return false;
            }
            // Read behind the account: what that holds of packets without limit is seen here, or the account has
            // changed.
            long free = unlimited;
            if (cost <= limit && before + cost <= most + free) {
                if (ACCOUNT.weakCompareAndSet(this, before, before + cost)) {
                    return true;
                }
            } else if (overflow != OverflowPolicy.DISCONNECT) {
                session.counters().dropped(1);
                return false;
            } else if (ACCOUNT.weakCompareAndSet(this, before, before + REFUSES)) {
                session.counters().dropped(1);
                session.signal(EngineLoop.Signal.OVERFLOW);
                return false;
            }
        }
    }

    private void release(long bytes) {
        ACCOUNT.getAndAdd(this, -bytes);
    }
}
