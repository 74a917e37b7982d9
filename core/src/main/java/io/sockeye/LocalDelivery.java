package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.LocalRooms;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an adapter sees of a namespace. Thread-safe. */
final class LocalDelivery implements LocalNamespace {
    private final Namespace namespace;
    private final ServerSideEvents serverSide;
    private final Lanes lanes = new Lanes();

    LocalDelivery(Namespace namespace, ServerSideEvents serverSide) {
        this.namespace = namespace;
        this.serverSide = serverSide;
    }

    @Override
    public String name() {
        return namespace.name();
    }

    @Override
    public LocalRooms<?> rooms() {
        return namespace.rooms();
    }

    @Override
    public Arguments written(Arguments args) {
        return namespace.server().encoder().written(args);
    }

    @Override
    public void deliver(SocketPacket.Event packet, BroadcastOptions options) {
        LocalRooms.Recipients<Socket> recipients = namespace.rooms().recipients(options.rooms(), options.except());
        if (recipients.groups().isEmpty()) {
            return;
        }
        EncodedPacket encoded = encode(packet, options);
        namespace.tellListeners(recipients, packet.name(), packet.args());
        for (LocalRooms.Group<Socket> group : recipients.groups()) {
            Namespace.onLoopOf(group, socket -> socket.deliver(encoded, options.volatileFlag()));
        }
    }

    @Override
    public void deliverWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout, AckReceiver receiver) {
        LocalRooms.Recipients<Socket> recipients = namespace.rooms().recipients(options.rooms(), options.except());
        if (recipients.groups().isEmpty()) {
            receiver.sentTo(0);
            return;
        }
        long ackId = namespace.nextAckId();
        EncodedPacket encoded =
                encode(new SocketPacket.Event(packet.namespace(), ackId, packet.name(), packet.args()), options);
        EmitOptions each = new EmitOptions(options.volatileFlag(), options.compress(), null).withTimeout(timeout);
        receiver.sentTo(recipients.size());
        namespace.tellListeners(recipients, packet.name(), packet.args());
        for (LocalRooms.Group<Socket> group : recipients.groups()) {
            if (!Namespace.onLoopOf(
                    group,
                    socket -> socket.outbox().deliverWithAck(ackId, encoded, new OfSocket(socket, receiver), each))) {
                group.sockets()
                        .forEach(socket -> receiver.missed(socket.id(), /* late= */ false)); // its loop has ended
            }
        }
    }

    @Override
    public EncodedPacket encode(SocketPacket.Event packet, BroadcastOptions options) {
        return namespace
                .server()
                .encoder()
                .event(namespace.name(), packet.id(), packet.name(), packet.args(), options.compress());
    }

    @Override
    public Runnable line(
            EncodedPacket encoded, SocketPacket.Event packet, BroadcastOptions options, @Nullable String target) {
        if (target != null) {
            return lanes.add(
                    encoded,
                    options.volatileFlag(),
                    namespace.rooms().recipient(target).groups());
        }
        return line(
                encoded,
                packet,
                options.volatileFlag(),
                namespace.rooms().recipients(options.rooms(), options.except()));
    }

    @Override
    @SuppressWarnings("unchecked") // looked up in this namespace's rooms
    public Runnable line(
            EncodedPacket encoded,
            SocketPacket.Event packet,
            boolean volatileFlag,
            LocalRooms.Recipients<?> recipients) {
        LocalRooms.Recipients<Socket> sockets = (LocalRooms.Recipients<Socket>) recipients;
        Runnable sending = lanes.add(encoded, volatileFlag, sockets.groups());
        return () -> {
            namespace.tellListeners(sockets, packet.name(), packet.args());
            sending.run();
        };
    }

    /** The same for something that is to happen on a connection's event loop. */
    Runnable line(ClientConnection connection, Runnable task) {
        return lanes.add(connection, task);
    }

    @Override
    public JsonNode toJson(Object data) {
        return data instanceof SocketData attached
                ? attached.toJson()
                : namespace.jsonMapper().valueToTree(data);
    }

    @Override
    public @Nullable RecoverySettings recovery() {
        return namespace.server().recoverySettings();
    }

    @Override
    public long nanoTime() {
        return namespace.server().config().nanoClock().getAsLong();
    }

    @Override
    public Scheduled schedule(Runnable task, Duration delay) {
        return namespace.server().timer().schedule(task, delay.toNanos());
    }

    @Override
    public void sessionGone() {
        namespace.exit();
    }

    @Override
    public void takenOver(String socketId) {
        Socket socket = namespace.socket(socketId);
        if (socket != null) {
            ClientConnection connection = socket.connection();
            connection.execute(connection::takenOver);
        }
    }

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        for (LocalRooms.Group<Socket> group :
                namespace.rooms().recipients(options.rooms(), options.except()).groups()) {
            Namespace.onLoopOf(group, socket -> socket.connection().disconnect(socket, close));
        }
    }

    @Override
    public List<SocketView> sockets(BroadcastOptions options) {
        List<SocketView> views = new ArrayList<>();
        namespace
                .rooms()
                .recipients(options.rooms(), options.except())
                .groups()
                .forEach(group -> group.sockets().forEach(socket -> views.add(new LocalSocketView(socket))));
        return views;
    }

    @Override
    public void serverSideEvent(String event, Arguments args, @Nullable Consumer<Arguments> reply) {
        serverSide.handle(event, args, reply);
    }

    /** Learns of one socket's acknowledgement of a broadcast. */
    private record OfSocket(Socket socket, AckReceiver receiver) implements PendingAcks.Receiver {
        @Override
        public void acknowledged(Arguments args) {
            receiver.acknowledged(socket.id(), args);
        }

        @Override
        public void failed(RuntimeException reason) {
            receiver.missed(socket.id(), reason instanceof AckTimeoutException);
        }
    }
}
