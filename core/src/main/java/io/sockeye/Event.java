package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * An event as it came from a client. The arguments stay the bytes they came as until one is asked for.
 *
 * @param name the event's name
 * @param args its arguments
 * @param ack its acknowledgement
 */
public record Event(String name, Arguments args, Ack ack) {

    /**
     * The argument at that position, bound to the type.
     *
     * @throws io.sockeye.protocol.socketio.ArgumentException when it is missing or of another type
     */
    public <T> @Nullable T arg(int index, Class<T> type) {
        return args.get(index, type);
    }

    /** As {@link #arg(int, Class)}, for generic types: {@code new TypeReference<List<Order>>() {}}. */
    public <T> @Nullable T arg(int index, TypeReference<T> type) {
        return args.get(index, type);
    }
}
