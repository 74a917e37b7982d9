package io.sockeye.adapter;

import io.sockeye.protocol.socketio.Arguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients acknowledged a broadcast with ({@link Adapter#broadcastWithAck}). Immutable.
 *
 * @param received the acknowledgements, in the order in which they came
 * @param missing how many clients were sent the broadcast and have not acknowledged it
 * @param missingNodes how many nodes have not even said to how many clients they sent it
 */
public record AckAnswers(List<Answer> received, int missing, int missingNodes) {

    /** Copies the list. */
    public AckAnswers {
        received = List.copyOf(received);
        if (missing < 0 || missingNodes < 0) {
            throw new IllegalArgumentException(
                    "missing, missingNodes: " + missing + ", " + missingNodes + " (expected: >= 0)");
        }
    }

    /**
     * One client's acknowledgement.
     *
     * @param socketId whose; null when the node that has the client does not say
     * @param args what it acknowledged with
     */
    public record Answer(@Nullable String socketId, Arguments args) {}
}
