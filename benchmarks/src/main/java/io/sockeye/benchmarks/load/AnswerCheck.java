package io.sockeye.benchmarks.load;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a client receives with its {@link Script}, byte for byte. Confined to the load's thread.
 *
 * <p>Almost all bytes are compared in stretches as long as what was received. Where they differ, only a heartbeat that
 * stands between two operations is taken: the Engine.IO ping, or a WebSocket ping. The first byte of an Engine.IO ping is
 * that of any text frame, so a difference after one byte of an operation may be a heartbeat too.
 */
final class AnswerCheck {
    private static final byte[] PING = Frames.fromServer("2");
    private static final byte[] FRAME_PING = Frames.fromServer(Frames.PING, new byte[0]);
    private static final int EXCERPT = 120;

    private final Heartbeat heartbeat;
    private @Nullable Script script;

    /** Where in the script's expected bytes the next byte belongs, and the operation that is in. */
    private int place;

    private int operation;

    /** How many operations are to be answered. */
    private int awaited;

    /** The ping that has arrived in part; null when there is none. */
    private byte @Nullable [] ping;

    private int pingBytes;

    AnswerCheck(Heartbeat heartbeat) {
        this.heartbeat = heartbeat;
    }

    /** Compares with that script from now on, from its first operation. */
    void follow(Script itsScript) {
        if (awaited > 0) {
            throw new IllegalStateException(awaited + " answers are awaited");
        }
        script = itsScript;
        place = 0;
        operation = 0;
    }

    /** Expects the answers to so many further operations of the script. */
    void await(int operations) {
        awaited += operations;
    }

    /** How many answers are still to come. */
    int awaited() {
        return awaited;
    }

    /**
     * Consumes all that was received.
     *
     * @return how many operations are now answered to their last byte
     */
    int consume(ByteBuffer received) {
        int before = awaited;
        while (received.hasRemaining()) {
            if (ping != null) {
                matchPing(ping, received);
            } else if (script == null) {
                beginPing(received, /* agreed= */ 0);
            } else {
                place += script.match(place, received);
                if (!passAnswered(script) && received.hasRemaining()) {
                    beginPing(received, place - script.expectedStart(operation));
                }
            }
        }
        return before - awaited;
    }

    /** Moves on behind the operations that are answered; says whether there were any. */
    private boolean passAnswered(Script current) {
        boolean passed = false;
        while (place >= current.expectedEnd(operation)) {
            passed = true;
            if (--awaited < 0) {
                throw new LoadFailure("answered more often than asked");
            }
            if (++operation == current.operations()) {
                operation = 0;
                place -= current.expectedBytes();
            }
        }
        return passed;
    }

    /** What was received differs from the script, after so many bytes of the operation that agreed. */
    private void beginPing(ByteBuffer received, int agreed) {
        byte first = received.get(received.position());
        if (agreed == 0 && first == FRAME_PING[0]) {
            ping = FRAME_PING;
        } else if ((agreed == 0 && first == PING[0]) || (agreed == 1 && first == PING[1])) {
            ping = PING;
        } else {
            throw wrong(received);
        }
        place -= agreed;
        pingBytes = agreed;
    }

    private void matchPing(byte[] expected, ByteBuffer received) {
        if (received.get(received.position()) != expected[pingBytes]) {
            throw wrong(received);
        }
        received.get();
        if (++pingBytes == expected.length) {
            ping = null;
            heartbeat.onPing(/* frame= */ expected == FRAME_PING);
        }
    }

    private LoadFailure wrong(ByteBuffer received) {
        String expected =
                script == null || awaited == 0 ? "nothing" : LoadFailure.printable(script.excerpt(place, EXCERPT));
        byte[] got = new byte[Math.min(EXCERPT, received.remaining())];
        received.duplicate().get(got);
        return new LoadFailure("wrong answer, expected " + expected + " but got " + LoadFailure.printable(got));
    }

    /** Answers heartbeats. */
    interface Heartbeat {
        /** A ping of the server has arrived: one of WebSocket's, or one of Engine.IO's. */
        void onPing(boolean frame);
    }
}
