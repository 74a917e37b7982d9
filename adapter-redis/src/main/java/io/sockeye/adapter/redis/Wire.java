package io.sockeye.adapter.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletionStage;

/**
 * A connection to Redis as Lettuce makes it, which reconnects by itself. In a Redis Cluster it is one connection to each of the
 * nodes that are talked to.
 *
 * <p>Thread-safe.
 */
interface Wire {
    /** Learns whether it stands. To be set once; on threads of Lettuce's. It stands when it is made. */
    void onState(StateListener listener);

    /** Asks for a sign of life. */
    CompletionStage<?> ping();

    /** What must be looked after now and then. */
    default void tend() {}

    /** Ends it. What has not been answered fails. */
    CompletionStage<?> close();

    /** Learns whether a connection stands. */
    interface StateListener {
        /** It stands again. */
        void connected();

        /** It is broken; Lettuce makes it again. */
        void disconnected();
    }

    /** A connection for commands. */
    interface Commands extends Wire {
        /** The commands, answered in order. */
        RedisClusterAsyncCommands<String, byte[]> async();

        /** How many have subscribed to a channel, over all nodes of a Redis Cluster. */
        CompletionStage<Long> subscribers(ChannelKind kind, String channel);
    }

    /** A connection for what is subscribed to. */
    interface PubSub extends Wire {
        /** Subscribes; to have done so already does no harm. */
        CompletionStage<?> subscribe(ChannelKind kind, String name);

        /** Subscribes no more. */
        void unsubscribe(ChannelKind kind, String name);
    }

    /** Takes what arrives for a subscription. On a thread of Lettuce's, which must not be held up. */
    interface Sink {
        /**
         * A message.
         *
         * @param channel where it was published, which for a pattern is not the name that was subscribed to
         */
        void received(String channel, byte[] payload);
    }

    /** Takes what arrives for any subscription; otherwise like {@link Sink}. */
    interface AnySink {
        /**
         * A message.
         *
         * @param name what was subscribed to
         */
        void received(ChannelKind kind, String name, String channel, byte[] payload);
    }
}
