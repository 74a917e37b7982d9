package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.UserRoom;
import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to one namespace.
 *
 * <p>States: <em>connecting</em> while middleware decides; <em>connected</em> from then on; <em>disconnected</em> for good
 * once either side has left, when {@link #onDisconnecting} and then {@link #onDisconnect} handlers run.
 *
 * <p>Thread-safe. Handlers run one at a time and in order.
 */
public final class Socket extends SocketEvents implements EventEmitter {
    private final String id;
    private final Namespace namespace;
    private final ClientConnection connection;
    private final EngineSession engine; // the connection's: a broadcast saves a step for each receiver
    private final Handshake handshake;
    private final Mailbox mailbox;
    private final Inbox inbox = new Inbox(this);
    private final Outbox outbox = new Outbox(this);
    private final Lifecycle lifecycle = new Lifecycle();
    /** What outlives the connection; null when nothing does. */
    private final @Nullable SocketSession session;

    /** Written on the event loop only. */
    private volatile State state = State.CONNECTING;
    /**
     * Whether the server has said that the socket is to go. From then on it emits nothing, and events that wait in the mailbox
     * are dropped; the state follows on the event loop.
     */
    private volatile boolean dismissed;
    /** Null unless middleware is deciding. Touched on the event loop only. */
    private @Nullable Admission admission;
    /** Null until first asked for. */
    private volatile @Nullable SocketData data;
    /** Null unless tied to one. Not changed after the admission. */
    private volatile @Nullable String user;

    Socket(
            String id,
            Namespace namespace,
            ClientConnection connection,
            Arguments auth,
            @Nullable SocketSession session) {
        this.id = id;
        this.session = session;
        this.namespace = namespace;
        this.connection = connection;
        this.engine = connection.session();
        this.handshake = new Handshake(engine.request(), auth);
        this.mailbox = connection.newMailbox();
        if (session != null) {
            this.data = session.data();
            this.user = session.userId();
            session.startBehindEnding(mailbox);
        }
    }

    /** The socket's identifier: 20 characters, public, and different from the identifier of the session it runs over. */
    public String id() {
        return id;
    }

    /** The namespace it is connected to. */
    public Namespace namespace() {
        return namespace;
    }

    /** What the client said when it connected. */
    public Handshake handshake() {
        return handshake;
    }

    /** What the application attaches to the socket. Usable from middleware on, and after the disconnection. */
    public SocketData data() {
        SocketData present = data;
        if (present == null) {
            synchronized (lifecycle) {
                present = data;
                if (present == null) {
                    present = new SocketData(namespace.jsonMapper());
                    data = present;
                }
            }
        }
        return present;
    }

    /**
     * Ties the socket to a user, from its admission on: {@link Broadcaster#toUser} reaches it, on every node, and whoever {@linkplain
     * Namespace#presence watches} a room that it is in learns whose it is. In middleware, before the socket is admitted. The last
     * call counts. A socket that {@linkplain #recovered comes back} is tied already.
     *
     * @param userId what the application calls the user
     * @throws IllegalStateException when the socket has been admitted
     */
    public void userId(String userId) {
        if (userId.isEmpty()) {
            throw new IllegalArgumentException("userId: (empty) (expected: an identifier)");
        }
        if (state != State.CONNECTING || !lifecycle.holdUser(UserRoom.of(userId))) {
            throw new IllegalStateException("userId: the socket has been admitted");
        }
        user = userId;
    }

    /** The user that the socket is tied to; null when it is tied to none. */
    public @Nullable String userId() {
        return user;
    }

    /** Whether it is connected: not while middleware decides, and not after the disconnection. */
    public boolean connected() {
        return state == State.CONNECTED && !dismissed;
    }

    /** The connection below, shared with the client's sockets of other namespaces. */
    public Connection conn() {
        return new Connection(this);
    }

    /**
     * Whether the client has come back with its session: the socket has the id, the rooms and the data that it had, and the
     * client gets what it has missed. False unless {@link SocketIoServerBuilder#connectionStateRecovery} is on.
     */
    public boolean recovered() {
        return session != null && session.recovered();
    }

    /** The name of the transport at this moment: {@code websocket} or {@code polling}. */
    public String transport() {
        return connection.session().transportName();
    }

    /** The rooms it is in, its own id among them. A snapshot; still complete while {@link #onDisconnecting} handlers run. */
    public Set<String> rooms() {
        Set<String> held = lifecycle.rooms();
        if (held != null) {
            return held;
        }
        return Set.copyOf(namespace.adapter().rooms(id));
    }

    /** Joins rooms. Has no effect after the disconnection. Rooms joined by middleware count once the socket is admitted. */
    public void join(String... rooms) {
        join(List.of(rooms));
    }

    /**
     * Joins rooms.
     *
     * @throws IllegalArgumentException when one of them is a user's, see {@link #userId(String)}
     */
    public void join(Collection<String> rooms) {
        UserRoom.refuse(rooms);
        if (state != State.DISCONNECTED && !lifecycle.holdJoin(rooms)) {
            namespace.adapter().join(id, rooms);
        }
    }

    /** Leaves a room. */
    public void leave(String room) {
        UserRoom.refuse(Set.of(room));
        if (state != State.DISCONNECTED && !lifecycle.holdLeave(room)) {
            namespace.adapter().leave(id, room);
        }
    }

    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return outbox.emit(EmitOptions.DEFAULT, event, args);
    }

    @Override
    public boolean emit(String event, Arguments args) {
        return outbox.emit(EmitOptions.DEFAULT, event, args);
    }

    /**
     * Emits an event and waits for the client's acknowledgement, for as long as the socket is connected; see {@link
     * #timeout}.
     */
    public Acknowledgement emitWithAck(String event, @Nullable Object... args) {
        return outbox.emitWithAck(EmitOptions.DEFAULT, event, args);
    }

    /** Emits what is dropped when the connection cannot take it at once. */
    public EmitOperator volatileFlag() {
        return new EmitOperator(outbox, EmitOptions.DEFAULT.withVolatile());
    }

    /** Emits with or without compression. Default: with, where the transport compresses at all. */
    public EmitOperator compress(boolean compress) {
        return new EmitOperator(outbox, EmitOptions.DEFAULT.withCompress(compress));
    }

    /** Emits with a limit on the time until the acknowledgement. */
    public EmitOperator timeout(Duration timeout) {
        return new EmitOperator(outbox, EmitOptions.DEFAULT.withTimeout(timeout));
    }

    /** Broadcasts to every other socket in these rooms. */
    public BroadcastOperator to(String... rooms) {
        return broadcast().to(rooms);
    }

    /** Broadcasts to every other socket in these rooms. */
    public BroadcastOperator in(String... rooms) {
        return broadcast().to(rooms);
    }

    /** Broadcasts to every other socket but those in these rooms. */
    public BroadcastOperator except(String... rooms) {
        return broadcast().except(rooms);
    }

    /** Broadcasts to every other socket of the namespace. */
    public BroadcastOperator broadcast() {
        return new BroadcastOperator(namespace.target(), BroadcastOptions.DEFAULT.except(Set.of(id)));
    }

    /** Runs the handler when the socket disconnects, while {@link #rooms} still tells the rooms it was in. */
    public void onDisconnecting(DisconnectHandler handler) {
        lifecycle.onDisconnecting(handler);
    }

    /**
     * Runs the handler when the socket has disconnected and left its rooms, behind every other handler. A socket that never
     * was connected, because middleware refused it or its connection ended before, does not disconnect: see {@link #onRelease}.
     */
    public void onDisconnect(DisconnectHandler handler) {
        lifecycle.onDisconnect((reason, description) -> handler.handle(reason));
    }

    /** As {@link #onDisconnect(DisconnectHandler)}, with a fixed text on what happened in detail, or null. */
    public void onDisconnect(DisconnectHandler.Detailed handler) {
        lifecycle.onDisconnect(handler);
    }

    /**
     * Runs the task when the socket has ended, whatever its end was: a refusal by middleware, a connection that broke while
     * middleware was deciding, or a disconnection, behind its {@link #onDisconnect} handlers. The place to give back what
     * middleware has reserved. Once the socket has ended it runs at once. Runs where handlers run.
     */
    public void onRelease(Runnable task) {
        if (!lifecycle.onRelease(task)) {
            mailbox.add(() -> Lifecycle.release(this, task));
        }
    }

    /** Disconnects the socket from its namespace; the connection stays for the client's other namespaces. */
    public void disconnect() {
        disconnect(/* close= */ false);
    }

    /**
     * Disconnects the socket. From this call on it is not {@link #connected}, emits nothing, and events that wait for its
     * handlers are dropped. What was emitted before is still sent. A socket that middleware is deciding on is refused. Has no
     * effect after the disconnection.
     *
     * @param close whether to close the whole connection, with all its namespaces
     */
    public void disconnect(boolean close) {
        if (state != State.DISCONNECTED) {
            dismiss();
            namespace.behindEmitted(connection, () -> connection.disconnect(this, close));
        }
    }

    @Override
    public String toString() {
        return "Socket " + id + " of " + namespace.name() + " (" + state + ")";
    }

    /** Whether the client may use it: from its CONNECT on until either side has left. On the event loop. */
    boolean joined() {
        return state == State.CONNECTED;
    }

    /** Whether middleware has not decided yet. */
    boolean connecting() {
        return state == State.CONNECTING;
    }

    /** Whether nothing can be emitted any more. */
    boolean gone() {
        return dismissed || state == State.DISCONNECTED;
    }

    /** Whether the server has said that it is to go: no event is handled any more. */
    boolean dismissed() {
        return dismissed;
    }

    private void dismiss() {
        dismissed = true;
        inbox.dismissed();
    }

    /** Whether either side has left, or it was refused. */
    boolean ended() {
        return state == State.DISCONNECTED;
    }

    /** Sends a packet that is shared with other sockets. On the event loop. */
    void deliver(EncodedPacket packet, boolean volatileFlag) {
        if (state != State.DISCONNECTED && (!volatileFlag || engine.writable())) {
            engine.send(packet);
        }
    }

    @Override
    Inbox inbox() {
        return inbox;
    }

    @Override
    @Nullable ArgumentValidator validator() {
        return namespace.validator();
    }

    @Override
    Outbox outbox() {
        return outbox;
    }

    /** The connection, for those on its event loop. */
    ClientConnection connection() {
        return connection;
    }

    /** Where its handlers run. */
    Mailbox mailbox() {
        return mailbox;
    }

    /** Middleware decides now. On the event loop. */
    void beingAdmitted(Admission by) {
        admission = by;
    }

    /** What outlives the connection; null when nothing does. */
    @Nullable SocketSession session() {
        return session;
    }

    /** Middleware has accepted; false when the session that the client has come back for is not there any more. On the event loop. */
    boolean admitted() {
        endAdmission();
        if (session == null) {
            namespace.admit(this);
        } else if (!session.enter(this)) {
            return false;
        }
        for (Lifecycle.Changes held = lifecycle.takeHeld(); held != null; held = lifecycle.takeHeld()) {
            namespace.adapter().join(id, held.joined());
            held.left().forEach(room -> namespace.adapter().leave(id, room));
        }
        state = State.CONNECTED;
        return true;
    }

    /** Middleware has refused, or the connection ended meanwhile. On the event loop. */
    void refused() {
        endAdmission();
        state = State.DISCONNECTED;
        lifecycle.ended(Set.of());
        outbox.failPendingAcks();
        namespace.exit();
        if (lifecycle.hasReleases()) {
            mailbox.add(() -> lifecycle.runReleases(this));
        }
    }

    private void endAdmission() {
        if (admission != null) {
            admission.ended();
            admission = null;
        }
    }

    /** An event has come in, in that many bytes. On the event loop. */
    void received(SocketPacket.Event packet, long bytes) {
        mailbox.add(EventDispatch.of(this, packet, bytes));
    }

    /**
     * Either side has left. Events that came in before are still handled, unless the server left. On the event loop.
     *
     * @param description a fixed text that says more; null when there is none
     */
    void disconnected(DisconnectReason reason, @Nullable String description) {
        if (state != State.CONNECTED) {
            refused();
            return;
        }
        Set<String> rooms = namespace.adapter().rooms(id);
        state = State.DISCONNECTED;
        lifecycle.ended(rooms);
        if (reason == DisconnectReason.SERVER_NAMESPACE_DISCONNECT) {
            dismiss();
        }
        outbox.failPendingAcks();
        Runnable end = () -> {
            lifecycle.runDisconnecting(this, reason);
            lifecycle.ended(Set.of());
            lifecycle.runDisconnect(this, reason, description);
            lifecycle.runReleases(this);
            if (session != null) {
                session.ended(this);
            }
        };
        if (session == null) {
            namespace.remove(this);
            if (!mailbox.isIdle() || !lifecycle.endUnheard()) {
                mailbox.add(end);
            }
        } else {
            session.leave(this, end, /* forGood= */ dismissed || !SocketSession.isRecoverable(reason));
        }
    }

    /** The life of a socket. */
    enum State {
        /** Middleware has not decided yet. */
        CONNECTING,
        /** In the namespace. */
        CONNECTED,
        /** Refused or gone. */
        DISCONNECTED
    }
}
