package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.ClusterDriver;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.adapter.cluster.ClusterMessage.ServerSideEmitResponse;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One namespace over pub/sub as @socket.io/redis-adapter has it ({@link ClassicCodec}):
 *
 * <pre>
 *   PSUBSCRIBE  socket.io#/ns#*               broadcasts; socket.io#/ns#room# when they are for one room
 *   SUBSCRIBE   socket.io-request#/ns#        everything else
 *               socket.io-response#/ns#       answers to anybody
 *               socket.io-response#/ns#uid#   answers to this node
 * </pre>
 *
 * <p>Thread-safe.
 */
final class ClassicDriver extends RedisDriver {
    private static final int UID_LENGTH = 6;

    private final ClassicCodec codec;
    private final boolean specificResponses;
    private final String broadcastChannel;
    private final String requestChannel;
    private final String responseChannel;

    private ClassicDriver(
            RedisConnection connection,
            ClassicSettings.Values settings,
            String namespace,
            String uid,
            Receiver receiver) {
        super(connection, namespace, uid, receiver);
        this.codec = new ClassicCodec(namespace, uid);
        this.specificResponses = settings.specificResponses();
        String key = settings.key();
        this.broadcastChannel = key + "#" + namespace + "#";
        this.requestChannel = key + "-request#" + namespace + "#";
        this.responseChannel = key + "-response#" + namespace + "#";
    }

    /** Connects namespaces. */
    static ClusterDriver.Factory factory(RedisConnection connection, ClassicSettings.Values settings) {
        return (namespace, receiver) -> {
            ClassicDriver driver = new ClassicDriver(connection, settings, namespace, randomText(UID_LENGTH), receiver);
            driver.start();
            return driver;
        };
    }

    private void start() {
        listen(ChannelKind.PATTERN, escaped(broadcastChannel) + "*", codec::readBroadcast);
        listen(ChannelKind.CHANNEL, requestChannel, codec::readRequest);
        listen(ChannelKind.CHANNEL, responseChannel, codec::readResponse);
        listen(ChannelKind.CHANNEL, responseChannel + uid() + "#", codec::readResponse);
        open();
    }

    /** A pattern for a text that may hold what means something in patterns. */
    private static String escaped(String text) {
        return text.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
    }

    @Override
    public boolean publish(ClusterMessage message) {
        String to = ClassicCodec.isBroadcast(message) ? broadcastChannelFor(broadcastChannel, message) : requestChannel;
        return send(new Message(ChannelKind.CHANNEL, to, payload(codec, message)));
    }

    /** The channel of a message that is no response. */
    static String channelFor(String key, String namespace, ClusterMessage message) {
        return ClassicCodec.isBroadcast(message)
                ? broadcastChannelFor(key + "#" + namespace + "#", message)
                : key + "-request#" + namespace + "#";
    }

    /** A broadcast for one room has a channel of its own. */
    private static String broadcastChannelFor(String channel, ClusterMessage message) {
        Set<String> rooms =
                message instanceof Broadcast broadcast ? broadcast.options().rooms() : Set.of();
        return rooms.size() == 1 ? channel + rooms.iterator().next() + "#" : channel;
    }

    /** Writes a message that is no response. */
    static byte[] payload(ClassicCodec codec, ClusterMessage message) {
        return message instanceof Broadcast broadcast && broadcast.acks() == null
                ? codec.writeBroadcast(broadcast)
                : codec.writeRequest(message);
    }

    @Override
    public boolean respond(String uid, ClusterMessage.Response response) {
        boolean specific = specificResponses && !uid.isEmpty() && !(response instanceof ServerSideEmitResponse);
        String channel = specific ? responseChannel + uid + "#" : responseChannel;
        return send(new Message(ChannelKind.CHANNEL, channel, codec.writeResponse(response)));
    }

    @Override
    public CompletionStage<OptionalInt> nodeCount() {
        return count(ChannelKind.CHANNEL, requestChannel);
    }
}
