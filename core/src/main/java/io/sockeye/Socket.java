package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.ReservedEvents;
import io.sockeye.protocol.socketio.SocketPacket;
import io.sockeye.transport.EventLoop;
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
    private final Handshake handshake;
    private final Mailbox mailbox;
    private final Listeners listeners = new Listeners();
    private final Listeners anyListeners = new Listeners();
    private final Lifecycle lifecycle = new Lifecycle();

    /** Written on the event loop only. */
    private volatile State state = State.CONNECTING;
    /**
     * Whether the server has said that the socket is to go. From then on it emits nothing, and events that wait in the mailbox
     * are dropped; the state follows on the event loop.
     */
    private volatile boolean dismissed;
    /** Null unless middleware is deciding. Touched on the event loop only. */
    private @Nullable Admission admission;
    /** Null until an acknowledgement is waited for. Touched on the event loop only. */
    private @Nullable PendingAcks pendingAcks;
    /** Null until first asked for. */
    private volatile @Nullable SocketData data;

    Socket(String id, Namespace namespace, ClientConnection connection, Arguments auth) {
        this.id = id;
        this.namespace = namespace;
        this.connection = connection;
        this.handshake = new Handshake(connection.session().request(), auth);
        this.mailbox = connection.newMailbox();
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

    /** Whether it is connected: not while middleware decides, and not after the disconnection. */
    public boolean connected() {
        return state == State.CONNECTED && !dismissed;
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

    /** Joins rooms. */
    public void join(Collection<String> rooms) {
        if (state != State.DISCONNECTED && !lifecycle.holdJoin(rooms)) {
            namespace.adapter().join(id, rooms);
        }
    }

    /** Leaves a room. */
    public void leave(String room) {
        if (state != State.DISCONNECTED && !lifecycle.holdLeave(room)) {
            namespace.adapter().leave(id, room);
        }
    }

    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return emit(EmitOptions.DEFAULT, event, args);
    }

    /**
     * Emits an event and waits for the client's acknowledgement, for as long as the socket is connected; see {@link
     * #timeout}.
     */
    public Acknowledgement emitWithAck(String event, @Nullable Object... args) {
        return emitWithAck(EmitOptions.DEFAULT, event, args);
    }

    /** Emits what is dropped when the connection cannot take it at once. */
    public EmitOperator volatileFlag() {
        return new EmitOperator(this, EmitOptions.DEFAULT.withVolatile());
    }

    /** Emits with or without compression. Default: with, where the transport compresses at all. */
    public EmitOperator compress(boolean compress) {
        return new EmitOperator(this, EmitOptions.DEFAULT.withCompress(compress));
    }

    /** Emits with a limit on the time until the acknowledgement. */
    public EmitOperator timeout(Duration timeout) {
        return new EmitOperator(this, EmitOptions.DEFAULT.withTimeout(timeout));
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
        return new BroadcastOperator(namespace, BroadcastOptions.DEFAULT.except(Set.of(id)));
    }

    /** Runs the handler for every event, before the event's own handlers. */
    public void onAny(EventHandler handler) {
        anyListeners.add(new Listeners.Listener(null, handler, /* once= */ false, handler));
    }

    /** Removes a handler added with {@link #onAny}. */
    public void offAny(EventHandler handler) {
        anyListeners.remove(null, handler);
    }

    /** Removes every handler of an event. */
    public void off(String event) {
        listeners.remove(event, null);
    }

    /** Removes a handler of an event: the very object that was added. */
    public void off(String event, Object handler) {
        listeners.remove(event, handler);
    }

    /** Runs the handler when the socket disconnects, while {@link #rooms} still tells the rooms it was in. */
    public void onDisconnecting(DisconnectHandler handler) {
        lifecycle.onDisconnecting(handler);
    }

    /** Runs the handler when the socket has disconnected and left its rooms. Nothing of this socket runs after it. */
    public void onDisconnect(DisconnectHandler handler) {
        lifecycle.onDisconnect((reason, description) -> handler.handle(reason));
    }

    /** As {@link #onDisconnect(DisconnectHandler)}, with a fixed text on what happened in detail, or null. */
    public void onDisconnect(DisconnectHandler.Detailed handler) {
        lifecycle.onDisconnect(handler);
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
            dismissed = true;
            connection.execute(() -> connection.disconnect(this, close));
        }
    }

    @Override
    void listen(String event, Object origin, boolean once, EventHandler handler) {
        ReservedEvents.check(event);
        listeners.add(new Listeners.Listener(event, origin, once, handler));
    }

    @Override
    void answerFailed(Event event, Throwable error) {
        namespace.handlerFailed(this, event.name(), error);
    }

    @Override
    public String toString() {
        return "Socket " + id + " of " + namespace.name() + " (" + state + ")";
    }

    boolean emit(EmitOptions options, String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        if (gone()) {
            return false;
        }
        EncodedPacket packet = namespace.encode(event, SocketPacket.NO_ID, args, options.compress());
        if (options.volatileFlag()) {
            return connection.execute(() -> deliver(packet, /* volatileFlag= */ true));
        }
        return connection.session().send(packet);
    }

    Acknowledgement emitWithAck(EmitOptions options, String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        long ackId = namespace.nextAckId();
        EncodedPacket packet = namespace.encode(event, ackId, args, options.compress());
        Acknowledgement acknowledgement = new Acknowledgement();
        PendingAcks.Receiver receiver = acknowledgement.receiver(connection.completions());
        if (gone() || !connection.execute(() -> deliverWithAck(ackId, packet, receiver, options))) {
            receiver.failed(new SocketDisconnectedException());
        }
        return acknowledgement;
    }

    /** Sends an event and waits for its acknowledgement. On the event loop. */
    void deliverWithAck(long ackId, EncodedPacket packet, PendingAcks.Receiver receiver, EmitOptions options) {
        if (state == State.DISCONNECTED) {
            receiver.failed(new SocketDisconnectedException());
            return;
        }
        PendingAcks acks = pendingAcks();
        EventLoop.Cancellable timer = null;
        if (options.timeout() != null) {
            timer = connection.session().schedule(() -> abandonAck(ackId), options.timeout());
        }
        acks.add(ackId, receiver, timer);
        if (options.volatileFlag() && !connection.session().writable()) {
            return; // dropped, as asked for: the time-out tells
        }
        if (!connection.session().send(packet)) {
            boolean open = connection.session().state() == EngineSession.State.OPEN;
            acks.fail(ackId, open ? new SendQueueFullException() : new SocketDisconnectedException());
        }
    }

    /** The time of an acknowledgement is up. On the event loop. */
    void abandonAck(long ackId) {
        pendingAcks().fail(ackId, new AckTimeoutException());
    }

    /** How many acknowledgements are waited for. On the event loop. */
    int pendingAckCount() {
        return pendingAcks == null ? 0 : pendingAcks.size();
    }

    private PendingAcks pendingAcks() {
        if (pendingAcks == null) {
            pendingAcks = new PendingAcks();
        }
        return pendingAcks;
    }

    /** Answers an event. From any thread. */
    boolean acknowledge(EncodedPacket ack) {
        return !gone() && connection.session().send(ack);
    }

    /** Whether the client may use it: from its CONNECT on until either side has left. On the event loop. */
    boolean joined() {
        return state == State.CONNECTED;
    }

    /** Whether nothing can be emitted any more. */
    boolean gone() {
        return dismissed || state == State.DISCONNECTED;
    }

    /** The connection, for those on its event loop. */
    ClientConnection connection() {
        return connection;
    }

    /** Where its handlers run. */
    Mailbox mailbox() {
        return mailbox;
    }

    /** Sends a packet that is shared with other sockets. On the event loop. */
    void deliver(EncodedPacket packet, boolean volatileFlag) {
        if (state == State.DISCONNECTED
                || (volatileFlag && !connection.session().writable())) {
            return;
        }
        connection.session().send(packet);
    }

    /** Middleware decides now. On the event loop. */
    void beingAdmitted(Admission by) {
        admission = by;
    }

    /** Middleware has accepted. On the event loop. */
    void admitted() {
        endAdmission();
        namespace.admit(this);
        for (Lifecycle.Changes held = lifecycle.takeHeld(); held != null; held = lifecycle.takeHeld()) {
            namespace.adapter().join(id, held.joined());
            held.left().forEach(room -> namespace.adapter().leave(id, room));
        }
        state = State.CONNECTED;
    }

    /** Middleware has refused, or the connection ended meanwhile. On the event loop. */
    void refused() {
        endAdmission();
        state = State.DISCONNECTED;
        lifecycle.ended(Set.of());
        failPendingAcks();
        namespace.exit();
    }

    private void endAdmission() {
        if (admission != null) {
            admission.ended();
            admission = null;
        }
    }

    private void failPendingAcks() {
        if (pendingAcks != null) {
            pendingAcks.failAll();
        }
    }

    /** An event has come in. On the event loop. */
    void received(SocketPacket.Event packet) {
        mailbox.add(new EventDispatch(this, packet));
    }

    /** An acknowledgement has come in. On the event loop. */
    void acknowledged(SocketPacket.Ack packet) {
        if (pendingAcks != null) {
            pendingAcks.acknowledge(packet.id(), packet.args());
        }
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
            dismissed = true;
        }
        namespace.remove(this);
        failPendingAcks();
        mailbox.add(() -> {
            lifecycle.runDisconnecting(this, reason);
            lifecycle.ended(Set.of());
            lifecycle.runDisconnect(this, reason, description);
        });
    }

    /** Runs the listeners of an event. In the mailbox. */
    void dispatch(Event event) {
        if (dismissed) {
            return;
        }
        for (Listeners.Listener listener : anyListeners.snapshot()) {
            run(listener, anyListeners, event);
        }
        for (Listeners.Listener listener : listeners.snapshot()) {
            if (listener.hears(event.name())) {
                run(listener, listeners, event);
            }
        }
    }

    private void run(Listeners.Listener listener, Listeners from, Event event) {
        if (!from.claim(listener)) {
            return;
        }
        try {
            listener.handler().handle(event);
        } catch (Throwable e) { // application code: one hook learns of whatever it throws
            namespace.handlerFailed(this, event.name(), e);
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
