package io.sockeye;

import org.jspecify.annotations.Nullable;

/** Learns of every exception that application code threw. Runs on the thread that caught it. */
@FunctionalInterface
public interface ErrorHook {

    /**
     * Called after the exception was logged.
     *
     * @param socket whose handler it was
     * @param event the event's name; {@code connection}, {@code disconnecting} or {@code disconnect} for the handlers of
     *     those; null for middleware
     * @param error what was thrown
     */
    void onError(Socket socket, @Nullable String event, Throwable error);
}
