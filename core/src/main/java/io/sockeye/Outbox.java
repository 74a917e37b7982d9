package io.sockeye;

import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.ReservedEvents;
import io.sockeye.protocol.socketio.SocketPacket;
import io.sockeye.transport.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a socket sends, and the acknowledgements that it waits for. Thread-safe where nothing else is said. */
final class Outbox {
    private final Socket socket;
    /** Null until an acknowledgement is waited for. Touched on the event loop only. */
    private @Nullable PendingAcks pendingAcks;
    /** Who hears what is sent; null until somebody does. Written under the monitor. */
    private volatile @Nullable Listeners listeners;

    Outbox(Socket socket) {
        this.socket = socket;
    }

    boolean emit(EmitOptions options, String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        SocketSession kept = keptBy();
        if (kept != null) {
            return emit(kept, options, event, Arguments.of(args));
        }
        if (socket.gone()) {
            return false;
        }
        EncodedPacket packet = socket.namespace().encode(event, SocketPacket.NO_ID, args, options.compress());
        if (listeners != null) {
            tell(event, Arguments.of(args));
        }
        return send(packet, options);
    }

    /** As the other form, with arguments that are passed on as they are. */
    boolean emit(EmitOptions options, String event, Arguments args) {
        ReservedEvents.check(event);
        SocketSession kept = keptBy();
        if (kept != null) {
            return emit(kept, options, event, args);
        }
        if (socket.gone()) {
            return false;
        }
        EncodedPacket packet = socket.namespace().encode(event, args, options.compress());
        tell(event, args);
        return send(packet, options);
    }

    /** The session that outlives this socket and takes what is emitted; null when there is none. */
    private @Nullable SocketSession keptBy() {
        SocketSession kept = socket.session();
        return kept == null || socket.connecting() ? null : kept;
    }

    private boolean emit(SocketSession kept, EmitOptions options, String event, Arguments args) {
        if (socket.dismissed() || !kept.emit(options, event, args)) {
            return false;
        }
        tell(event, args);
        return true;
    }

    private boolean send(EncodedPacket packet, EmitOptions options) {
        if (options.volatileFlag()) {
            return socket.connection().execute(() -> socket.deliver(packet, /* volatileFlag= */ true));
        }
        return session().send(packet);
    }

    Acknowledgement emitWithAck(EmitOptions options, String event, @Nullable Object... args) {
        ReservedEvents.check(event);
        long ackId = socket.namespace().nextAckId();
        EncodedPacket packet = socket.namespace().encode(event, ackId, args, options.compress());
        if (listeners != null && !socket.gone()) {
            tell(event, Arguments.of(args));
        }
        Acknowledgement acknowledgement = new Acknowledgement();
        PendingAcks.Receiver receiver =
                acknowledgement.receiver(socket.connection().completions());
        Runnable sending = () -> deliverWithAck(ackId, packet, receiver, options);
        if (socket.gone() || !socket.namespace().behindEmitted(socket.connection(), sending)) {
            receiver.failed(new SocketDisconnectedException());
        }
        return acknowledgement;
    }

    /** Sends an event and waits for its acknowledgement. On the event loop. */
    void deliverWithAck(long ackId, EncodedPacket packet, PendingAcks.Receiver receiver, EmitOptions options) {
        if (socket.ended()) {
            receiver.failed(new SocketDisconnectedException());
            return;
        }
        PendingAcks acks = pendingAcks();
        EventLoop.Cancellable timer = null;
        if (options.timeout() != null) {
            timer = session().schedule(() -> abandonAck(ackId), options.timeout());
        }
        acks.add(ackId, receiver, timer);
        if (options.volatileFlag() && !session().writable()) {
            return; // dropped, as asked for: the time-out tells
        }
        if (!session().send(packet)) {
            boolean open = session().state() == EngineSession.State.OPEN;
            acks.fail(ackId, open ? new SendQueueFullException() : new SocketDisconnectedException());
        }
    }

    /** Answers an event. */
    boolean acknowledge(EncodedPacket ack) {
        return !socket.gone()
                && (socket.namespace()
                                .deferred(socket.connection(), () -> session().send(ack))
                        || session().send(ack));
    }

    /** An acknowledgement has come in. On the event loop. */
    void acknowledged(SocketPacket.Ack packet) {
        if (pendingAcks != null) {
            pendingAcks.acknowledge(packet.id(), packet.args());
        }
    }

    /** Nothing more will be acknowledged. On the event loop. */
    void failPendingAcks() {
        if (pendingAcks != null) {
            pendingAcks.failAll();
        }
    }

    /** How many acknowledgements are waited for. On the event loop. */
    int pendingAckCount() {
        return pendingAcks == null ? 0 : pendingAcks.size();
    }

    /** Who hears every event that is sent. */
    synchronized Listeners listeners() {
        Listeners present = listeners;
        if (present == null) {
            present = new Listeners();
            listeners = present;
            socket.namespace().outgoingIsHeard();
        }
        return present;
    }

    /** Those who hear every event that is sent. A snapshot. */
    List<EventHandler> listening() {
        Listeners present = listeners;
        return present == null ? List.of() : present.handlers();
    }

    /** Tells those who hear what is sent, in the mailbox, if there are any. */
    void tell(String event, Arguments args) {
        Listeners present = listeners;
        if (present != null) {
            socket.mailbox().add(() -> socket.inbox().tell(present, new Event(event, args, EventDispatch.NO_ACK)));
        }
    }

    private void abandonAck(long ackId) {
        pendingAcks().fail(ackId, new AckTimeoutException());
    }

    private PendingAcks pendingAcks() {
        if (pendingAcks == null) {
            pendingAcks = new PendingAcks();
        }
        return pendingAcks;
    }

    private EngineSession session() {
        return socket.connection().session();
    }
}
