package io.sockeye.adapter.cluster;

import io.sockeye.adapter.Adapter;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One namespace of one server, whose clients are lists of what they got. For the test's thread. */
final class TestNode implements LocalNamespace {
    private final ClusterFixture fixture;
    final String name;
    private final LocalRooms<Client> rooms = LocalRooms.groupedBy(client -> "loop");
    final Map<String, Client> clients = new HashMap<>();

    /** Server-side events, and how they are answered; null for not at all. */
    final List<String> events = new ArrayList<>();

    @Nullable Object answer;

    Adapter adapter;

    TestNode(ClusterFixture fixture, String name) {
        this.fixture = fixture;
        this.name = name;
    }

    /** A client of this node. */
    final class Client {
        final String id;
        final List<String> received = new ArrayList<>();
        private final Map<String, AckReceiver> asked = new HashMap<>();

        Client(String id) {
            this.id = id;
        }

        TestNode node() {
            return TestNode.this;
        }

        Client join(String... names) {
            adapter.join(id, List.of(names));
            return this;
        }

        void acknowledge(String event, Object value) {
            asked.remove(event).acknowledged(id, Arguments.of(value));
        }

        void leave() {
            adapter.leaveAll(id);
            clients.remove(id);
            asked.values().forEach(receiver -> receiver.missed(id, false));
            asked.clear();
        }

        List<String> take() {
            List<String> all = List.copyOf(received);
            received.clear();
            return all;
        }
    }

    Client client(String id) {
        Client client = new Client(id);
        clients.put(id, client);
        rooms.add(id, client);
        return client;
    }

    @Override
    public String name() {
        return "/";
    }

    @Override
    public LocalRooms<?> rooms() {
        return rooms;
    }

    @Override
    public Arguments written(Arguments args) {
        return Arguments.of(args.toArray());
    }

    @Override
    public void deliver(SocketPacket.Event packet, BroadcastOptions options) {
        recipients(options).forEach(client -> client.received.add(packet.name() + packet.args()));
    }

    @Override
    public void deliverWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout, AckReceiver receiver) {
        Collection<Client> recipients = recipients(options);
        receiver.sentTo(recipients.size());
        for (Client client : recipients) {
            client.received.add(packet.name() + packet.args());
            client.asked.put(packet.name(), receiver);
            fixture.scheduleForClient(
                    () -> {
                        if (client.asked.remove(packet.name(), receiver)) {
                            receiver.missed(client.id, true);
                        }
                    },
                    timeout);
        }
    }

    private List<Client> recipients(BroadcastOptions options) {
        List<Client> all = new ArrayList<>();
        rooms.recipients(options.rooms(), options.except()).groups().forEach(group -> all.addAll(group.sockets()));
        return all;
    }

    @Override
    public EncodedPacket encode(SocketPacket.Event packet, BroadcastOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Runnable line(
            EncodedPacket encoded, SocketPacket.Event packet, BroadcastOptions options, @Nullable String target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Runnable line(
            EncodedPacket encoded,
            SocketPacket.Event packet,
            boolean volatileFlag,
            LocalRooms.Recipients<?> recipients) {
        throw new UnsupportedOperationException();
    }

    @Override
    public JsonNode toJson(Object data) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void takenOver(String socketId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable RecoverySettings recovery() {
        return null;
    }

    @Override
    public long nanoTime() {
        return fixture.nanoTime();
    }

    @Override
    public Scheduled schedule(Runnable task, Duration delay) {
        return fixture.schedule(this, task, delay);
    }

    @Override
    public void sessionGone() {}

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        for (Client client : recipients(options)) {
            client.received.add(close ? "closed" : "disconnected");
            client.leave();
        }
    }

    @Override
    public List<SocketView> sockets(BroadcastOptions options) {
        List<SocketView> views = new ArrayList<>();
        for (Client client : recipients(options)) {
            views.add(new View(client.id, rooms.roomsOf(client.id)));
        }
        return views;
    }

    /** Sockets of those ids, in no room. */
    List<SocketView> views(String... ids) {
        return Stream.of(ids).<SocketView>map(id -> new View(id, Set.of(id))).toList();
    }

    private record View(String id, Set<String> rooms) implements SocketView {
        @Override
        public JsonNode handshake() {
            return JsonNodeFactory.instance.objectNode().put("of", id);
        }

        @Override
        public JsonNode data() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    @Override
    public void serverSideEvent(String event, Arguments args, @Nullable Consumer<Arguments> reply) {
        events.add(event + args);
        if (reply != null && answer != null) {
            reply.accept(Arguments.of(answer));
        }
    }
}
