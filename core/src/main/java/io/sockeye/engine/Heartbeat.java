package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a session's client is still there. Confined to the session's event loop.
 *
 * <p>In revision 4 (Engine.IO v4, Heartbeat) the server pings, and the client has {@code pingTimeout} for its pong. In
 * revision 3 (Engine.IO v3, Timeouts) the client pings, and has {@code pingInterval} and {@code pingTimeout} from one ping to
 * the next.
 *
 * <p>States: <em>waiting</em> for the next ping to be due, <em>awaiting</em> a pong, <em>expecting</em> the client's next
 * ping, <em>closing</em> while an orderly end takes its time. The first other packet that comes while a pong is awaited gives the client its time anew, once per ping,
 * as in the reference: a client that is busy sending a large message cannot send a pong between its parts.
 *
 * <p>While the server itself does not read, a pong cannot arrive, so a missing one ends nothing, and nor does a missing
 * ping. The server's pings go on, because a client without them gives up. Once reading resumes, the client has its time anew.
 */
final class Heartbeat extends Timer {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private enum State {
        WAITING,
        AWAITING,
        EXPECTING,
        CLOSING
    }

    private final EngineSession session;
    private State state = State.WAITING;
    private boolean extended; // whether this ping's time was given anew

    Heartbeat(EngineSession session) {
        this.session = session;
    }

    void start() {
        if (session.protocol() == 3) {
            expectPing();
        } else {
            arm(State.WAITING, session.config().pingIntervalNanos());
        }
    }

    /** A pong arrived, asked for or not: the next ping is due an interval from now. False when the client must not send one. */
    boolean onPong() {
        if (state == State.EXPECTING) {
            return false;
        }
        if (state != State.CLOSING) {
            arm(State.WAITING, session.config().pingIntervalNanos());
        }
        return true;
    }

    /** A ping arrived. False when the client must not send one. */
    boolean onPing() {
        if (state != State.EXPECTING) {
            return false;
        }
        session.outbound().sendPong();
        expectPing();
        return true;
    }

    /** A packet other than a pong arrived. */
    void onOtherPacket() {
        if (state == State.AWAITING && !extended) {
            extended = true;
            awaitPong();
        }
    }

    /** The server reads again, or the session has moved to another transport: what is awaited has its time anew. */
    void renew() {
        if (state == State.AWAITING) {
            awaitPong();
        } else if (state == State.EXPECTING) {
            expectPing();
        }
    }

    /** From now on counts the time that is left for an orderly end. */
    void closeWithin(long nanos) {
        arm(State.CLOSING, nanos);
    }

    void stop() {
        session.timers().cancel(this);
    }

    @Override
    void expire() {
        switch (state) {
            case WAITING -> {
                log.trace("{}: ping", session);
                session.outbound().sendControl(EncodedPacket.PING);
                extended = false;
                awaitPong();
            }
            case AWAITING -> {
                if (session.readingPaused()) {
                    repeatPing();
                } else {
                    session.end(CloseReason.PING_TIMEOUT, null);
                }
            }
            case EXPECTING -> {
                if (session.readingPaused()) {
                    expectPing();
                } else {
                    session.end(CloseReason.PING_TIMEOUT, null);
                }
            }
            case CLOSING -> session.abort(CloseReason.FORCED_CLOSE, "close timeout");
        }
    }

    /** Pings once more, unless the last ping has not even left. */
    private void repeatPing() {
        if (session.outbound().isEmpty()) {
            session.outbound().sendControl(EncodedPacket.PING);
        }
        awaitPong();
    }

    private void awaitPong() {
        arm(State.AWAITING, session.config().pingTimeoutNanos());
    }

    private void expectPing() {
        EngineConfig config = session.config();
        arm(State.EXPECTING, config.pingIntervalNanos() + config.pingTimeoutNanos());
    }

    private void arm(State state, long nanos) {
        this.state = state;
        session.timers().arm(this, nanos);
    }
}
