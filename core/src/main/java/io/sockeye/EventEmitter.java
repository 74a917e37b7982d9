package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import org.jspecify.annotations.Nullable;

/** Something that events can be emitted to: one socket, the sockets of some rooms, a namespace. Thread-safe. */
public interface EventEmitter {

    /**
     * Emits an event. The arguments are encoded before the call returns, so they may be changed afterwards.
     *
     * @param event any name but the {@linkplain io.sockeye.protocol.socketio.ReservedEvents reserved} ones
     * @param args anything that Jackson can write, {@code byte[]} and {@code ByteBuffer} anywhere within, and arguments of a
     *     received event as they came ({@code args().raw(i)}). The official client takes at most ten attachments of binary data
     *     per event unless it is configured otherwise, and ends the connection when there are more
     * @return whether it was accepted for sending: false when the socket has disconnected or its send queue is full
     * @throws IllegalArgumentException when the name is reserved
     * @throws tools.jackson.core.JacksonException when an argument cannot be written as JSON
     */
    boolean emit(String event, @Nullable Object... args);

    /**
     * Emits an event with arguments as they came, without looking at them: {@code socket.emit("copy", event.args())}. Otherwise
     * like {@link #emit(String, Object...)}.
     */
    default boolean emit(String event, Arguments args) {
        return emit(event, args.toArray());
    }

    /** Emits an event called {@code message}. */
    default boolean send(@Nullable Object... args) {
        return emit("message", args);
    }
}
