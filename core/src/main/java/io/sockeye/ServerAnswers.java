package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the other servers of a cluster answered to an event ({@link Namespace#serverSideEmitWithAck}). Immutable.
 *
 * @param received the answers that came in time, in the order in which they came
 * @param missing how many servers did not answer
 */
public record ServerAnswers(List<Arguments> received, int missing) {

    /** Copies the list. */
    public ServerAnswers {
        received = List.copyOf(received);
    }

    /** Whether every server answered. */
    public boolean complete() {
        return missing == 0;
    }

    /**
     * The first argument of each answer, bound to the type; null for those without one.
     *
     * @throws io.sockeye.protocol.socketio.ArgumentException when one is of another type
     */
    public <T> List<@Nullable T> as(Class<T> type) {
        List<@Nullable T> values = new ArrayList<>(received.size());
        for (Arguments args : received) {
            values.add(args.isEmpty() ? null : args.get(0, type));
        }
        return values;
    }
}
