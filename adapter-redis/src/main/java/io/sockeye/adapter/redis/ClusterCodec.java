package io.sockeye.adapter.redis;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SocketView;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.AckRequest;
import io.sockeye.adapter.cluster.ClusterMessage.AdapterClose;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.adapter.cluster.ClusterMessage.BroadcastAck;
import io.sockeye.adapter.cluster.ClusterMessage.BroadcastClientCount;
import io.sockeye.adapter.cluster.ClusterMessage.DisconnectSockets;
import io.sockeye.adapter.cluster.ClusterMessage.FetchSockets;
import io.sockeye.adapter.cluster.ClusterMessage.FetchSocketsResponse;
import io.sockeye.adapter.cluster.ClusterMessage.Heartbeat;
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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Messages as the reference's cluster adapter has them (socket.io-adapter, {@code MessageType}), on which the sharded adapter and
 * that over streams stand:
 *
 * <pre>
 *   { type: a number, data: depends on the type, uid: "…", nsp: "/" }
 *
 *    3  broadcast        { packet, requestId?, opts }     8  sockets         { requestId, sockets }
 *    4  join             { opts, rooms }                  9  server-side     { requestId?, packet }
 *    5  leave            { opts, rooms }                 10  its answer      { requestId, packet }
 *    6  disconnect       { opts, close }                 11  client count    { requestId, clientCount }
 *    7  fetch sockets    { opts, requestId }             12  acknowledgement { requestId, packet }
 *    1, 2, 13  heartbeats and the end: no data
 *    100 and above  what only our own nodes say ({@link ExtensionCodec})
 * </pre>
 *
 * <p>Some fields are our own and mean nothing to the reference: {@code socketId} of an acknowledgement, {@code more} beside the
 * packet of an answer. Writing is thread-safe; reading is confined to one thread at a time.
 */
final class ClusterCodec {
    static final int INITIAL_HEARTBEAT = 1;
    static final int HEARTBEAT = 2;
    static final int BROADCAST = 3;
    static final int SOCKETS_JOIN = 4;
    static final int SOCKETS_LEAVE = 5;
    static final int DISCONNECT_SOCKETS = 6;
    static final int FETCH_SOCKETS = 7;
    static final int FETCH_SOCKETS_RESPONSE = 8;
    static final int SERVER_SIDE_EMIT = 9;
    static final int SERVER_SIDE_EMIT_RESPONSE = 10;
    static final int BROADCAST_CLIENT_COUNT = 11;
    static final int BROADCAST_ACK = 12;
    static final int ADAPTER_CLOSE = 13;

    private static final int NO_TYPE = -1;
    private static final int NOWHERE = -1;

    private final String namespace;
    private final String uid;
    private final MessageReader json = MessageReader.json();
    private final MessageReader msgpack = MessageReader.msgpack();

    ClusterCodec(String namespace, String uid) {
        this.namespace = namespace;
        this.uid = uid;
    }

    static int typeOf(ClusterMessage message) {
        if (message instanceof Broadcast) {
            return BROADCAST;
        } else if (message instanceof BroadcastAck) {
            return BROADCAST_ACK;
        } else if (message instanceof BroadcastClientCount) {
            return BROADCAST_CLIENT_COUNT;
        } else if (message instanceof Heartbeat heartbeat) {
            return heartbeat.initial() ? INITIAL_HEARTBEAT : HEARTBEAT;
        } else if (message instanceof SocketsJoin) {
            return SOCKETS_JOIN;
        } else if (message instanceof SocketsLeave) {
            return SOCKETS_LEAVE;
        } else if (message instanceof DisconnectSockets) {
            return DISCONNECT_SOCKETS;
        } else if (message instanceof FetchSockets) {
            return FETCH_SOCKETS;
        } else if (message instanceof FetchSocketsResponse) {
            return FETCH_SOCKETS_RESPONSE;
        } else if (message instanceof ServerSideEmit) {
            return SERVER_SIDE_EMIT;
        } else if (message instanceof ServerSideEmitResponse) {
            return SERVER_SIDE_EMIT_RESPONSE;
        } else if (message instanceof AdapterClose) {
            return ADAPTER_CLOSE;
        }
        ExtensionCodec.Written written = ExtensionCodec.write(message);
        if (written == null) {
            throw new IllegalArgumentException(String.valueOf(message));
        }
        return written.type();
    }

    /** Whether there is something to say beside the type. */
    static boolean hasData(int type) {
        return type != INITIAL_HEARTBEAT && type != HEARTBEAT && type != ADAPTER_CLOSE;
    }

    /** Writes a message as JSON, or as MessagePack if there is binary data in it. */
    byte[] write(ClusterMessage message) {
        MessageWriter writer = MessageWriter.json();
        write(writer, message);
        return writer.hasBinary() ? writeMsgpack(message) : writer.toBytes();
    }

    /** Writes a message as MessagePack. */
    byte[] writeMsgpack(ClusterMessage message) {
        MessageWriter writer = MessageWriter.msgpack();
        write(writer, message);
        return writer.toBytes();
    }

    private void write(MessageWriter writer, ClusterMessage message) {
        int type = typeOf(message);
        boolean data = hasData(type);
        writer.startObject(data ? 4 : 3);
        writer.name("type").integer(type);
        if (data) {
            writer.name("data");
            writeData(writer, message);
        }
        writer.name("uid").string(uid);
        writer.name("nsp").string(namespace);
        writer.end();
    }

    /** Writes the data of a message that has some. */
    static void writeData(MessageWriter writer, ClusterMessage message) {
        if (message instanceof ClusterMessage.Extension) {
            ExtensionCodec.Written written = ExtensionCodec.write(message);
            writer.value(written == null ? null : written.data());
            return;
        }
        if (message instanceof Broadcast broadcast) {
            broadcast(writer, broadcast);
        } else if (message instanceof BroadcastAck ack) {
            String socketId = ack.socketId();
            writer.startObject(1 + PacketCodec.answerFields(ack.args()) + (socketId == null ? 0 : 1));
            writer.name("requestId").string(ack.requestId());
            PacketCodec.writeAnswer(writer, "packet", ack.args());
            if (socketId != null) {
                writer.name("socketId").string(socketId);
            }
        } else if (message instanceof BroadcastClientCount count) {
            writer.startObject(2).name("requestId").string(count.requestId());
            writer.name("clientCount").integer(count.count());
        } else if (message instanceof SocketsJoin join) {
            rooms(writer, join.options(), join.rooms());
        } else if (message instanceof SocketsLeave leave) {
            rooms(writer, leave.options(), leave.rooms());
        } else if (message instanceof DisconnectSockets disconnect) {
            writer.startObject(2);
            OptionsCodec.write(writer, disconnect.options(), null);
            writer.name("close").bool(disconnect.close());
        } else if (message instanceof FetchSockets fetch) {
            writer.startObject(2);
            OptionsCodec.write(writer, fetch.options(), null);
            writer.name("requestId").string(fetch.requestId());
        } else if (message instanceof FetchSocketsResponse response) {
            writer.startObject(2).name("requestId").string(response.requestId());
            SocketsCodec.write(writer, response.sockets());
        } else if (message instanceof ServerSideEmit emit) {
            String requestId = emit.requestId();
            writer.startObject(requestId == null ? 1 : 2);
            if (requestId != null) {
                writer.name("requestId").string(requestId);
            }
            writer.name("packet");
            PacketCodec.write(writer, emit.event(), emit.args());
        } else if (message instanceof ServerSideEmitResponse response) {
            writer.startObject(1 + PacketCodec.answerFields(response.args()));
            writer.name("requestId").string(response.requestId());
            PacketCodec.writeAnswer(writer, "packet", response.args());
        } else {
            throw new IllegalArgumentException(String.valueOf(message));
        }
        writer.end();
    }

    private static void broadcast(MessageWriter writer, Broadcast broadcast) {
        AckRequest acks = broadcast.acks();
        writer.startObject(acks == null ? 2 : 3);
        writer.name("packet");
        PacketCodec.write(writer, broadcast.packet(), /* withNamespace= */ false);
        if (acks != null) {
            writer.name("requestId").string(acks.requestId());
        }
        OptionsCodec.write(writer, broadcast.options(), acks == null ? null : acks.timeout());
    }

    private static void rooms(MessageWriter writer, BroadcastOptions options, Set<String> rooms) {
        writer.startObject(2);
        OptionsCodec.write(writer, options, null);
        writer.name("rooms").strings(rooms);
    }

    /**
     * Reads a message, JSON or MessagePack.
     *
     * @return null when it is none of this namespace's, or of an unknown type
     */
    @Nullable Incoming read(byte[] payload) throws ProtocolException {
        MessageReader reader = payload.length > 0 && payload[0] == '{' ? json : msgpack;
        reader.read(payload);
        int type = NO_TYPE;
        int data = NOWHERE;
        String from = "";
        String nsp = "";
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            Kind kind = reader.kind();
            if (name.equals("type") && kind == Kind.NUMBER) {
                type = (int) reader.integer();
            } else if (name.equals("data") && kind == Kind.OBJECT) {
                data = reader.position();
                reader.skip();
            } else if (name.equals("uid") && kind == Kind.STRING) {
                from = reader.string();
            } else if (name.equals("nsp") && kind == Kind.STRING) {
                nsp = reader.string();
            } else {
                reader.skip();
            }
        }
        reader.end();
        if (from.equals(uid) || !nsp.equals(namespace)) {
            return null;
        }
        ClusterMessage message = hasData(type) ? data(reader, data, type) : withoutData(type);
        return message == null ? null : new Incoming(from, message);
    }

    /**
     * Reads a message whose data stands for itself.
     *
     * @param data JSON or MessagePack; empty for a message without data
     * @return null when it is of an unknown type
     */
    @Nullable ClusterMessage read(int type, byte[] data) throws ProtocolException {
        if (!hasData(type)) {
            return withoutData(type);
        }
        MessageReader reader = data.length > 0 && data[0] == '{' ? json : msgpack;
        reader.read(data);
        return data(reader, 0, type);
    }

    private static ClusterMessage withoutData(int type) {
        return type == ADAPTER_CLOSE ? new AdapterClose() : new Heartbeat(type == INITIAL_HEARTBEAT);
    }

    private @Nullable ClusterMessage data(MessageReader reader, int position, int type) throws ProtocolException {
        boolean extension = type >= ExtensionCodec.FIRST_TYPE;
        if (!extension && (type < BROADCAST || type > BROADCAST_ACK)) {
            return null;
        }
        if (position == NOWHERE) {
            throw new ProtocolException("no data");
        }
        reader.back(position);
        if (extension) {
            return extension(type, reader);
        }
        return new Fields(type).read(reader).message();
    }

    /** Reads what only our own nodes say; null when the type is unknown. */
    static @Nullable ClusterMessage extension(int type, MessageReader reader) throws ProtocolException {
        JsonNode data = reader.raw().as(JsonNode.class);
        return data == null ? null : ExtensionCodec.read(type, data);
    }

    /** What stands in the data of a message, which may come in any order. */
    private final class Fields {
        private final int type;
        private @Nullable String requestId;
        private OptionsCodec.@Nullable Options options;
        private SocketPacket.@Nullable Event packet;
        private @Nullable NamedArguments event;
        private final Answer answer = new Answer();
        private Set<String> rooms = Set.of();
        private List<SocketView> sockets = List.of();
        private @Nullable String socketId;
        private boolean close;
        private int clientCount;

        Fields(int type) {
            this.type = type;
        }

        Fields read(MessageReader reader) throws ProtocolException {
            reader.startObject();
            for (String name = reader.nextName(); name != null; name = reader.nextName()) {
                Kind kind = reader.kind();
                switch (name) {
                    case "packet" -> packet(reader);
                    case "more" -> answer.more(reader);
                    case "opts" -> options = OptionsCodec.read(reader);
                    case "rooms" -> rooms = reader.strings();
                    case "sockets" -> sockets = SocketsCodec.read(reader);
                    case "clientCount" -> clientCount = (int) Math.max(0, reader.integer());
                    case "close" -> close = kind == Kind.BOOLEAN ? reader.bool() : skipped(reader);
                    case "requestId" -> requestId = kind == Kind.STRING ? reader.string() : nothing(reader);
                    case "socketId" -> socketId = kind == Kind.STRING ? reader.string() : nothing(reader);
                    default -> reader.skip();
                }
            }
            return this;
        }

        private void packet(MessageReader reader) throws ProtocolException {
            if (type == BROADCAST) {
                packet = PacketCodec.read(reader, namespace);
            } else if (type == SERVER_SIDE_EMIT) {
                event = reader.event();
            } else {
                answer.first(reader);
            }
        }

        private static @Nullable String nothing(MessageReader reader) throws ProtocolException {
            reader.skip();
            return null;
        }

        private static boolean skipped(MessageReader reader) throws ProtocolException {
            reader.skip();
            return false;
        }

        @Nullable ClusterMessage message() throws ProtocolException {
            return switch (type) {
                case BROADCAST -> packet == null ? null : broadcast(packet);
                case SOCKETS_JOIN -> new SocketsJoin(options().options(), rooms);
                case SOCKETS_LEAVE -> new SocketsLeave(options().options(), rooms);
                case DISCONNECT_SOCKETS -> new DisconnectSockets(options().options(), close);
                case FETCH_SOCKETS -> new FetchSockets(requestId(), options().options());
                case FETCH_SOCKETS_RESPONSE -> new FetchSocketsResponse(requestId(), sockets);
                case SERVER_SIDE_EMIT -> serverSideEmit();
                case SERVER_SIDE_EMIT_RESPONSE -> new ServerSideEmitResponse(requestId(), answer.args());
                case BROADCAST_CLIENT_COUNT -> new BroadcastClientCount(requestId(), clientCount);
                default -> new BroadcastAck(requestId(), socketId, answer.args());
            };
        }

        private Broadcast broadcast(SocketPacket.Event of) throws ProtocolException {
            OptionsCodec.Options to = options();
            return new Broadcast(of, to.options(), requestId == null ? null : new AckRequest(requestId, to.timeout()));
        }

        private ServerSideEmit serverSideEmit() throws ProtocolException {
            if (event == null) {
                throw new ProtocolException("no packet");
            }
            return new ServerSideEmit(requestId, event.name(), event.args());
        }

        private OptionsCodec.Options options() throws ProtocolException {
            if (options == null) {
                throw new ProtocolException("no opts");
            }
            return options;
        }

        private String requestId() throws ProtocolException {
            if (requestId == null) {
                throw new ProtocolException("no requestId");
            }
            return requestId;
        }
    }
}
