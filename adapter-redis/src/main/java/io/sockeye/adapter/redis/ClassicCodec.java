package io.sockeye.adapter.redis;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SocketView;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.AckRequest;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.adapter.cluster.ClusterMessage.BroadcastAck;
import io.sockeye.adapter.cluster.ClusterMessage.BroadcastClientCount;
import io.sockeye.adapter.cluster.ClusterMessage.DisconnectSockets;
import io.sockeye.adapter.cluster.ClusterMessage.FetchSockets;
import io.sockeye.adapter.cluster.ClusterMessage.FetchSocketsResponse;
import io.sockeye.adapter.cluster.ClusterMessage.ServerSideEmit;
import io.sockeye.adapter.cluster.ClusterMessage.ServerSideEmitResponse;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsJoin;
import io.sockeye.adapter.cluster.ClusterMessage.SocketsLeave;
import io.sockeye.adapter.cluster.ExtensionCodec;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.MessageReader.Kind;
import io.sockeye.protocol.socketio.MessageReader.NamedArguments;
import io.sockeye.protocol.socketio.MessageWriter;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages as the reference's classic Redis adapter has them (@socket.io/redis-adapter, lib/index.ts):
 *
 * <pre>
 *   broadcast, MessagePack: [uid, { type: 2, data: [name, …], nsp }, { rooms, except, flags }]
 *
 *   requests, JSON but for 7: { uid, requestId, type, … }    responses, JSON but for 9: { type, requestId, … }
 *     0  ids of sockets      { rooms }                          { requestId, sockets: [id, …] }
 *     1  all rooms                                              { requestId, rooms }
 *     2  join                { opts, rooms }
 *     3  leave               { opts, rooms }
 *     4  disconnect          { opts, close }
 *     5  fetch sockets       { opts }                           { requestId, sockets: [{…}, …] }
 *     6  server-side         { data: [name, …] }                { type: 6, requestId, data }
 *     7  broadcast, acks     { packet, opts }                8  { type: 8, requestId, clientCount }
 *                                                            9  { type: 9, requestId, packet }
 * </pre>
 *
 * <p>Our own are requests and responses of the types of {@link ExtensionCodec}, {@code { uid, type, data }}; and in responses
 * {@code uid}, {@code socketId} of an acknowledgement, {@code more} beside an answer. None of it means anything to the reference.
 * Writing is thread-safe; reading is confined to one thread at a time.
 */
final class ClassicCodec {
    private static final int SOCKETS = 0;
    private static final int ALL_ROOMS = 1;
    private static final int REMOTE_JOIN = 2;
    private static final int REMOTE_LEAVE = 3;
    private static final int REMOTE_DISCONNECT = 4;
    private static final int REMOTE_FETCH = 5;
    private static final int SERVER_SIDE_EMIT = 6;
    private static final int BROADCAST = 7;
    private static final int BROADCAST_CLIENT_COUNT = 8;
    private static final int BROADCAST_ACK = 9;

    private static final int NO_TYPE = -1;
    private static final int NOWHERE = -1;
    /** In front of the ids of requests whose answer is made of the sockets, but not the sockets. */
    private static final String FOR_ROOMS = "rooms:";

    private static final String FOR_IDS = "ids:";

    private final String namespace;
    private final String uid;
    private final MessageReader json = MessageReader.json();
    private final MessageReader msgpack = MessageReader.msgpack();

    ClassicCodec(String namespace, String uid) {
        this.namespace = namespace;
        this.uid = uid;
    }

    /** Whether a message goes to the channel of broadcasts, and not to that of requests. */
    static boolean isBroadcast(ClusterMessage message) {
        return message instanceof Broadcast broadcast && broadcast.acks() == null;
    }

    /** Writes a broadcast without acknowledgements. */
    byte[] writeBroadcast(Broadcast broadcast) {
        MessageWriter writer = MessageWriter.msgpack().startArray(3).string(uid);
        PacketCodec.write(writer, broadcast.packet(), /* withNamespace= */ true);
        OptionsCodec.writeValue(writer, broadcast.options(), null);
        return writer.end().toBytes();
    }

    /** Writes a request. */
    byte[] writeRequest(ClusterMessage message) {
        if (message instanceof Broadcast broadcast && broadcast.acks() != null) {
            return broadcastWithAck(broadcast, broadcast.acks());
        }
        MessageWriter writer = MessageWriter.json().startObject(4).name("uid").string(uid);
        if (message instanceof SocketsJoin join) {
            rooms(writer, REMOTE_JOIN, join.options(), join.rooms());
        } else if (message instanceof SocketsLeave leave) {
            rooms(writer, REMOTE_LEAVE, leave.options(), leave.rooms());
        } else if (message instanceof DisconnectSockets disconnect) {
            type(writer, REMOTE_DISCONNECT);
            OptionsCodec.writeBare(writer, disconnect.options());
            writer.name("close").bool(disconnect.close());
        } else if (message instanceof FetchSockets fetch) {
            writer.name("requestId").string(fetch.requestId());
            type(writer, REMOTE_FETCH);
            OptionsCodec.writeBare(writer, fetch.options());
        } else if (message instanceof ServerSideEmit emit) {
            if (emit.requestId() != null) {
                writer.name("requestId").string(emit.requestId());
            }
            type(writer, SERVER_SIDE_EMIT);
            writer.name("data");
            PacketCodec.write(writer, emit.event(), emit.args());
        } else {
            extension(writer, message);
        }
        return writer.end().toBytes();
    }

    private static void extension(MessageWriter writer, ClusterMessage message) {
        ExtensionCodec.Written written = ExtensionCodec.write(message);
        if (written == null) {
            throw new IllegalArgumentException(String.valueOf(message));
        }
        type(writer, written.type());
        writer.name("data").value(written.data());
    }

    private byte[] broadcastWithAck(Broadcast broadcast, AckRequest acks) {
        MessageWriter writer =
                MessageWriter.msgpack().startObject(5).name("uid").string(uid);
        writer.name("requestId").string(acks.requestId());
        type(writer, BROADCAST);
        writer.name("packet");
        PacketCodec.write(writer, broadcast.packet(), /* withNamespace= */ true);
        OptionsCodec.write(writer, broadcast.options(), acks.timeout());
        return writer.end().toBytes();
    }

    private static void type(MessageWriter writer, int type) {
        writer.name("type").integer(type);
    }

    private static void rooms(MessageWriter writer, int type, BroadcastOptions options, Set<String> rooms) {
        type(writer, type);
        OptionsCodec.writeBare(writer, options);
        writer.name("rooms").strings(rooms);
    }

    /** Writes a response. */
    byte[] writeResponse(ClusterMessage.Response response) {
        if (response instanceof BroadcastAck ack) {
            return acknowledgement(ack);
        }
        MessageWriter writer = MessageWriter.json().startObject(4);
        if (response instanceof FetchSocketsResponse fetched) {
            sockets(writer, fetched);
        } else if (response instanceof ServerSideEmitResponse answer) {
            type(writer, SERVER_SIDE_EMIT);
            writer.name("requestId").string(answer.requestId());
            PacketCodec.writeAnswer(writer, "data", answer.args());
        } else if (response instanceof BroadcastClientCount count) {
            type(writer, BROADCAST_CLIENT_COUNT);
            writer.name("requestId").string(count.requestId());
            writer.name("clientCount").integer(count.count());
        } else {
            extension(writer, response);
        }
        return writer.name("uid").string(uid).end().toBytes();
    }

    private byte[] acknowledgement(BroadcastAck ack) {
        String socketId = ack.socketId();
        MessageWriter writer = MessageWriter.msgpack()
                .startObject(3 + PacketCodec.answerFields(ack.args()) + (socketId == null ? 0 : 1));
        type(writer, BROADCAST_ACK);
        writer.name("requestId").string(ack.requestId());
        PacketCodec.writeAnswer(writer, "packet", ack.args());
        writer.name("uid").string(uid);
        if (socketId != null) {
            writer.name("socketId").string(socketId);
        }
        return writer.end().toBytes();
    }

    private static void sockets(MessageWriter writer, FetchSocketsResponse fetched) {
        String id = fetched.requestId();
        if (id.startsWith(FOR_ROOMS)) {
            Set<String> rooms = new LinkedHashSet<>();
            fetched.sockets().forEach(socket -> rooms.addAll(socket.rooms()));
            writer.name("requestId").string(id.substring(FOR_ROOMS.length()));
            writer.name("rooms").strings(rooms);
        } else if (id.startsWith(FOR_IDS)) {
            writer.name("requestId").string(id.substring(FOR_IDS.length()));
            writer.name("sockets")
                    .strings(fetched.sockets().stream().map(SocketView::id).toList());
        } else {
            writer.name("requestId").string(id);
            SocketsCodec.write(writer, fetched.sockets());
        }
    }

    /**
     * Reads a broadcast.
     *
     * @return null when it is this node's own, or none of this namespace's
     */
    @Nullable Incoming readBroadcast(byte[] payload) throws ProtocolException {
        MessageReader reader = msgpack;
        reader.read(payload);
        reader.startArray();
        String from = next(reader) == Kind.STRING ? reader.string() : skipped(reader);
        if (from.equals(uid)) {
            return null;
        }
        if (next(reader) != Kind.OBJECT) {
            return null;
        }
        SocketPacket.Event packet = PacketCodec.read(reader, namespace);
        next(reader);
        OptionsCodec.Options options = OptionsCodec.read(reader);
        return packet == null ? null : new Incoming(from, new Broadcast(packet, options.options(), null));
    }

    private static Kind next(MessageReader reader) throws ProtocolException {
        if (!reader.hasNext()) {
            throw new ProtocolException("no broadcast");
        }
        return reader.kind();
    }

    private static String skipped(MessageReader reader) throws ProtocolException {
        reader.skip();
        return "";
    }

    /**
     * Reads a request.
     *
     * @return null when it is this node's own, none of this namespace's, or of an unknown type
     */
    @Nullable Incoming readRequest(byte[] payload) throws ProtocolException {
        Fields fields = new Fields().read(readerOf(payload), payload);
        if (fields.from.equals(uid)) {
            return null;
        }
        ClusterMessage message = fields.request();
        return message == null ? null : new Incoming(fields.from, message);
    }

    /**
     * Reads a response.
     *
     * @return null when it is of an unknown type
     */
    @Nullable Incoming readResponse(byte[] payload) throws ProtocolException {
        Fields fields = new Fields().read(readerOf(payload), payload);
        ClusterMessage message = fields.response();
        return message == null ? null : new Incoming(fields.from, message);
    }

    private MessageReader readerOf(byte[] payload) {
        return payload.length > 0 && payload[0] == '{' ? json : msgpack;
    }

    /** What stands in a request or response, which may come in any order. */
    private final class Fields {
        private String from = "";
        private int type = NO_TYPE;
        private @Nullable String requestId;
        private OptionsCodec.@Nullable Options options;
        private int packet = NOWHERE;
        private int data = NOWHERE;
        private final Answer answer = new Answer();
        private @Nullable Set<String> rooms;
        private @Nullable List<SocketView> sockets;
        private @Nullable String sid;
        private @Nullable String room;
        private @Nullable String socketId;
        private boolean close;
        private int clientCount;
        private @Nullable MessageReader reader;

        Fields read(MessageReader from, byte[] payload) throws ProtocolException {
            reader = from;
            from.read(payload);
            from.startObject();
            for (String name = from.nextName(); name != null; name = from.nextName()) {
                field(from, name, from.kind());
            }
            from.end();
            return this;
        }

        private void field(MessageReader in, String name, Kind kind) throws ProtocolException {
            switch (name) {
                case "uid" -> from = kind == Kind.STRING ? in.string() : skipped(in);
                case "type" -> type = (int) in.integer();
                case "requestId" -> requestId = text(in, kind);
                case "opts" -> {
                    if (kind == Kind.OBJECT) {
                        options = OptionsCodec.read(in);
                    } else {
                        in.skip();
                    }
                }
                case "packet" -> packet = passed(in);
                case "data" -> data = passed(in);
                case "more" -> answer.more(in);
                case "rooms" -> {
                    if (kind == Kind.ARRAY) {
                        rooms = in.strings();
                    } else {
                        in.skip();
                    }
                }
                case "sockets" -> {
                    if (kind == Kind.ARRAY) {
                        sockets = SocketsCodec.read(in);
                    } else {
                        in.skip();
                    }
                }
                case "sid" -> sid = text(in, kind);
                case "room" -> room = text(in, kind);
                case "socketId" -> socketId = text(in, kind);
                case "close" ->
                    close = kind == Kind.BOOLEAN ? in.bool() : !skipped(in).isEmpty();
                case "clientCount" -> clientCount = (int) Math.max(0, in.integer());
                default -> in.skip();
            }
        }

        private static @Nullable String text(MessageReader in, Kind kind) throws ProtocolException {
            if (kind == Kind.STRING) {
                return in.string();
            }
            in.skip();
            return null;
        }

        private static int passed(MessageReader in) throws ProtocolException {
            int position = in.position();
            in.skip();
            return position;
        }

        @Nullable ClusterMessage request() throws ProtocolException {
            return switch (type) {
                case SOCKETS ->
                    new FetchSockets(
                            FOR_IDS + requestId(), BroadcastOptions.DEFAULT.to(rooms == null ? Set.of() : rooms));
                case ALL_ROOMS -> new FetchSockets(FOR_ROOMS + requestId(), BroadcastOptions.DEFAULT);
                case REMOTE_JOIN -> new SocketsJoin(whom(), whereTo());
                case REMOTE_LEAVE -> new SocketsLeave(whom(), whereTo());
                case REMOTE_DISCONNECT -> new DisconnectSockets(whom(), close);
                case REMOTE_FETCH -> new FetchSockets(requestId(), whom());
                case SERVER_SIDE_EMIT -> {
                    NamedArguments event = at(data).event();
                    yield new ServerSideEmit(requestId, event.name(), event.args());
                }
                case BROADCAST -> broadcast();
                default -> type < ExtensionCodec.FIRST_TYPE ? null : ClusterCodec.extension(type, at(data));
            };
        }

        private @Nullable Broadcast broadcast() throws ProtocolException {
            SocketPacket.Event event = PacketCodec.read(at(packet), namespace);
            if (options == null) {
                throw new ProtocolException("no opts");
            }
            return event == null
                    ? null
                    : new Broadcast(event, options.options(), new AckRequest(requestId(), options.timeout()));
        }

        /** Whom a request is about; older nodes name one socket. */
        private BroadcastOptions whom() throws ProtocolException {
            if (options != null) {
                return options.options();
            }
            if (sid == null) {
                throw new ProtocolException("no opts");
            }
            return BroadcastOptions.DEFAULT.to(Set.of(sid));
        }

        private Set<String> whereTo() {
            return rooms != null ? rooms : room == null ? Set.of() : Set.of(room);
        }

        @Nullable ClusterMessage response() throws ProtocolException {
            if (type >= ExtensionCodec.FIRST_TYPE) {
                return ClusterCodec.extension(type, at(data));
            }
            if (requestId == null) {
                return null;
            }
            return switch (type) {
                case SERVER_SIDE_EMIT -> {
                    answer(data);
                    yield new ServerSideEmitResponse(requestId, answer.args());
                }
                case BROADCAST_CLIENT_COUNT -> new BroadcastClientCount(requestId, clientCount);
                case BROADCAST_ACK -> {
                    answer(packet);
                    yield new BroadcastAck(requestId, socketId, answer.args());
                }
                case NO_TYPE -> sockets == null ? null : new FetchSocketsResponse(requestId, sockets);
                default -> null;
            };
        }

        private void answer(int position) throws ProtocolException {
            if (position != NOWHERE) {
                answer.first(at(position));
            }
        }

        private MessageReader at(int position) throws ProtocolException {
            if (reader == null || position == NOWHERE) {
                throw new ProtocolException("no packet");
            }
            reader.back(position);
            return reader;
        }

        private String requestId() throws ProtocolException {
            if (requestId == null) {
                throw new ProtocolException("no requestId");
            }
            return requestId;
        }
    }
}
