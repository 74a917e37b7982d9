package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.SocketView;
import io.sockeye.adapter.UserRoom;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket that may live on another node, as {@link BroadcastOperator#fetchSockets} found it. Its rooms and, for a socket of
 * another node, its data are those of that moment; what is done to it reaches the socket itself, if it is still there.
 *
 * <p>Immutable but for its data; thread-safe.
 */
public final class RemoteSocket implements EventEmitter {
    private final Namespace namespace;
    private final String id;
    private final Handshake handshake;
    private final Set<String> rooms;
    private final SocketData data;

    private RemoteSocket(Namespace namespace, String id, Handshake handshake, Set<String> rooms, SocketData data) {
        this.namespace = namespace;
        this.id = id;
        this.handshake = handshake;
        this.rooms = Set.copyOf(rooms);
        this.data = data;
    }

    static RemoteSocket of(Namespace namespace, SocketView view) {
        if (view instanceof LocalSocketView local) {
            Socket socket = local.socket();
            return new RemoteSocket(namespace, socket.id(), socket.handshake(), socket.rooms(), socket.data());
        }
        return new RemoteSocket(
                namespace,
                view.id(),
                HandshakeJson.read(view.handshake()),
                view.rooms(),
                new SocketData(namespace.jsonMapper()).putJson(view.data()));
    }

    /** The socket's identifier. */
    public String id() {
        return id;
    }

    /** What the client said when it connected. Of another node's socket, the address has no port. */
    public Handshake handshake() {
        return handshake;
    }

    /** The rooms it was in, its own id among them. */
    public Set<String> rooms() {
        return rooms;
    }

    /** The user that it is tied to; null when it is tied to none. */
    public @Nullable String userId() {
        return UserRoom.userIn(rooms);
    }

    /** What the application has attached to it: for a socket of this node the very data, for others a copy. */
    public SocketData data() {
        return data;
    }

    /** Emits to the socket. A socket of another node has perhaps gone when it returns true. */
    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return operator().emit(event, args);
    }

    /** Emits an event and waits for the client's acknowledgement, for 5 s at most; see {@link #timeout}. */
    public Acknowledgement emitWithAck(String event, @Nullable Object... args) {
        return emitWithAck(BroadcastOperator.DEFAULT_TIMEOUT, event, args);
    }

    /** Emits to the socket with a limit on the time until the acknowledgement. */
    public Emit timeout(Duration timeout) {
        operator().timeout(timeout); // checks it
        return new Emit(this, timeout);
    }

    /** Puts it into rooms. */
    public void join(String... rooms) {
        join(Arrays.asList(rooms));
    }

    /** Puts it into rooms. */
    public void join(Collection<String> rooms) {
        UserRoom.refuse(rooms);
        namespace.adapter().socketsJoin(options(), rooms);
    }

    /** Takes it out of a room. */
    public void leave(String room) {
        UserRoom.refuse(Set.of(room));
        namespace.adapter().socketsLeave(options(), Set.of(room));
    }

    /** Disconnects it from its namespace; its connection stays for the client's other namespaces. */
    public void disconnect() {
        disconnect(/* close= */ false);
    }

    /**
     * Disconnects it.
     *
     * @param close whether to close its connection, with all its namespaces
     */
    public void disconnect(boolean close) {
        namespace.adapter().disconnectSockets(options(), close);
    }

    @Override
    public String toString() {
        return "RemoteSocket " + id + " of " + namespace.name();
    }

    private Acknowledgement emitWithAck(Duration timeout, String event, @Nullable Object... args) {
        return new Acknowledgement(
                operator().timeout(timeout).emitWithAck(event, args).thenApply(this::only));
    }

    private Arguments only(Acknowledgements all) {
        if (!all.received().isEmpty()) {
            return all.received().get(0).args();
        }
        throw all.complete() ? new SocketDisconnectedException() : new AckTimeoutException();
    }

    private BroadcastOperator operator() {
        return new BroadcastOperator(namespace.target(), options());
    }

    private BroadcastOptions options() {
        return BroadcastOptions.DEFAULT.to(Set.of(id));
    }

    /** Emits to one such socket with a limit on the time until the acknowledgement. Immutable and thread-safe. */
    public static final class Emit implements EventEmitter {
        private final RemoteSocket socket;
        private final Duration timeout;

        Emit(RemoteSocket socket, Duration timeout) {
            this.socket = socket;
            this.timeout = timeout;
        }

        @Override
        public boolean emit(String event, @Nullable Object... args) {
            return socket.emit(event, args);
        }

        /** Emits an event and waits for the client's acknowledgement. */
        public Acknowledgement emitWithAck(String event, @Nullable Object... args) {
            return socket.emitWithAck(timeout, event, args);
        }
    }
}
