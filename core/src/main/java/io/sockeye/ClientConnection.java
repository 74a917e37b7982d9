package io.sockeye;

import io.sockeye.adapter.SessionStore;
import io.sockeye.engine.CloseReason;
import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.Parser;
import io.sockeye.protocol.socketio.SocketPacket;
import io.sockeye.transport.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine session that carries the client's sockets, one per namespace. Confined to the session's event loop. */
final class ClientConnection implements EngineSession.Listener, Mailbox.Source {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    private final SocketIoServer server;
    private final EngineSession session;
    private final Parser.Decoder decoder;
    private final Parser.Encoder encoder;
    private final boolean protocol4;
    /** Connecting and connected sockets by namespace, in order of joining. */
    private final Map<String, Socket> sockets = new LinkedHashMap<>(2);
    /** Names of namespaces that are being looked for. */
    private final List<String> resolving = new ArrayList<>(0);
    /** Ends the connection when no namespace is joined in time; null once one is. */
    private EventLoop.@Nullable Cancellable connectTimer;

    private @Nullable List<Consumer<String>> upgradeHandlers; // who is told of an upgrade; null when nobody is
    private int pauses; // how many of its mailboxes are too full
    private boolean hasPaused; // whether reading has ever stopped, and a missing pong been of no account
    private long packetBytes; // what has come in of the packet that is being read: its text and its attachments
    private boolean closed;

    ClientConnection(SocketIoServer server, EngineSession session) {
        this.server = server;
        this.session = session;
        this.decoder = server.newDecoder(session.eventLoop());
        this.protocol4 = Protocol4.isSpokenBy(session);
        this.encoder = protocol4 ? new Protocol4(server.encoder()) : server.encoder();
    }

    /** Starts to listen. */
    void open() {
        connectTimer = session.schedule(this::connectTimedOut, server.config().connectTimeout());
        session.listener(this);
        if (protocol4) {
            joinMain();
        }
    }

    /**
     * Socket.IO v4, Connection to a namespace: the main one is joined unasked. Over long-polling, as in the reference, the
     * first answer carries the handshake and nothing else.
     */
    private void joinMain() {
        SocketPacket.Connect packet = new SocketPacket.Connect(SocketPacket.ROOT_NAMESPACE, Arguments.of());
        if (session.writable()) {
            received(packet);
        } else {
            session.eventLoop().execute(() -> received(packet));
        }
    }

    EngineSession session() {
        return session;
    }

    Mailbox newMailbox() {
        return server.execution().mailbox(this, server.config().maxPendingEvents());
    }

    Executor completions() {
        return server.execution().completions();
    }

    /** Runs a task on the event loop, in order with what the calling thread sends; false when the loop has ended. */
    boolean execute(Runnable task) {
        try {
            session.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Gives what holds a mailbox the time that middleware may take. From any thread. */
    void limit(Mailbox.Hold hold, Runnable late) {
        execute(() -> {
            if (!hold.released()) {
                EventLoop.Cancellable timer = session.schedule(
                        () -> hold.release(late), server.config().connectTimeout());
                hold.onRelease(() -> execute(timer::cancel));
            }
        });
    }

    /** Runs a mailbox on the event loop: at once when called there. */
    void runInline(Runnable mailbox) {
        if (session.eventLoop().inEventLoop()) {
            mailbox.run();
        } else {
            session.execute(mailbox);
        }
    }

    @Override
    public void pauseReading() {
        execute(() -> {
            if (pauses++ == 0) {
                hasPaused = true;
                session.pauseReading();
            }
        });
    }

    @Override
    public void resumeReading() {
        execute(() -> {
            if (--pauses == 0) {
                session.resumeReading();
            }
        });
    }

    @Override
    public void rejected(Throwable reason) {
        execute(() -> {
            if (!closed) {
                log.error("{}: the handler executor takes no task; the connection is closed", session, reason);
                close();
            }
        });
    }

    @Override
    public void onMessage(byte[] array, int offset, int length) {
        packetBytes += length;
        try {
            decoded(decoder.decodeText(array, offset, length));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    @Override
    public void onBinary(byte[] data) {
        packetBytes += data.length;
        try {
            decoded(decoder.decodeBinary(data));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    @Override
    public void onUpgrade(String transport) {
        if (upgradeHandlers != null) {
            upgradeHandlers.forEach(handler -> handler.accept(transport));
            upgradeHandlers = null;
        }
    }

    /** Has the handler told, on the event loop, when the session moves to another transport. From any thread. */
    void onUpgrade(Consumer<String> handler) {
        execute(() -> {
            if (upgradeHandlers == null) {
                upgradeHandlers = new ArrayList<>(1);
            }
            upgradeHandlers.add(handler);
        });
    }

    @Override
    public void onClose(CloseReason reason, @Nullable String description) {
        ended(DisconnectReason.of(reason), description);
    }

    private void decoded(@Nullable SocketPacket packet) {
        if (packet != null) { // else attachments are awaited
            received(protocol4 ? Protocol4.withoutQuery(packet) : packet);
            packetBytes = 0;
        }
    }

    private void received(SocketPacket packet) {
        if (closed) {
            return; // the rest of a payload behind a violation
        }
        Socket socket = sockets.get(packet.namespace());
        if (packet instanceof SocketPacket.Connect connect && socket == null) {
            connect(connect);
        } else if (socket != null && socket.joined() && !(packet instanceof SocketPacket.Connect)) {
            if (packet instanceof SocketPacket.Event event) {
                socket.received(event, packetBytes);
            } else if (packet instanceof SocketPacket.Ack ack) {
                socket.outbox().acknowledged(ack);
            } else if (packet instanceof SocketPacket.Disconnect) {
                sockets.remove(packet.namespace());
                socket.disconnected(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT, null);
            } else {
                close();
            }
        } else {
            // Socket.IO v5, Connection to a namespace: nothing but CONNECT before it, and one CONNECT per namespace.
            log.debug("{}: a packet does not fit the state of its namespace", session);
            close();
        }
    }

    private void connect(SocketPacket.Connect packet) {
        String name = packet.namespace();
        if (sockets.size() + resolving.size() >= server.config().maxNamespacesPerConnection()) {
            refuse(name, "too many namespaces");
            return;
        }
        Namespace namespace = server.namespace(name);
        if (resolving.contains(name)) {
            close();
        } else if (namespace != null && namespace.enter()) {
            admit(namespace, packet.payload());
        } else if (server.parents().isEmpty()) {
            refuse(name, "Invalid namespace");
        } else {
            resolve(packet);
        }
    }

    private void resolve(SocketPacket.Connect packet) {
        String name = packet.namespace();
        resolving.add(name);
        EventLoop.Cancellable timer = session.schedule(
                () -> {
                    if (resolving.remove(name)) {
                        refuse(name, "timeout");
                    }
                },
                server.config().connectTimeout());
        new NamespaceSearch(server, this, server.parents(), name, packet.payload(), found -> {
                    boolean told = execute(() -> {
                        timer.cancel();
                        resolved(packet, found);
                    });
                    if (!told && found != null) {
                        found.exit();
                    }
                })
                .ask(0);
    }

    private void resolved(SocketPacket.Connect packet, @Nullable Namespace namespace) {
        if (!resolving.remove(packet.namespace()) || closed) {
            if (namespace != null) {
                namespace.exit();
            }
            return;
        }
        if (namespace == null) {
            refuse(packet.namespace(), "Invalid namespace");
        } else {
            admit(namespace, packet.payload());
        }
    }

    /** An object in both revisions of the protocol, unlike a refusal by middleware. */
    private void refuse(String namespace, String message) {
        send(server.encoder().connectError(namespace, message, null));
    }

    /** Lets a client in, or back in. The namespace has been {@linkplain Namespace#enter entered}. */
    private void admit(Namespace namespace, Arguments auth) {
        Resumption resumption = protocol4 ? null : Resumption.of(this, namespace, auth);
        if (resumption == null) {
            letMiddlewareDecide(newSocket(namespace, auth, null));
        } else {
            resolving.add(namespace.name());
            resumption.start();
        }
    }

    /** It is known now what a client gets back: its session, or null. */
    void admit(Namespace namespace, Arguments auth, SessionStore.@Nullable Suspended suspended) {
        resolving.remove(namespace.name());
        if (closed) {
            namespace.exit();
        } else {
            letMiddlewareDecide(newSocket(namespace, auth, suspended));
        }
    }

    private Socket newSocket(Namespace namespace, Arguments auth, SessionStore.@Nullable Suspended suspended) {
        SocketSession kept = protocol4 ? null : SocketSession.of(namespace, suspended); // old clients know none
        return new Socket(kept == null ? newId(namespace) : kept.sid(), namespace, this, auth, kept);
    }

    private void letMiddlewareDecide(Socket socket) {
        Namespace namespace = socket.namespace();
        sockets.put(namespace.name(), socket);
        List<Middleware.Async> chain = namespace.middleware();
        SocketSession kept = socket.session();
        if (chain.isEmpty() || (kept != null && kept.skipsMiddleware())) {
            admissionDecided(socket, null);
        } else {
            Admission admission = new Admission(socket, chain, encoder);
            socket.beingAdmitted(admission);
            admission.start(session.schedule(
                    () -> admissionDecided(socket, encoder.connectError(namespace.name(), "timeout", null)),
                    server.config().connectTimeout()));
        }
    }

    /**
     * Lets a socket in, or tells its client why not.
     *
     * @param refusal the packet for the client; null when the socket is let in
     */
    void admissionDecided(Socket socket, @Nullable EncodedPacket refusal) {
        String name = socket.namespace().name();
        if (sockets.get(name) != socket) {
            return; // it has been decided before, or has gone
        }
        if (refusal != null) {
            sockets.remove(name, socket);
            socket.refused();
            send(refusal);
        } else if (socket.admitted()) {
            cancelConnectTimer();
            welcome(socket);
            socket.namespace().connected(socket);
        } else {
            sockets.remove(name, socket);
            socket.refused();
            close(); // the client comes again, and then gets either its session or a new one
        }
    }

    /** Tells a client that it is in, and then what it has missed, other than in the reference: see docs/design-decisions.md. */
    private void welcome(Socket socket) {
        SocketSession kept = socket.session();
        send(encoder.connect(socket.namespace().name(), socket.id(), kept == null ? null : kept.pid()));
        if (kept != null) {
            kept.takeMissed().forEach(session::sendKept);
        }
    }

    /** The client has come back over another connection. Its sockets' sessions are suspended within the call. */
    void takenOver() {
        session.abort(CloseReason.TRANSPORT_CLOSE, "the client has come back over another connection");
    }

    /** Whether reading has ever stopped. */
    boolean hasPaused() {
        return hasPaused;
    }

    /** Disconnects one socket, or all of them and the connection; nothing when that socket has gone. */
    void disconnect(Socket socket, boolean close) {
        if (sockets.get(socket.namespace().name()) != socket) {
            return;
        }
        if (close) {
            List.copyOf(sockets.values()).forEach(this::disconnect);
            close();
        } else {
            disconnect(socket);
        }
    }

    private void disconnect(Socket socket) {
        if (!sockets.remove(socket.namespace().name(), socket)) {
            return;
        }
        if (socket.joined()) {
            send(encoder.disconnect(socket.namespace().name()));
            socket.disconnected(DisconnectReason.SERVER_NAMESPACE_DISCONNECT, null);
        } else {
            socket.refused();
            refuse(socket.namespace().name(), "disconnected");
        }
    }

    /** The server is closing: tells the sockets. The engine closes the session. */
    void shutDown() {
        ended(DisconnectReason.SERVER_SHUTTING_DOWN, null);
    }

    private void send(EncodedPacket packet) {
        session.send(packet);
    }

    private String newId(Namespace namespace) {
        return protocol4 ? Protocol4.idOf(session, namespace.name()) : server.newId();
    }

    private void violated(ProtocolException e) {
        log.debug("{}: {}", session, e.getMessage());
        session.close();
        ended(DisconnectReason.FORCED_CLOSE, null);
    }

    private void connectTimedOut() {
        connectTimer = null;
        close();
    }

    /**
     * Closes the session. As in the reference, sockets learn "forced close" when the session can end at once, and "forced
     * server close" when it has to wait for a poll, or until what is queued has been sent.
     */
    private void close() {
        boolean atOnce = session.writable() && session.queuedBytes() == 0;
        session.close();
        ended(atOnce ? DisconnectReason.FORCED_CLOSE : DisconnectReason.FORCED_SERVER_CLOSE, null);
    }

    private void ended(DisconnectReason reason, @Nullable String description) {
        if (closed) {
            return;
        }
        closed = true;
        cancelConnectTimer();
        List<Socket> left = new ArrayList<>(sockets.values());
        sockets.clear();
        for (Socket socket : left) {
            socket.disconnected(reason, description);
        }
        server.connectionEnded(this);
    }

    private void cancelConnectTimer() {
        if (connectTimer != null) {
            connectTimer.cancel();
            connectTimer = null;
        }
    }
}
