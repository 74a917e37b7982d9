package io.sockeye.adapter.redis;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How connections are made to one kind of Redis: one server, what Sentinels say is the master, or a Redis Cluster.
 *
 * <p>Thread-safe.
 */
interface Topology {
    /** Makes a connection for commands. */
    CompletionStage<? extends Wire.Commands> connectCommands();

    /** Makes a connection for what is subscribed to, which arrives at the sink. */
    CompletionStage<? extends Wire.PubSub> connectPubSub(Wire.AnySink sink);

    /** An executor that runs one task at a time. */
    ScheduledExecutorService executor();

    /** Where it is, for the log: without credentials. */
    String description();

    /** Ends the Lettuce client if it is our own. To be called when its connections have ended. */
    void shutdown();
}
