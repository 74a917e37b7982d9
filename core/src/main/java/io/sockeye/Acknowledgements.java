package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the clients answered to a broadcast. Immutable.
 *
 * @param received the acknowledgements that came in time, by socket id, in the order in which they came
 * @param missing the ids of the sockets that did not acknowledge: the time was up, or they disconnected
 */
public record Acknowledgements(Map<String, Arguments> received, Set<String> missing) {

    /** Whether every client answered. */
    public boolean complete() {
        return missing.isEmpty();
    }

    /**
     * The first argument of each acknowledgement, bound to the type; null for those without one.
     *
     * @throws io.sockeye.protocol.socketio.ArgumentException when one is of another type
     */
    public <T> List<@Nullable T> as(Class<T> type) {
        List<@Nullable T> values = new ArrayList<>(received.size());
        for (Arguments args : received.values()) {
            values.add(args.isEmpty() ? null : args.get(0, type));
        }
        return values;
    }
}
