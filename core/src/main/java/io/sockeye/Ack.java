package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import org.jspecify.annotations.Nullable;

/** Answers an event whose client asked for an acknowledgement. Thread-safe. */
public interface Ack {

    /** Whether the client asked; otherwise {@link #send} has no effect. */
    boolean requested();

    /**
     * Sends the acknowledgement. Only the first call has an effect. May be called from any thread, also after the handler
     * has returned.
     *
     * @param args anything that Jackson can write, {@code byte[]} anywhere within
     * @return whether it was accepted for sending: false when none was asked for, one was sent before, or the socket has
     *     disconnected
     */
    boolean send(@Nullable Object... args);

    /** Sends the acknowledgement with arguments as they came, without looking at them; otherwise like the other form. */
    default boolean send(Arguments args) {
        return send(args.toArray());
    }
}
