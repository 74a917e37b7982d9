package io.sockeye.adapter.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sockeye.adapter.cluster.ClusterDriver;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.adapter.cluster.ClusterMessage.DisconnectSockets;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsJoin;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsLeave;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One namespace over a stream as @socket.io/redis-streams-adapter has it:
 *
 * <pre>
 *   XADD socket.io MAXLEN ~ 10000 * uid … nsp / type 3 data …    data: JSON, or MessagePack in base64 if it holds binary data
 *   SUBSCRIBE socket.io#/ns#, socket.io#/ns#uid#                 questions and their answers, in MessagePack
 * </pre>
 *
 * <p>The data and the messages over channels are those of {@link ClusterCodec}. Thread-safe.
 */
class StreamsDriver extends RedisDriver {
    static final int UID_DIGITS = 16;

    final ClusterCodec codec;
    final StreamsSettings.Values settings;
    private final StreamReaders readers;
    final String stream;
    private final String channel;
    final StreamReader reader;
    private final StreamReader.Sink sink = new StreamReader.Sink() {
        @Override
        public void entry(String id, Map<String, byte[]> fields) {
            StreamsDriver.this.entry(id, fields);
        }

        @Override
        public void lostUpTo(String id) {
            StreamsDriver.this.lostUpTo(id);
        }
    };
    final XAddArgs addArgs;

    StreamsDriver(
            RedisConnection connection,
            StreamsSettings.Values settings,
            StreamReaders readers,
            String namespace,
            String uid,
            Receiver receiver) {
        super(connection, namespace, uid, receiver);
        this.codec = new ClusterCodec(namespace, uid);
        this.settings = settings;
        this.readers = readers;
        this.stream = settings.streamOf(namespace);
        this.channel = settings.channelPrefix() + "#" + namespace + "#";
        this.reader = readers.use(link, stream);
        this.addArgs = new XAddArgs().maxlen(settings.maxLen()).approximateTrimming();
    }

    /** Connects namespaces. */
    static ClusterDriver.Factory factory(RedisConnection connection, StreamsSettings.Values settings) {
        StreamReaders readers = new StreamReaders(settings, /* marks= */ false);
        return (namespace, receiver) -> {
            StreamsDriver driver =
                    new StreamsDriver(connection, settings, readers, namespace, randomHex(UID_DIGITS), receiver);
            driver.start();
            return driver;
        };
    }

    final void start() {
        reader.add(namespace, sink);
        listen(settings.channelKind(), channel, codec::read);
        listen(settings.channelKind(), channel + uid() + "#", codec::read);
        Future<?> ignored = reader.started().thenAccept(from -> {
            readingFrom(from);
            open();
        });
    }

    @Override
    public boolean publish(ClusterMessage message) {
        return isKept(message)
                ? send(entry(message))
                : send(new Message(settings.channelKind(), channel, codec.writeMsgpack(message)));
    }

    /** Whether a message stands in the stream; questions and heartbeats are nothing to be read later. */
    private static boolean isKept(ClusterMessage message) {
        return (message instanceof Broadcast broadcast && broadcast.acks() == null)
                || message instanceof SocketsJoin
                || message instanceof SocketsLeave
                || message instanceof DisconnectSockets;
    }

    private Entry entry(ClusterMessage message) {
        int type = ClusterCodec.typeOf(message);
        return new Entry(
                stream, addArgs, uid(), namespace, type, data(message, settings.onlyPlaintext()), Entry.UNNUMBERED);
    }

    /** Writes the data of a message for a stream. */
    static byte[] data(ClusterMessage message, boolean onlyPlaintext) {
        MessageWriter json = MessageWriter.json();
        ClusterCodec.writeData(json, message);
        if (!json.hasBinary() || onlyPlaintext) {
            return json.toBytes();
        }
        MessageWriter msgpack = MessageWriter.msgpack();
        ClusterCodec.writeData(msgpack, message);
        return Base64.getEncoder().encode(msgpack.toBytes());
    }

    /** Reading has begun behind that entry. */
    void readingFrom(String id) {}

    /** Entries up to that one cannot be read. */
    void lostUpTo(String id) {}

    /** An entry was read. */
    void entry(String id, Map<String, byte[]> fields) {
        take(payload -> read(codec, uid(), fields), NO_PAYLOAD);
    }

    private static final byte[] NO_PAYLOAD = {};

    /**
     * Reads an entry.
     *
     * @return null when it is this node's own, or of an unknown type
     */
    static @Nullable Incoming read(ClusterCodec codec, String own, Map<String, byte[]> fields)
            throws ProtocolException {
        String from = text(fields, "uid");
        if (from.equals(own)) {
            return null;
        }
        ClusterMessage message = message(codec, fields);
        return message == null ? null : new Incoming(from, message);
    }

    /** Reads what an entry says; null when it is of an unknown type. */
    static @Nullable ClusterMessage message(ClusterCodec codec, Map<String, byte[]> fields) throws ProtocolException {
        return codec.read(type(fields), decoded(fields.getOrDefault("data", NO_PAYLOAD)));
    }

    static String text(Map<String, byte[]> fields, String name) {
        return new String(fields.getOrDefault(name, NO_PAYLOAD), StandardCharsets.UTF_8);
    }

    private static int type(Map<String, byte[]> fields) throws ProtocolException {
        try {
            return Integer.parseInt(text(fields, "type"));
        } catch (NumberFormatException e) {
            throw new ProtocolException("no type");
        }
    }

    private static byte[] decoded(byte[] data) throws ProtocolException {
        if (data.length == 0 || data[0] == '{') {
            return data;
        }
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("no base64");
        }
    }

    @Override
    public boolean respond(String uid, ClusterMessage.Response response) {
        return send(new Message(settings.channelKind(), channel + uid + "#", codec.writeMsgpack(response)));
    }

    @Override
    public CompletionStage<OptionalInt> nodeCount() {
        return count(settings.channelKind(), channel);
    }

    @Override
    void closing() {
        reader.remove(namespace, sink);
        readers.release(stream);
    }

    /**
     * An entry for the stream. Immutable.
     *
     * @param sequence our own number of it, which Node.js servers ignore; {@link #UNNUMBERED} for none
     */
    record Entry(String stream, XAddArgs args, String uid, String namespace, int type, byte[] data, long sequence)
            implements Publishing.Outgoing {
        static final long UNNUMBERED = 0;
        private static final int OVERHEAD = 200;
        private static final int NUMBER_OVERHEAD = 20;

        @Override
        public int size() {
            return data.length + OVERHEAD + (sequence == UNNUMBERED ? 0 : NUMBER_OVERHEAD);
        }

        @Override
        public RedisFuture<?> send(RedisClusterAsyncCommands<String, byte[]> redis) {
            byte[] from = uid.getBytes(StandardCharsets.UTF_8);
            byte[] nsp = namespace.getBytes(StandardCharsets.UTF_8);
            byte[] kind = digits(type);
            return sequence == UNNUMBERED
                    ? redis.xadd(stream, args, "uid", from, "nsp", nsp, "type", kind, "data", data)
                    : redis.xadd(
                            stream, args, "uid", from, "nsp", nsp, "type", kind, "data", data, "seq", digits(sequence));
        }

        private static byte[] digits(long number) {
            return String.valueOf(number).getBytes(StandardCharsets.US_ASCII);
        }
    }
}
