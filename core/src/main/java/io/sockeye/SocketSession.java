package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SessionRecord;
import io.sockeye.adapter.SessionStore;
import io.sockeye.adapter.UserRoom;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The session of one socket: what outlives its connection. Confined to the socket's event loop, but for {@link #emit} and what
 * never changes.
 */
final class SocketSession {
    /** As in the reference: what neither side has meant to happen, and the server's shutting down. */
    private static final Set<DisconnectReason> RECOVERABLE = EnumSet.of(
            DisconnectReason.TRANSPORT_ERROR,
            DisconnectReason.TRANSPORT_CLOSE,
            DisconnectReason.FORCED_CLOSE,
            DisconnectReason.PING_TIMEOUT,
            DisconnectReason.SERVER_SHUTTING_DOWN,
            DisconnectReason.FORCED_SERVER_CLOSE);

    private final Namespace namespace;
    private final Recovery recovery;
    private final String sid;
    private final String pid;
    /** What is taken up again; null for a session that begins. */
    private final SessionStore.@Nullable Suspended suspended;
    /** What the client has missed, between its return and the sending. */
    private List<EncodedPacket> missed = List.of();

    private SocketSession(
            Namespace namespace,
            Recovery recovery,
            String sid,
            String pid,
            SessionStore.@Nullable Suspended suspended) {
        this.namespace = namespace;
        this.recovery = recovery;
        this.sid = sid;
        this.pid = pid;
        this.suspended = suspended;
    }

    /** The one that a client has come back for, or a new one; null where clients are not brought back. */
    static @Nullable SocketSession of(Namespace namespace, SessionStore.@Nullable Suspended suspended) {
        Recovery recovery = namespace.recovery();
        if (recovery == null) {
            return null;
        }
        SocketIoServer server = namespace.server();
        if (suspended == null) {
            return new SocketSession(namespace, recovery, server.newId(), server.newId(), null);
        }
        SessionRecord record = suspended.session();
        return new SocketSession(namespace, recovery, record.sid(), record.pid(), suspended);
    }

    String sid() {
        return sid;
    }

    String pid() {
        return pid;
    }

    /** Whether it had a connection before. */
    boolean recovered() {
        return suspended != null;
    }

    /** Whether middleware is not asked. */
    boolean skipsMiddleware() {
        return suspended != null && recovery.skipsMiddleware();
    }

    /** The user that the socket was tied to; null when it was to none, or the session is new. */
    @Nullable String userId() {
        return suspended == null ? null : UserRoom.userIn(suspended.session().rooms());
    }

    /** What was attached to the socket; null when the session is new. */
    @Nullable SocketData data() {
        if (suspended == null) {
            return null;
        }
        Object data = suspended.session().data();
        if (data instanceof SocketData attached) {
            return attached;
        }
        SocketData read = new SocketData(namespace.jsonMapper());
        return data instanceof JsonNode json ? read.putJson(json) : read;
    }

    /** Lets the handlers of the socket wait for those of the socket that had the session before. */
    void startBehindEnding(Mailbox mailbox) {
        if (suspended != null) {
            recovery.startBehindEnding(pid, mailbox);
        }
    }

    /** Lets the socket into the namespace; false when the session cannot be taken up any more. */
    boolean enter(Socket socket) {
        Runnable enter = () -> {
            namespace.admit(socket);
            recovery.connected(pid, socket);
        };
        if (suspended == null) {
            recovery.store().begin(new SessionRecord(sid, pid, Set.of(), socket.data()), enter);
        } else {
            List<EncodedPacket> packets = suspended.resume(enter);
            if (packets == null) {
                return false;
            }
            missed = packets;
        }
        socket.data().onChange(() -> recovery.store().dataChanged(sid));
        recovery.watch(socket.connection().session().eventLoop());
        return true;
    }

    /** What the client has missed. Answered once. */
    List<EncodedPacket> takeMissed() {
        List<EncodedPacket> packets = missed;
        missed = List.of();
        return packets;
    }

    /** Emits to this socket, or to the one that will take its place. From any thread. */
    boolean emit(EmitOptions options, String event, Arguments args) {
        BroadcastOptions how = BroadcastOptions.DEFAULT.compress(options.compress());
        return namespace
                .adapter()
                .emit(
                        sid,
                        new SocketPacket.Event(namespace.name(), SocketPacket.NO_ID, event, args),
                        options.volatileFlag() ? how.asVolatile() : how);
    }

    /** Whether a client whose socket has ended for that reason may come back. */
    static boolean isRecoverable(DisconnectReason reason) {
        return RECOVERABLE.contains(reason);
    }

    /**
     * Takes a socket that has ended out of the namespace.
     *
     * @param end tells its handlers; to be put into its mailbox
     * @param forGood whether the client may not come back
     */
    void leave(Socket socket, Runnable end, boolean forGood) {
        if (forGood) {
            namespace.remove(socket);
            recovery.disconnected(pid, socket);
            socket.mailbox().add(end);
        } else {
            // In this order: once the session can be taken up, the handlers of its next socket find those of this one's
            // end.
            recovery.ending(pid, socket);
            socket.mailbox().add(end);
            recovery.store().suspend(sid, socket.connection().hasPaused());
            recovery.disconnected(pid, socket);
        }
    }

    /** The handlers of the socket's end have run. In the mailbox. */
    void ended(Socket socket) {
        recovery.ended(pid, socket);
    }

    @Override
    public String toString() {
        return "session of socket " + sid;
    }
}
