package io.sockeye;

import io.sockeye.engine.CloseReason;
import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.PacketDecoder;
import io.sockeye.protocol.socketio.PacketEncoder;
import io.sockeye.protocol.socketio.SocketPacket;
import io.sockeye.transport.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine session that carries the client's sockets, one per namespace. Confined to the session's event loop. */
final class ClientConnection implements EngineSession.Listener, Mailbox.Source {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    private final SocketIoServer server;
    private final EngineSession session;
    private final PacketDecoder decoder;
    /** Connecting and connected sockets by namespace. */
    private final Map<String, Socket> sockets = new HashMap<>(2);
    /** Names of namespaces that are being looked for. */
    private final Set<String> resolving = new HashSet<>(0);
    /** Ends the connection when no namespace is joined in time; null once one is. */
    private EventLoop.@Nullable Cancellable connectTimer;

    /** How many of its mailboxes are too full. */
    private int pauses;

    private boolean closed;

    ClientConnection(SocketIoServer server, EngineSession session) {
        this.server = server;
        this.session = session;
        this.decoder = server.newDecoder(session.eventLoop());
    }

    /** Starts to listen. */
    void open() {
        connectTimer = session.schedule(this::connectTimedOut, server.config().connectTimeout());
        session.listener(this);
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
        session.execute(() -> {
            if (pauses++ == 0) {
                session.pauseReading();
            }
        });
    }

    @Override
    public void resumeReading() {
        session.execute(() -> {
            if (--pauses == 0) {
                session.resumeReading();
            }
        });
    }

    @Override
    public void onMessage(byte[] array, int offset, int length) {
        try {
            received(decoder.decodeText(array, offset, length));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    @Override
    public void onBinary(byte[] data) {
        try {
            received(decoder.decodeBinary(data));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    @Override
    public void onClose(CloseReason reason, @Nullable String description) {
        ended(DisconnectReason.of(reason), description);
    }

    private void received(@Nullable SocketPacket packet) {
        if (packet == null || closed) {
            return; // attachments are awaited, or the rest of a payload behind a violation
        }
        Socket socket = sockets.get(packet.namespace());
        if (packet instanceof SocketPacket.Connect connect && socket == null) {
            connect(connect);
        } else if (socket != null && socket.connected() && !(packet instanceof SocketPacket.Connect)) {
            if (packet instanceof SocketPacket.Event event) {
                socket.received(event);
            } else if (packet instanceof SocketPacket.Ack ack) {
                socket.acknowledged(ack);
            } else if (packet instanceof SocketPacket.Disconnect) {
                sockets.remove(packet.namespace());
                socket.disconnected(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT, null);
            } else {
                close();
            }
        } else {
            // Socket.IO v5, Connection to a namespace: nothing but CONNECT before it, and one CONNECT per namespace.
            log.debug("session {}: a packet does not fit the state of its namespace", session.id());
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
        if (namespace != null) {
            admit(namespace, packet.payload());
        } else if (!server.hasParents()) {
            refuse(name, "Invalid namespace");
        } else if (!resolving.add(name)) {
            close();
        } else {
            server.execution().run(this, () -> {
                Namespace made = server.namespaceOnDemand(name, packet.payload());
                session.execute(() -> resolved(packet, made));
            });
        }
    }

    private void resolved(SocketPacket.Connect packet, @Nullable Namespace namespace) {
        resolving.remove(packet.namespace());
        if (closed) {
            return;
        }
        if (namespace == null) {
            refuse(packet.namespace(), "Invalid namespace");
        } else {
            admit(namespace, packet.payload());
        }
    }

    private void refuse(String namespace, String message) {
        send(encoder().connectError(namespace, message, null));
    }

    private void admit(Namespace namespace, Arguments auth) {
        Socket socket = new Socket(server.newId(), namespace, this, auth);
        sockets.put(namespace.name(), socket);
        List<Middleware.Async> chain = namespace.middleware();
        if (chain.isEmpty()) {
            admissionDecided(socket, null);
        } else {
            new Admission(socket, chain).start();
        }
    }

    /**
     * Lets a socket in, or tells its client why not.
     *
     * @param refusal null when the socket is let in
     */
    void admissionDecided(Socket socket, @Nullable ConnectError refusal) {
        String name = socket.namespace().name();
        if (closed || socket.disconnecting()) {
            sockets.remove(name, socket);
            socket.refused();
        } else if (refusal != null) {
            sockets.remove(name, socket);
            socket.refused();
            send(encoder().connectError(name, String.valueOf(refusal.getMessage()), refusal.data()));
        } else {
            cancelConnectTimer();
            socket.admitted();
            send(encoder().connect(name, socket.id(), null));
            socket.namespace().connected(socket);
        }
    }

    /** Disconnects one socket, or all of them and the connection. */
    void disconnect(Socket socket, boolean close) {
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
        if (socket.connected()) {
            send(encoder().disconnect(socket.namespace().name()));
            socket.disconnected(DisconnectReason.SERVER_NAMESPACE_DISCONNECT, null);
        } else {
            socket.refused();
        }
    }

    /** The server is closing: tells the sockets. The engine closes the session. */
    void shutDown() {
        ended(DisconnectReason.SERVER_SHUTTING_DOWN, null);
    }

    private void send(EncodedPacket packet) {
        session.send(packet);
    }

    private PacketEncoder encoder() {
        return server.encoder();
    }

    private void violated(ProtocolException e) {
        log.debug("session {}: {}", session.id(), e.getMessage());
        session.close();
    }

    private void connectTimedOut() {
        connectTimer = null;
        close();
    }

    /** Closes the session; sockets learn "forced server close" unless the session ended at once with a reason of its own. */
    private void close() {
        session.close();
        ended(DisconnectReason.FORCED_SERVER_CLOSE, null);
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
