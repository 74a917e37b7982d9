package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.ClusterDriver;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One namespace over sharded pub/sub as @socket.io/redis-adapter has it ({@link ClusterCodec}, JSON or MessagePack):
 *
 * <pre>
 *   SSUBSCRIBE  socket.io#/ns#        whatever concerns all nodes
 *               socket.io#/ns#uid#    answers to this node
 *               socket.io#/ns#room#   broadcasts for that room, with the dynamic modes
 * </pre>
 *
 * <p>Thread-safe.
 */
final class ShardedDriver extends RedisDriver {
    private static final int UID_DIGITS = 16;
    /** How the reference tells the room of a socket's own from others. */
    private static final int SOCKET_ID_LENGTH = 20;

    private final ClusterCodec codec;
    private final SubscriptionMode mode;
    private final String channel;
    /** The rooms that are subscribed to; twice, when others have joined a room of a socket's own id. */
    private final Map<String, Integer> rooms = new ConcurrentHashMap<>();

    private ShardedDriver(
            RedisConnection connection,
            ShardedSettings.Values settings,
            String namespace,
            String uid,
            Receiver receiver) {
        super(connection, namespace, uid, receiver);
        this.codec = new ClusterCodec(namespace, uid);
        this.mode = settings.mode();
        this.channel = settings.prefix() + "#" + namespace + "#";
    }

    /** Connects namespaces. */
    static ClusterDriver.Factory factory(RedisConnection connection, ShardedSettings.Values settings) {
        return (namespace, receiver) -> {
            ShardedDriver driver = new ShardedDriver(connection, settings, namespace, randomHex(UID_DIGITS), receiver);
            driver.start();
            return driver;
        };
    }

    private void start() {
        listen(ChannelKind.SHARD, channel, codec::read);
        listen(ChannelKind.SHARD, channel + uid() + "#", codec::read);
        open();
    }

    @Override
    public boolean publish(ClusterMessage message) {
        return send(new Message(ChannelKind.SHARD, channelFor(message), codec.write(message)));
    }

    /** A broadcast that is to be acknowledged goes to all nodes: all of them are counted. */
    private String channelFor(ClusterMessage message) {
        if (mode == SubscriptionMode.STATIC || !(message instanceof Broadcast broadcast) || broadcast.acks() != null) {
            return channel;
        }
        Set<String> rooms = broadcast.options().rooms();
        if (rooms.size() != 1) {
            return channel;
        }
        String room = rooms.iterator().next();
        boolean own = mode == SubscriptionMode.DYNAMIC_PRIVATE || room.length() != SOCKET_ID_LENGTH;
        return own ? channel + room + "#" : channel;
    }

    @Override
    public boolean respond(String uid, ClusterMessage.Response response) {
        return send(new Message(ChannelKind.SHARD, channel + uid + "#", codec.write(response)));
    }

    @Override
    public boolean wantsOwnRooms() {
        return mode == SubscriptionMode.DYNAMIC_PRIVATE;
    }

    @Override
    public void roomCreated(String room) {
        if (mode != SubscriptionMode.STATIC && rooms.merge(room, 1, Integer::sum) == 1) {
            listen(ChannelKind.SHARD, channel + room + "#", codec::read);
        }
    }

    @Override
    public void roomDeleted(String room) {
        if (mode != SubscriptionMode.STATIC && rooms.merge(room, -1, ShardedDriver::sumOrNothing) == null) {
            ignore(ChannelKind.SHARD, channel + room + "#");
        }
    }

    private static @Nullable Integer sumOrNothing(Integer count, Integer change) {
        int sum = count + change;
        return sum > 0 ? sum : null;
    }

    @Override
    public CompletionStage<OptionalInt> nodeCount() {
        return count(ChannelKind.SHARD, channel);
    }
}
