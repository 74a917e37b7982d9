package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the clients answered to a broadcast. Immutable.
 *
 * @param received the acknowledgements that came in time, in the order in which they came
 * @param missing how many clients were sent the broadcast and did not acknowledge it: the time was up, or they disconnected
 * @param missingServers how many servers of the cluster have not said to how many clients they sent it, so that nobody knows
 *     how many acknowledgements of theirs are missing
 */
public record Acknowledgements(List<Answer> received, int missing, int missingServers) {

    /** Copies the list. */
    public Acknowledgements {
        received = List.copyOf(received);
    }

    /** Whether every client of every server answered. */
    public boolean complete() {
        return missing == 0 && missingServers == 0;
    }

    /** The answer of one client; null when it is not among those received, or its server does not tell whose they are. */
    public @Nullable Arguments of(String socketId) {
        for (Answer answer : received) {
            if (socketId.equals(answer.socketId())) {
                return answer.args();
            }
        }
        return null;
    }

    /**
     * The first argument of each acknowledgement, bound to the type; null for those without one.
     *
     * @throws io.sockeye.protocol.socketio.ArgumentException when one is of another type
     */
    public <T> List<@Nullable T> as(Class<T> type) {
        List<@Nullable T> values = new ArrayList<>(received.size());
        for (Answer answer : received) {
            values.add(answer.args().isEmpty() ? null : answer.args().get(0, type));
        }
        return values;
    }

    /**
     * One client's acknowledgement.
     *
     * @param socketId whose; null for the client of a server that does not tell, as the Node.js server
     * @param args what it acknowledged with
     */
    public record Answer(@Nullable String socketId, Arguments args) {}
}
