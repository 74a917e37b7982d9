package io.sockeye.adapter.cluster;

import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketJson;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What messages within a process go through, so that sender and receiver share nothing that lives. Thread-safe. */
final class InProcessWire {
    private final JsonMapper mapper = SocketJson.mapper().build();

    /** The message as it arrives. */
    ClusterMessage written(ClusterMessage message) {
        if (message instanceof ClusterMessage.Broadcast broadcast) {
            SocketPacket.Event packet = broadcast.packet();
            return new ClusterMessage.Broadcast(
                    new SocketPacket.Event(packet.namespace(), packet.id(), packet.name(), written(packet.args())),
                    broadcast.options(),
                    broadcast.acks());
        }
        if (message instanceof ClusterMessage.BroadcastAck ack) {
            return new ClusterMessage.BroadcastAck(ack.requestId(), ack.socketId(), written(ack.args()));
        }
        if (message instanceof ClusterMessage.ServerSideEmit emit) {
            return new ClusterMessage.ServerSideEmit(emit.requestId(), emit.event(), written(emit.args()));
        }
        if (message instanceof ClusterMessage.ServerSideEmitResponse answer) {
            return new ClusterMessage.ServerSideEmitResponse(answer.requestId(), written(answer.args()));
        }
        if (message instanceof ClusterMessage.FetchSocketsResponse fetched) {
            return new ClusterMessage.FetchSocketsResponse(
                    fetched.requestId(),
                    fetched.sockets().stream().map(this::written).toList());
        }
        ExtensionCodec.Written extension = ExtensionCodec.write(message);
        ClusterMessage read =
                extension == null ? null : ExtensionCodec.read(extension.type(), written(extension.data()));
        return read == null ? message : read; // everything else is made of immutable values
    }

    private static Arguments written(Arguments args) {
        return Arguments.of(args.toArray());
    }

    private SocketView written(SocketView socket) {
        return new Written(
                socket.id(), Set.copyOf(socket.rooms()), written(socket.handshake()), written(socket.data()));
    }

    private JsonNode written(JsonNode node) {
        return mapper.readTree(mapper.writeValueAsBytes(node));
    }

    private record Written(String id, Set<String> rooms, JsonNode handshake, JsonNode data) implements SocketView {}
}
