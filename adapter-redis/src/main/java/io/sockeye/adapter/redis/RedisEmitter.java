package io.sockeye.adapter.redis;

import io.lettuce.core.XAddArgs;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.adapter.cluster.ClusterMessage.DisconnectSockets;
import io.sockeye.adapter.cluster.ClusterMessage.ServerSideEmit;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsJoin;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsLeave;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.ReservedEvents;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to a cluster from a process that is none of its servers: on the wire like npm's @socket.io/redis-emitter for clusters with
 * {@link RedisAdapter#classic}, and like @socket.io/redis-streams-emitter for those with {@link RedisAdapter#streams}, whatever
 * servers they consist of.
 *
 * <pre>{@code
 * try (RedisEmitter emitter = RedisEmitter.classic(RedisConnection.to("redis://localhost"))) {
 *     emitter.of("/admin").to("room").emit("news", 1, "text");
 * }
 * }</pre>
 *
 * <p>Values are written by the default JSON mapper. Immutable and thread-safe.
 */
public final class RedisEmitter implements AutoCloseable {
    private static final String UID = "emitter";

    private final Root root;
    private final String namespace;
    private final BroadcastOptions options;

    /** How messages are written. */
    private interface Format {
        /** Writes one for a namespace. */
        Publishing.Outgoing write(String namespace, ClusterMessage message);
    }

    /** What all emitters that were made of one have in common. */
    private static final class Root {
        private final RedisConnection connection;
        private final RedisLink link;
        private final Format format;
        private final AtomicBoolean closed = new AtomicBoolean();

        Root(RedisConnection connection, Format format) {
            this.connection = connection;
            this.link = connection.use();
            this.format = format;
        }
    }

    private RedisEmitter(Root root, String namespace, BroadcastOptions options) {
        this.root = root;
        this.namespace = namespace;
        this.options = options;
    }

    /** For a cluster with {@link RedisAdapter#classic}. To be closed. */
    public static RedisEmitter classic(RedisConnection redis) {
        return classic(redis, settings -> {});
    }

    /** For a cluster with {@link RedisAdapter#classic} and these settings, of which it needs the key. To be closed. */
    public static RedisEmitter classic(RedisConnection redis, Consumer<ClassicSettings> configure) {
        ClassicSettings settings = new ClassicSettings();
        configure.accept(settings);
        String key = settings.values().key();
        return of(redis, (namespace, message) -> {
            ClassicCodec codec = new ClassicCodec(namespace, UID);
            return new Message(
                    ChannelKind.CHANNEL,
                    ClassicDriver.channelFor(key, namespace, message),
                    ClassicDriver.payload(codec, message));
        });
    }

    /** For a cluster with {@link RedisAdapter#streams}. To be closed. */
    public static RedisEmitter streams(RedisConnection redis) {
        return streams(redis, settings -> {});
    }

    /** For a cluster with {@link RedisAdapter#streams} and these settings, of which it needs the stream's. To be closed. */
    public static RedisEmitter streams(RedisConnection redis, Consumer<StreamsSettings> configure) {
        StreamsSettings settings = new StreamsSettings();
        configure.accept(settings);
        StreamsSettings.Values values = settings.values();
        XAddArgs args = new XAddArgs().maxlen(values.maxLen()).approximateTrimming();
        return of(
                redis,
                (namespace, message) -> new StreamsDriver.Entry(
                        values.streamOf(namespace),
                        args,
                        UID,
                        namespace,
                        ClusterCodec.typeOf(message),
                        StreamsDriver.data(message, values.onlyPlaintext()),
                        StreamsDriver.Entry.UNNUMBERED));
    }

    private static RedisEmitter of(RedisConnection redis, Format format) {
        return new RedisEmitter(new Root(redis, format), SocketPacket.ROOT_NAMESPACE, BroadcastOptions.DEFAULT);
    }

    /** An emitter for another namespace, with or without the slash in front; closed with this one. */
    public RedisEmitter of(String namespace) {
        String name = namespace.startsWith("/") ? namespace : "/" + namespace;
        return new RedisEmitter(root, name, BroadcastOptions.DEFAULT);
    }

    /** The same, to these rooms too. */
    public RedisEmitter to(String... rooms) {
        return with(options.to(Arrays.asList(rooms)));
    }

    /** The same as {@link #to}. */
    public RedisEmitter in(String... rooms) {
        return to(rooms);
    }

    /** The same, but for these rooms. */
    public RedisEmitter except(String... rooms) {
        return with(options.except(Arrays.asList(rooms)));
    }

    /** The same, dropped for sockets whose connection cannot take it at once. */
    public RedisEmitter volatileFlag() {
        return with(options.asVolatile());
    }

    /** The same, compressible or not. */
    public RedisEmitter compress(boolean compress) {
        return with(options.compress(compress));
    }

    private RedisEmitter with(BroadcastOptions other) {
        return new RedisEmitter(root, namespace, other);
    }

    /**
     * Sends an event to the sockets that were chosen, on every server.
     *
     * @return false when it was refused: the emitter is closed, or too much waits for Redis
     * @throws IllegalArgumentException when the name is reserved
     */
    public boolean emit(String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        SocketPacket.Event packet = new SocketPacket.Event(namespace, SocketPacket.NO_ID, event, Arguments.of(args));
        return send(new Broadcast(packet, options, null));
    }

    /** Puts the sockets that were chosen into rooms. The answer is as that of {@link #emit}. */
    public boolean socketsJoin(String... rooms) {
        return send(new SocketsJoin(options, Set.of(rooms)));
    }

    /** Takes the sockets that were chosen out of rooms. The answer is as that of {@link #emit}. */
    public boolean socketsLeave(String... rooms) {
        return send(new SocketsLeave(options, Set.of(rooms)));
    }

    /**
     * Disconnects the sockets that were chosen. The answer is as that of {@link #emit}.
     *
     * @param close whether to close their connections too
     */
    public boolean disconnectSockets(boolean close) {
        return send(new DisconnectSockets(options, close));
    }

    /**
     * Sends an event to the servers themselves. The answer is as that of {@link #emit}.
     *
     * @throws IllegalArgumentException when the name is reserved
     */
    public boolean serverSideEmit(String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        return send(new ServerSideEmit(null, event, Arguments.of(args)));
    }

    private boolean send(ClusterMessage message) {
        return !root.closed.get() && root.link.publishing().publish(root.format.write(namespace, message));
    }

    /** Ends its use of the connection, and that of all emitters made of the same one. What was emitted is sent. Idempotent. */
    @Override
    public void close() {
        if (root.closed.compareAndSet(false, true)) {
            root.connection.release();
        }
    }
}
