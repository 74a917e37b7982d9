package io.sockeye;

import org.jspecify.annotations.Nullable;

/**
 * Receives the end of a socket. Runs behind the handlers of events that came in before. An exception is logged and given to
 * the server's error hook.
 */
@FunctionalInterface
public interface DisconnectHandler {

    /** Handles the end. */
    void handle(DisconnectReason reason) throws Exception;

    /** As {@link DisconnectHandler}, for those who want to know more. */
    @FunctionalInterface
    interface Detailed {
        /**
         * Handles the end.
         *
         * @param description a fixed text on what happened in detail; null when there is none
         */
        void handle(DisconnectReason reason, @Nullable String description) throws Exception;
    }
}
