package io.sockeye.adapter.cluster;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.ClusterStats;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.adapter.RoomWatch;
import io.sockeye.adapter.SessionStore;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection state recovery across the nodes of a cluster: broadcasts, and what is done to sockets by their rooms, goes through a
 * {@link LogDriver}'s log, whose order is the order in which every client of every node sees it; sessions are kept with the driver,
 * so that any node can take them up. Everything else is another adapter's affair.
 *
 * <p>Thread-safe.
 */
public final class RecoveringClusterAdapter implements Adapter {
    private static final Logger log = LoggerFactory.getLogger(RecoveringClusterAdapter.class);

    private final LocalNamespace local;
    private final LogDriver driver;
    private final ClusterSessions sessions;
    private final LogDelivery delivery;
    private final Adapter rest;

    /** What the driver has told before the adapter was complete. Guarded by its monitor. */
    private final List<Runnable> early = new ArrayList<>(0);

    private volatile boolean complete;
    /** What the adapter for everything else listens to; null until it has connected. */
    private volatile ClusterDriver.@Nullable Receiver restReceiver;

    private RecoveringClusterAdapter(
            LocalNamespace local,
            LogDriver.Factory drivers,
            RecoverySettings settings,
            ClusterSettings cluster,
            Duration patience,
            Outage outage) {
        this.local = local;
        this.driver = drivers.connect(local.name(), new Incoming());
        this.sessions = new ClusterSessions(
                local, driver, settings, doubts -> new LogDelivery(local, driver, settings, patience, doubts));
        this.delivery = sessions.delivery();
        this.rest = ClusterAdapter.create(
                local,
                (namespace, receiver) -> {
                    restReceiver = receiver;
                    return new Shared();
                },
                cluster,
                outage);
    }

    /**
     * Makes one adapter per namespace of a server with connection state recovery.
     *
     * @param drivers connects the namespaces to the log, and to those of other nodes
     * @param patience how long an event waits to be read from the log before it is delivered without; 2 s is a good value
     * @throws IllegalStateException of the adapters' factory, when the server is without connection state recovery
     */
    public static AdapterFactory factory(LogDriver.Factory drivers, ClusterSettings cluster, Duration patience) {
        Outage outage = new Outage();
        return local -> {
            RecoverySettings settings = local.recovery();
            if (settings == null) {
                throw new IllegalStateException("connectionStateRecovery is off (expected: on, or a ClusterAdapter)");
            }
            RecoveringClusterAdapter adapter =
                    new RecoveringClusterAdapter(local, drivers, settings, cluster, patience, outage);
            adapter.complete();
            return adapter;
        };
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public void join(String socketId, Collection<String> rooms) {
        sessions.join(List.of(socketId), rooms);
    }

    @Override
    public void leave(String socketId, String room) {
        sessions.leave(List.of(socketId), List.of(room));
    }

    @Override
    public void leaveAll(String socketId) {
        sessions.leave(socketId);
    }

    @Override
    public Set<String> rooms(String socketId) {
        return local.rooms().roomsOf(socketId);
    }

    @Override
    public Set<String> sockets(Set<String> rooms) {
        return local.rooms().sockets(rooms, Set.of());
    }

    @Override
    public boolean broadcast(SocketPacket.Event packet, BroadcastOptions options) {
        return delivery.emit(packet, options, /* toOne= */ false);
    }

    @Override
    public boolean emit(String socketId, SocketPacket.Event packet, BroadcastOptions options) {
        return delivery.emit(packet, options.to(Set.of(socketId)), /* toOne= */ true);
    }

    /** Such packets have no offset and are not logged: an acknowledgement cannot be asked for later. */
    @Override
    public CompletableFuture<AckAnswers> broadcastWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout) {
        CompletableFuture<AckAnswers> answers = new CompletableFuture<>();
        SocketPacket.Event written =
                new SocketPacket.Event(packet.namespace(), packet.id(), packet.name(), local.written(packet.args()));
        boolean deferred = delivery.defer(() -> () -> {
            CompletableFuture<?> ignored =
                    rest.broadcastWithAck(written, options, timeout).thenAccept(answers::complete);
        });
        return deferred ? answers : rest.broadcastWithAck(written, options, timeout);
    }

    @Override
    public boolean defer(Supplier<Runnable> task) {
        return delivery.defer(task);
    }

    @Override
    public void socketsJoin(BroadcastOptions options, Collection<String> rooms) {
        announce(options, new ClusterMessage.SocketsJoin(options, Set.copyOf(rooms)));
        sessions.join(named(options, /* own= */ 0), rooms);
    }

    @Override
    public void socketsLeave(BroadcastOptions options, Collection<String> rooms) {
        announce(options, new ClusterMessage.SocketsLeave(options, Set.copyOf(rooms)));
        sessions.leave(named(options, /* own= */ 0), rooms);
    }

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        announce(options, new ClusterMessage.DisconnectSockets(options, close));
        if (!delivery.defer(() -> () -> local.disconnectSockets(options, close))) {
            local.disconnectSockets(options, close);
        }
    }

    private void announce(BroadcastOptions options, ClusterMessage message) {
        if (!options.local()) {
            LogDriver.Draft draft = driver.draft(message);
            synchronized (delivery.order) {
                delivery.append(draft);
            }
        }
    }

    @Override
    public CompletableFuture<NodeAnswers<SocketView>> fetchSockets(BroadcastOptions options, Duration timeout) {
        return rest.fetchSockets(options, timeout);
    }

    @Override
    public CompletableFuture<NodeAnswers<Integer>> countSockets(BroadcastOptions options, Duration timeout) {
        return rest.countSockets(options, timeout);
    }

    /** A socket whose session waits for its client has left. */
    @Override
    public RoomWatch watchRoom(String room, RoomWatch.Listener listener) {
        return rest.watchRoom(room, listener);
    }

    @Override
    public @Nullable ClusterStats clusterStats() {
        return rest.clusterStats();
    }

    @Override
    public CompletableFuture<Integer> serverCount() {
        return rest.serverCount();
    }

    @Override
    public boolean serverSideEmit(String event, Arguments args) {
        return rest.serverSideEmit(event, args);
    }

    @Override
    public CompletableFuture<NodeAnswers<Arguments>> serverSideEmitWithAck(
            String event, Arguments args, Duration timeout) {
        return rest.serverSideEmitWithAck(event, args, timeout);
    }

    @Override
    public void close() {
        delivery.close();
        sessions.close();
        rest.close();
        driver.close();
    }

    private void logged(LogDriver.Entry entry) {
        ClusterMessage message = delivery.logged(entry);
        if (message != null) {
            boolean own = entry.sequence() > 0 && entry.uid().equals(driver.uid());
            done(entry.uid(), message, own ? entry.sequence() : 0);
        }
        sessions.arrived();
    }

    /**
     * Something was done to sockets by their rooms.
     *
     * @param own the number under which this node has appended it, which has done it then; 0 for another node
     */
    private void done(String uid, ClusterMessage message, long own) {
        if (message instanceof ClusterMessage.SocketsJoin join) {
            sessions.join(named(join.options(), own), join.rooms());
        } else if (message instanceof ClusterMessage.SocketsLeave leave) {
            sessions.leave(named(leave.options(), own), leave.rooms());
        } else if (message instanceof ClusterMessage.DisconnectSockets disconnect) {
            if (own == 0) {
                local.disconnectSockets(disconnect.options(), disconnect.close());
            } else {
                named(disconnect.options(), own)
                        .forEach(id ->
                                local.disconnectSockets(BroadcastOptions.DEFAULT.to(Set.of(id)), disconnect.close()));
            }
        } else if (own == 0) {
            received(uid, message);
        }
    }

    private Collection<String> named(BroadcastOptions options, long own) {
        Set<String> here = local.rooms().sockets(options.rooms(), options.except());
        return own == 0 ? here : sessions.arrivedBehind(own, here);
    }

    private void received(String uid, ClusterMessage message) {
        if (message instanceof ClusterMessage.SessionTaken taken) {
            if (taken.owner().equals(driver.uid())) {
                sessions.takenElsewhere(taken.socketId());
            }
            return;
        }
        tell(receiver -> receiver.received(uid, message));
    }

    private void complete() {
        synchronized (early) {
            early.forEach(RecoveringClusterAdapter::guarded);
            early.clear();
            complete = true;
        }
    }

    /** Does what the driver has told, once the adapter is complete. */
    private void told(Runnable task) {
        if (!complete) {
            synchronized (early) {
                if (!complete) {
                    early.add(task);
                    return;
                }
            }
        }
        guarded(task);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) { // what follows is not to suffer, nor the driver
            log.error("what the log says could not be done", e);
        }
    }

    private void tell(Consumer<ClusterDriver.Receiver> what) {
        ClusterDriver.Receiver receiver = restReceiver;
        if (receiver != null) {
            what.accept(receiver);
        }
    }

    /** What the driver tells. */
    private final class Incoming implements LogDriver.Receiver {
        @Override
        public void started(long position) {
            told(() -> sessions.started(position));
        }

        @Override
        public void logged(LogDriver.Entry entry) {
            told(() -> RecoveringClusterAdapter.this.logged(entry));
        }

        @Override
        public void gap(long position) {
            told(() -> {
                log.warn("{}: entries of the log were dropped before this node could read them", local.name());
                sessions.gap(position);
            });
        }

        @Override
        public void tick() {
            told(() -> {
                delivery.tick();
                sessions.arrived();
            });
        }

        @Override
        public void received(String uid, ClusterMessage message) {
            told(() -> RecoveringClusterAdapter.this.received(uid, message));
        }

        @Override
        public void disconnected() {
            told(() -> tell(ClusterDriver.Receiver::disconnected));
        }

        @Override
        public void connected() {
            told(() -> {
                sessions.connected();
                tell(ClusterDriver.Receiver::connected);
            });
        }
    }

    /** The driver, as the adapter for everything else has it. */
    private final class Shared implements ClusterDriver {
        @Override
        public String uid() {
            return driver.uid();
        }

        @Override
        public boolean publish(ClusterMessage message) {
            return driver.publish(message);
        }

        @Override
        public boolean respond(String uid, ClusterMessage.Response response) {
            return driver.respond(uid, response);
        }

        @Override
        public CompletionStage<OptionalInt> nodeCount() {
            return driver.nodeCount();
        }

        @Override
        public void roomCreated(String room) {
            driver.roomCreated(room);
        }

        @Override
        public void roomDeleted(String room) {
            driver.roomDeleted(room);
        }

        /** Nothing: the other half still needs it. */
        @Override
        public void close() {}
    }
}
