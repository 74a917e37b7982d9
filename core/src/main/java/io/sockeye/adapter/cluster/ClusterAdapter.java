package io.sockeye.adapter.cluster;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.ClusterStats;
import io.sockeye.adapter.InMemoryAdapter;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.RoomListener;
import io.sockeye.adapter.RoomWatch;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/*
 * How it works. Everything that concerns other nodes is published first and then done here, by the adapter of a node that stands
 * alone; the receivers do the same with it. So the order in which one thread says things is their order everywhere, and what
 * cannot be published is done here all the same. Questions wait in ClusterRequests for answers of everybody whom Membership knows,
 * and of as many foreign nodes as the broker counts.
 */

/**
 * Joins the namespaces of several nodes over a {@link ClusterDriver}: what is said on one of them is done on all. The meaning of
 * each operation is that of the reference's cluster adapter (socket.io-adapter), but that no operation fails for want of an
 * answer, and that dead nodes are not waited for. Keeps no sessions: {@code connectionStateRecovery} needs an adapter whose way to
 * the other nodes is a log.
 *
 * <p>Thread-safe.
 */
public final class ClusterAdapter implements Adapter {
    private final LocalNamespace local;
    /** What is done on this node. */
    private final Adapter here;

    private final ClusterSettings settings;
    private final Outbound out;
    private final Membership membership;
    private final ClusterRequests requests;
    private final ClusterPresence presence;
    private final ClusterReceiver receiver;
    private volatile boolean closed;

    /**
     * Makes one adapter per namespace, with the default settings.
     *
     * @param drivers connects the namespaces to those of other nodes
     */
    public static AdapterFactory factory(ClusterDriver.Factory drivers) {
        return factory(drivers, ClusterSettings.defaults());
    }

    /**
     * Makes one adapter per namespace.
     *
     * @param drivers connects the namespaces to those of other nodes
     */
    public static AdapterFactory factory(ClusterDriver.Factory drivers, ClusterSettings settings) {
        Outage outage = new Outage();
        return local -> {
            if (local.recovery() != null) {
                throw new IllegalStateException("connectionStateRecovery: this adapter keeps no sessions across nodes"
                        + " (expected: one whose way to the other nodes is a log, as Redis streams)");
            }
            return create(local, drivers, settings, outage);
        };
    }

    /** Makes one that keeps no sessions, whatever the server was told. */
    static ClusterAdapter create(
            LocalNamespace local, ClusterDriver.Factory drivers, ClusterSettings settings, Outage outage) {
        ClusterAdapter adapter = new ClusterAdapter(local, drivers, settings, outage);
        adapter.start();
        return adapter;
    }

    private ClusterAdapter(
            LocalNamespace local, ClusterDriver.Factory drivers, ClusterSettings settings, Outage outage) {
        this.local = local;
        this.here = InMemoryAdapter.withoutSessions().create(local);
        this.settings = settings;
        this.receiver = new ClusterReceiver(local, here, settings, outage);
        this.out = new Outbound(drivers.connect(local.name(), receiver), outage);
        this.membership = new Membership(local, out, settings, new Membership.Listener() {
            @Override
            public void came(String uid) {
                presence.came();
            }

            @Override
            public void gone(String uid) {
                requests.gone(uid);
                presence.gone(uid);
            }

            @Override
            public void beat() {
                presence.beat();
            }
        });
        this.presence = new ClusterPresence(out, membership, local.rooms());
        this.requests = new ClusterRequests(local, out, membership, settings.maxRequests());
    }

    private void start() {
        receiver.start(out, membership, requests, presence);
        local.rooms().listen(new RoomListener() {
            @Override
            public void created(String room) {
                out.roomCreated(room);
            }

            @Override
            public void deleted(String room) {
                out.roomDeleted(room);
            }

            @Override
            public boolean wantsOwnRooms() {
                return out.wantsOwnRooms();
            }

            @Override
            public void watched(String room, Set<String> socketIds) {
                presence.rooms().watched(room, socketIds);
            }

            @Override
            public void joined(String room, String socketId) {
                presence.rooms().joined(room, socketId);
            }

            @Override
            public void left(String room, String socketId) {
                presence.rooms().left(room, socketId);
            }
        });
        membership.start();
    }

    @Override
    public void join(String socketId, Collection<String> rooms) {
        here.join(socketId, rooms);
    }

    @Override
    public void leave(String socketId, String room) {
        here.leave(socketId, room);
    }

    @Override
    public void leaveAll(String socketId) {
        here.leaveAll(socketId);
    }

    @Override
    public Set<String> rooms(String socketId) {
        return here.rooms(socketId);
    }

    @Override
    public Set<String> sockets(Set<String> rooms) {
        return here.sockets(rooms);
    }

    /** False also when only this node's sockets get it. */
    @Override
    public boolean broadcast(SocketPacket.Event packet, BroadcastOptions options) {
        if (options.local()) {
            return here.broadcast(packet, options);
        }
        SocketPacket.Event written = written(packet);
        boolean published = publish(new ClusterMessage.Broadcast(written, options, null));
        return here.broadcast(written, options) && published;
    }

    @Override
    public CompletableFuture<AckAnswers> broadcastWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout) {
        if (options.local() || closed) {
            return here.broadcastWithAck(packet, options, timeout);
        }
        SocketPacket.Event written = written(packet);
        AckRequest request = new AckRequest();
        ClusterMessage.AckRequest acks = new ClusterMessage.AckRequest(request.id(), timeout);
        requests.ask(request, new ClusterMessage.Broadcast(written, options, acks), timeout, out.uid());
        local.deliverWithAck(written, options, timeout, new LocalNamespace.AckReceiver() {
            @Override
            public void sentTo(int count) {
                requests.settle(request, request.sentTo(out.uid(), count));
            }

            @Override
            public void acknowledged(String socketId, Arguments args) {
                requests.settle(request, request.acknowledged(out.uid(), socketId, args));
            }

            @Override
            public void missed(String socketId, boolean late) {
                requests.settle(request, request.missed(out.uid(), socketId));
            }
        });
        return request.future();
    }

    /** What is written once need not be written again for every way that it takes. */
    private SocketPacket.Event written(SocketPacket.Event packet) {
        return new SocketPacket.Event(packet.namespace(), packet.id(), packet.name(), local.written(packet.args()));
    }

    private boolean publish(ClusterMessage message) {
        return !closed && out.publish(message);
    }

    @Override
    public void socketsJoin(BroadcastOptions options, Collection<String> rooms) {
        if (!options.local()) {
            publish(new ClusterMessage.SocketsJoin(options, Set.copyOf(rooms)));
        }
        here.socketsJoin(options, rooms);
    }

    @Override
    public void socketsLeave(BroadcastOptions options, Collection<String> rooms) {
        if (!options.local()) {
            publish(new ClusterMessage.SocketsLeave(options, Set.copyOf(rooms)));
        }
        here.socketsLeave(options, rooms);
    }

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        if (!options.local()) {
            publish(new ClusterMessage.DisconnectSockets(options, close));
        }
        here.disconnectSockets(options, close);
    }

    @Override
    public CompletableFuture<NodeAnswers<SocketView>> fetchSockets(BroadcastOptions options, Duration timeout) {
        if (options.local() || closed) {
            return here.fetchSockets(options, timeout);
        }
        GatherRequest.OfSockets request = new GatherRequest.OfSockets();
        request.add(local.sockets(options));
        requests.ask(request, new ClusterMessage.FetchSockets(request.id(), options), timeout, null);
        return request.future();
    }

    /** Foreign nodes know no such question: where there are any, the sockets are fetched and counted. */
    @Override
    public CompletableFuture<NodeAnswers<Integer>> countSockets(BroadcastOptions options, Duration timeout) {
        if (options.local() || closed) {
            return here.countSockets(options, timeout);
        }
        CompletableFuture<Integer> foreign = new CompletableFuture<>();
        foreignNodes(foreign::complete);
        return foreign.thenCompose(
                nodes -> nodes > 0 ? Adapter.super.countSockets(options, timeout) : count(options, timeout));
    }

    private CompletableFuture<NodeAnswers<Integer>> count(BroadcastOptions options, Duration timeout) {
        GatherRequest.OfCounts request = new GatherRequest.OfCounts();
        request.add(List.of(local.count(options)));
        requests.ask(request, new ClusterMessage.CountSockets(request.id(), options), timeout, null);
        return request.future();
    }

    @Override
    public RoomWatch watchRoom(String room, RoomWatch.Listener listener) {
        return presence.watch(room, listener);
    }

    /** By the broker's count and the heartbeats; by these alone when the broker does not answer in time. */
    @Override
    public CompletableFuture<Integer> serverCount() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        foreignNodes(foreign -> answer.complete(1 + membership.size() + foreign));
        return answer;
    }

    /** Asks the broker how many foreign nodes there are, and takes what it lately was when it does not answer in time. */
    private void foreignNodes(IntConsumer receiver) {
        AtomicBoolean told = new AtomicBoolean();
        IntConsumer once = foreign -> {
            if (told.compareAndSet(false, true)) {
                receiver.accept(foreign);
            }
        };
        LocalNamespace.Scheduled deadline =
                local.schedule(() -> once.accept(membership.usualForeignNodes()), settings.requestTimeout());
        membership.foreignNodes().thenAccept(foreign -> {
            deadline.cancel();
            once.accept(foreign);
        });
    }

    @Override
    public boolean serverSideEmit(String event, Arguments args) {
        return publish(new ClusterMessage.ServerSideEmit(null, event, local.written(args)));
    }

    @Override
    public CompletableFuture<NodeAnswers<Arguments>> serverSideEmitWithAck(
            String event, Arguments args, Duration timeout) {
        GatherRequest.OfArguments request = new GatherRequest.OfArguments();
        ClusterMessage question = new ClusterMessage.ServerSideEmit(request.id(), event, local.written(args));
        requests.ask(request, question, timeout, null);
        return request.future();
    }

    @Override
    public ClusterStats clusterStats() {
        return new ClusterStats(
                membership.size(),
                receiver.isConnected(),
                out.published.sum(),
                out.refused.sum(),
                receiver.received(),
                receiver.failed(),
                requests.timedOut(),
                requests.size());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        here.close();
        receiver.close();
        membership.close();
        out.publish(new ClusterMessage.AdapterClose());
        requests.close();
        out.close();
    }
}
