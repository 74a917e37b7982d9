package io.sockeye;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sockeye.protocol.socketio.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * The argument of an acknowledgement that says that the event was not handled. Immutable. On the wire:
 *
 * <pre>
 *   {"error":"invalid arguments","message":"argument 0: expected Order, got string"}
 *   {"error":"internal error"}
 * </pre>
 *
 * @param error what is wrong, a fixed text
 * @param message more about it; null when there is nothing that a client should read
 */
record ErrorAck(
        String error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String message) {
    /** For whatever the application has thrown: its text is for the log. */
    static final ErrorAck INTERNAL = new ErrorAck("internal error", null);

    static ErrorAck of(ArgumentException error) {
        return new ErrorAck("invalid arguments", error.getMessage());
    }
}
