package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Emits to one socket with other than the default options. Immutable and thread-safe. */
public final class EmitOperator implements EventEmitter {
    private final Outbox outbox;
    private final EmitOptions options;

    EmitOperator(Outbox outbox, EmitOptions options) {
        this.outbox = outbox;
        this.options = options;
    }

    /**
     * Drops the packet when the connection cannot take it at once. That shows later than {@link #emit} returns, so it may
     * return true for a packet that is dropped.
     */
    public EmitOperator volatileFlag() {
        return new EmitOperator(outbox, options.withVolatile());
    }

    /** Whether transports may compress the packet. Default: true. */
    public EmitOperator compress(boolean compress) {
        return new EmitOperator(outbox, options.withCompress(compress));
    }

    /** How long {@link #emitWithAck} waits for the acknowledgement. Default: as long as the socket is connected. */
    public EmitOperator timeout(Duration timeout) {
        return new EmitOperator(outbox, options.withTimeout(timeout));
    }

    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return outbox.emit(options, event, args);
    }

    @Override
    public boolean emit(String event, Arguments args) {
        return outbox.emit(options, event, args);
    }

    /** Emits an event and waits for the client's acknowledgement. See {@link Socket#emitWithAck}. */
    public Acknowledgement emitWithAck(String event, @Nullable Object... args) {
        return outbox.emitWithAck(options, event, args);
    }
}
