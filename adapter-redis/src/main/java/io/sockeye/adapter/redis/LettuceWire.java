package io.sockeye.adapter.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** What every connection of Lettuce's does in the same way, to one server or to a Redis Cluster. Thread-safe. */
interface LettuceWire extends Wire {
    /** The connection. */
    StatefulConnection<String, byte[]> connection();

    /** Its commands. */
    BaseRedisAsyncCommands<String, byte[]> async();

    @Override
    default void onState(StateListener listener) {
        connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                listener.connected();
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                listener.disconnected();
            }
        });
        if (!connection().isOpen()) {
            listener.disconnected();
        }
    }

    @Override
    default CompletionStage<?> ping() {
        return async().ping();
    }

    @Override
    default CompletionStage<?> close() {
        return connection().closeAsync();
    }
}
