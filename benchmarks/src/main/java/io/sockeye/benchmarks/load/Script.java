package io.sockeye.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A cycle of operations: for each, the bytes that a client sends and the bytes that a server has to answer with.
 *
 * <p>Both cycles are stored twice in a row, so that any stretch no longer than a cycle is contiguous, whatever operation
 * it begins at. May be shared by many clients, each with its own place in it. Confined to the load's thread: the buffers'
 * positions are moved while bytes are sent or compared.
 */
final class Script {
    private final ByteBuffer outgoing;
    private final ByteBuffer expected;
    private final int[] outgoingEnds;
    private final int[] expectedEnds;

    /** The operations in order; there must be at least one, and each must expect something. */
    Script(List<Operation> operations) {
        int count = operations.size();
        outgoingEnds = new int[count];
        expectedEnds = new int[count];
        int out = 0;
        int in = 0;
        for (int i = 0; i < count; i++) {
            outgoingEnds[i] = out += operations.get(i).outgoing().length;
            expectedEnds[i] = in += operations.get(i).expected().length;
        }
        outgoing = ByteBuffer.allocateDirect(2 * out);
        expected = ByteBuffer.allocateDirect(2 * in);
        for (int i = 0; i < 2 * count; i++) {
            outgoing.put(operations.get(i % count).outgoing());
            expected.put(operations.get(i % count).expected());
        }
    }

    /** How many operations there are until the cycle begins again. */
    int operations() {
        return expectedEnds.length;
    }

    /** Where the operation's answer ends in the cycle of expected bytes. */
    int expectedEnd(int operation) {
        return expectedEnds[operation];
    }

    /** Where the operation's answer begins in the cycle of expected bytes. */
    int expectedStart(int operation) {
        return operation == 0 ? 0 : expectedEnds[operation - 1];
    }

    /** The bytes to send for so many operations, at most a whole cycle. Valid until the next call. */
    ByteBuffer outgoing(int operation, int count) {
        int start = operation == 0 ? 0 : outgoingEnds[operation - 1];
        int last = operation + count - 1;
        int cycle = outgoingEnds[outgoingEnds.length - 1];
        int end = last < outgoingEnds.length ? outgoingEnds[last] : cycle + outgoingEnds[last - outgoingEnds.length];
        return outgoing.limit(end).position(start);
    }

    /** Length of the cycle of expected bytes. */
    int expectedBytes() {
        return expectedEnds[expectedEnds.length - 1];
    }

    /**
     * Consumes what is received for as long as it is what is expected from that place on, a whole cycle at most.
     *
     * @return how many bytes were consumed; what remains of {@code received}, if that was less than a cycle, differs
     */
    int match(int place, ByteBuffer received) {
        int compared = Math.min(received.remaining(), expectedBytes());
        int end = received.limit();
        received.limit(received.position() + compared);
        expected.limit(place + compared).position(place);
        int matched = expected.mismatch(received);
        if (matched < 0) {
            matched = compared;
        }
        received.limit(end).position(received.position() + matched);
        return matched;
    }

    /** A copy of expected bytes, for a message about a wrong answer. */
    byte[] excerpt(int place, int length) {
        byte[] copy = new byte[Math.min(length, expectedBytes())];
        expected.limit(place + copy.length).position(place);
        expected.get(copy);
        return copy;
    }

    /**
     * One thing that a client asks.
     *
     * @param outgoing the bytes it sends; owned by the operation
     * @param expected the bytes that have to come back; owned by the operation
     */
    record Operation(byte[] outgoing, byte[] expected) {}
}
