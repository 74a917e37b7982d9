package io.sockeye;

import io.sockeye.adapter.LocalNamespace;

/** Runs tasks later that belong to no connection. Thread-safe. */
interface ServerTimer {

    /** Runs the task once the delay has passed. */
    LocalNamespace.Scheduled schedule(Runnable task, long delayNanos);

    /** Forgets what has not run yet, and takes nothing any more. Idempotent. */
    void close();
}
