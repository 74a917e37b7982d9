package io.sockeye;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.ClusterStats;
import io.sockeye.adapter.LocalRooms;
import io.sockeye.adapter.RecoveryStats;
import io.sockeye.adapter.UserRoom;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.ReservedEvents;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A part of the application with its own middleware, handlers and rooms, which clients join over one connection ({@link
 * SocketIoServer#of}).
 *
 * <p>Thread-safe.
 */
public final class Namespace extends Broadcaster {
    private static final int RETIRED = Integer.MIN_VALUE;

    private final String name;
    private final SocketIoServer server;
    private final LocalRooms<Socket> rooms =
            LocalRooms.groupedBy(socket -> socket.connection().session().eventLoop());
    private final LocalDelivery delivery;
    private final Adapter adapter;
    private final ServerSideEvents serverSide;
    private final BroadcastTarget target = new BroadcastTarget.One(this);
    private final BroadcastOperator everybody = new BroadcastOperator(target, BroadcastOptions.DEFAULT);
    /** Null unless clients are brought back. */
    private final @Nullable Recovery recovery;

    private final List<Middleware.Async> middleware = new CopyOnWriteArrayList<>();
    private final List<SocketHandler> connectionHandlers = new CopyOnWriteArrayList<>();
    private final AtomicLong ackIds = new AtomicLong();
    private final @Nullable ParentNamespace parent;
    /** Whether a socket has ever wanted to hear what is sent to it; otherwise broadcasts need not ask each of them. */
    private volatile boolean outgoingHeard;
    /** Sockets that are here or being admitted, and one more when kept; {@link #RETIRED} once it has gone down to none. */
    private final AtomicInteger users = new AtomicInteger();

    private final AtomicBoolean kept = new AtomicBoolean();

    Namespace(String name, SocketIoServer server, AdapterFactory adapters, @Nullable ParentNamespace parent) {
        this.name = name;
        this.server = server;
        this.parent = parent;
        this.serverSide = new ServerSideEvents(server.execution());
        this.delivery = new LocalDelivery(this, serverSide);
        this.adapter = adapters.create(delivery);
        this.recovery = Recovery.of(server.config(), adapter);
    }

    /** The name, with its leading slash. */
    public String name() {
        return name;
    }

    /** Adds middleware, behind what was added before. */
    public void use(Middleware middleware) {
        useAsync(socket -> {
            middleware.accept(socket);
            return Middleware.ACCEPTED;
        });
    }

    /** Adds middleware that decides later, behind what was added before. */
    public void useAsync(Middleware.Async middleware) {
        this.middleware.add(middleware);
    }

    /**
     * Runs the handler for every socket that joins this namespace. An exception goes to the server's error hooks and the socket
     * stays; but a {@link ConnectError}, which comes too late to refuse the client, disconnects it.
     */
    public void onConnection(SocketHandler handler) {
        connectionHandlers.add(handler);
    }

    /** How many servers there are, this one among them. */
    public CompletableFuture<Integer> serverCount() {
        return told(adapter.serverCount());
    }

    /**
     * Sends an event to the other servers of the cluster, where {@link #onServerSide} handlers of this namespace receive it; not
     * to this server, and to no client. With the default adapter there are no others.
     *
     * @return whether the adapter took it
     * @throws IllegalArgumentException when the name is reserved
     */
    public boolean serverSideEmit(String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        return adapter.serverSideEmit(event, Arguments.of(args));
    }

    /**
     * As {@link #serverSideEmit}, and gathers one answer of each of the other servers, for 5 s at most. Never fails for want of
     * an answer: the result tells how many are missing. May complete within the call.
     */
    public CompletableFuture<ServerAnswers> serverSideEmitWithAck(String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        return told(adapter.serverSideEmitWithAck(event, Arguments.of(args), BroadcastOperator.DEFAULT_TIMEOUT))
                .thenApply(answers -> new ServerAnswers(answers.received(), answers.missing()));
    }

    /**
     * Runs the handler for each event of that name that another server sends ({@link #serverSideEmit}): one at a time, in the
     * order in which they come. An exception is logged.
     */
    public void onServerSide(String event, EventHandler handler) {
        serverSide.on(event, handler);
    }

    /** Runs the handler with the first argument of each event of that name that another server sends. */
    public <A> void onServerSide(String event, Class<A> first, EventHandler.Of1<A> handler) {
        serverSide.on(event, e -> handler.handle(ServerSideEvents.bound(e, first)));
    }

    /** Runs the handler with the first argument and the answer of each event of that name that another server sends. */
    public <A> void onServerSide(String event, Class<A> first, EventHandler.Of1Ack<A> handler) {
        serverSide.on(event, e -> handler.handle(ServerSideEvents.bound(e, first), e.ack()));
    }

    /** Removes every {@link #onServerSide} handler of an event. */
    public void offServerSide(String event) {
        serverSide.off(event);
    }

    /**
     * Watches who is in a room, on all nodes of the cluster but Node.js servers, until it is closed.
     *
     * @param room a room; of a socket's own id nothing is told
     */
    public Presence presence(String room) {
        return new Presence(room, adapter, server.execution());
    }

    /** Watches the sockets of a user ({@link Socket#userId(String)}), as {@link #presence} the sockets in a room. */
    public Presence presenceOfUser(String userId) {
        return presence(UserRoom.of(userId));
    }

    /** How many sockets of this node are connected to the namespace. */
    public int socketCount() {
        return rooms.size();
    }

    /** The sockets of this node that are connected to the namespace. A snapshot. */
    public Collection<Socket> sockets() {
        List<Socket> sockets = new ArrayList<>(rooms.size());
        rooms.recipients(Set.of(), Set.of()).groups().forEach(group -> sockets.addAll(group.sockets()));
        return sockets;
    }

    /** What is kept on this node for clients that may come back; null unless {@link ConnectionStateRecovery} is on. */
    public @Nullable RecoveryStats recoveryStats() {
        return recovery == null ? null : recovery.store().stats();
    }

    /** What this node has exchanged with others of the cluster; null when the adapter joins none. */
    public @Nullable ClusterStats clusterStats() {
        return adapter.clusterStats();
    }

    /** This node's socket of that id; null when there is none. */
    public @Nullable Socket socket(String id) {
        return rooms.socket(id);
    }

    @Override
    public String toString() {
        return "Namespace " + name;
    }

    boolean broadcast(String event, Arguments args, BroadcastOptions options) {
        ReservedEvents.check(event);
        return adapter.broadcast(new SocketPacket.Event(name, SocketPacket.NO_ID, event, args), options);
    }

    CompletableFuture<Acknowledgements> broadcastWithAck(
            String event, @Nullable Object[] args, BroadcastOptions options, Duration timeout) {
        ReservedEvents.check(event);
        return adapter.broadcastWithAck(
                        new SocketPacket.Event(name, SocketPacket.NO_ID, event, Arguments.of(args)), options, timeout)
                .thenApplyAsync(Namespace::acknowledgements, server.execution().completions());
    }

    private static Acknowledgements acknowledgements(AckAnswers answers) {
        return new Acknowledgements(
                answers.received().stream()
                        .map(answer -> new Acknowledgements.Answer(answer.socketId(), answer.args()))
                        .toList(),
                answers.missing(),
                answers.missingNodes());
    }

    /**
     * What the cluster answers, for the application: what is chained to it does not run on the threads on which nodes talk to
     * each other.
     */
    <T> CompletableFuture<T> told(CompletableFuture<T> answers) {
        return answers.isDone()
                ? answers
                : answers.whenCompleteAsync(
                        (value, error) -> {}, server.execution().completions());
    }

    SocketIoServer server() {
        return server;
    }

    EncodedPacket encode(String event, long ackId, @Nullable Object[] args, boolean compress) {
        return server.encoder().event(name, ackId, event, args, compress);
    }

    EncodedPacket encode(String event, Arguments args, boolean compress) {
        return server.encoder().event(name, SocketPacket.NO_ID, event, args, compress);
    }

    EncodedPacket encodeAck(long ackId, Arguments args) {
        return server.encoder().ack(name, ackId, args, /* compressible= */ true);
    }

    EncodedPacket encodeAck(long ackId, @Nullable Object[] args) {
        return server.encoder().ack(name, ackId, args, /* compressible= */ true);
    }

    @Nullable ArgumentValidator validator() {
        return server.config().validator();
    }

    JsonMapper jsonMapper() {
        return server.config().jsonMapper();
    }

    LocalRooms<Socket> rooms() {
        return rooms;
    }

    BroadcastTarget target() {
        return target;
    }

    /** Null unless clients are brought back. */
    @Nullable Recovery recovery() {
        return recovery;
    }

    Adapter adapter() {
        return adapter;
    }

    /** Does something on a connection's event loop, behind what was emitted before; false when the loop has ended. */
    boolean behindEmitted(ClientConnection connection, Runnable task) {
        return deferred(connection, task) || connection.execute(task);
    }

    /** The same, where there is something that was emitted before and has not been sent; otherwise answers false. */
    boolean deferred(ClientConnection connection, Runnable task) {
        return adapter.defer(() -> delivery.line(connection, task));
    }

    List<Middleware.Async> middleware() {
        return middleware;
    }

    long nextAckId() {
        return ackIds.getAndIncrement();
    }

    void admit(Socket socket) {
        rooms.add(socket.id(), socket);
    }

    /** Counts one more user; false when the namespace has been forgotten, and another of that name may be made. */
    boolean enter() {
        int before;
        do {
            before = users.get();
            if (before == RETIRED) {
                return false;
            }
        } while (!users.compareAndSet(before, before + 1));
        return true;
    }

    /** A user has gone. One that was made on demand is forgotten with the last. */
    void exit() {
        if (users.decrementAndGet() == 0 && users.compareAndSet(0, RETIRED)) {
            server.forget(this);
        }
    }

    /** Makes it stay without users; false when it has been forgotten. */
    boolean keep() {
        if (kept.get()) {
            return true;
        }
        if (!enter()) {
            return false;
        }
        if (!kept.compareAndSet(false, true)) {
            exit();
        }
        return true;
    }

    @Nullable ParentNamespace parent() {
        return parent;
    }

    /** The client has been told that it is in: application code may run. */
    void connected(Socket socket) {
        for (SocketHandler handler : connectionHandlers) {
            socket.mailbox().add(() -> {
                try {
                    handler.handle(socket);
                } catch (Throwable e) { // application code: one hook learns of whatever it throws
                    handlerFailed(socket, "connection", e);
                    if (e instanceof ConnectError) {
                        socket.disconnect(); // too late to refuse it, and it is not meant to be here
                    }
                }
            });
        }
    }

    void remove(Socket socket) {
        adapter.leaveAll(socket.id());
        exit();
    }

    void handlerFailed(Socket socket, @Nullable String event, Throwable error) {
        server.handlerFailed(socket, event, error);
    }

    void logHandlerFailure(String event, Throwable error) {
        server.logHandlerFailure(event, error);
    }

    void tellErrorHooks(Socket socket, String event, Throwable error) {
        server.tellErrorHooks(socket, event, error);
    }

    boolean hasErrorHooks() {
        return server.hasErrorHooks();
    }

    void middlewareFailed(Socket socket, Throwable error) {
        server.middlewareFailed(socket, error);
    }

    /** The server closes its sessions: none is let go any more before its time. */
    void stopSweeping() {
        if (recovery != null) {
            recovery.stop();
        }
    }

    void close() {
        stopSweeping();
        adapter.close();
    }

    /** Does something for sockets that share an event loop: one hand-over for all of them. False when the loop has ended. */
    static boolean onLoopOf(LocalRooms.Group<Socket> group, Consumer<Socket> action) {
        List<Socket> sockets = group.sockets();
        return sockets.get(0).connection().execute(() -> sockets.forEach(action));
    }

    /** A socket hears what is sent to it. */
    void outgoingIsHeard() {
        outgoingHeard = true;
    }

    void tellListeners(LocalRooms.Recipients<Socket> recipients, String event, Arguments args) {
        if (outgoingHeard) {
            recipients
                    .groups()
                    .forEach(group ->
                            group.sockets().forEach(socket -> socket.outbox().tell(event, args)));
        }
    }

    @Override
    BroadcastOperator everybody() {
        return everybody;
    }
}
