package io.sockeye.adapter.cluster;

import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Does on this node what others say. Whatever they say, nothing is thrown at the driver. Runs on the driver's thread, one message
 * at a time; the counts are read anywhere.
 */
final class ClusterReceiver implements ClusterDriver.Receiver {
    private static final Logger log = LoggerFactory.getLogger(ClusterAdapter.class);

    private final LocalNamespace local;
    private final Adapter here;
    private final ClusterSettings settings;
    private final Outage outage;
    private final LongAdder received = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicBoolean cutOff = new AtomicBoolean();
    private volatile boolean connected; // cut off, or not yet connected, otherwise
    /** Null until the adapter has started, and after its end: what arrives then is lost. */
    private volatile @Nullable Parts parts;

    /** The rest of the adapter. */
    private record Parts(Outbound out, Membership membership, ClusterRequests requests, ClusterPresence presence) {}

    ClusterReceiver(LocalNamespace local, Adapter here, ClusterSettings settings, Outage outage) {
        this.local = local;
        this.here = here;
        this.settings = settings;
        this.outage = outage;
    }

    void start(Outbound out, Membership membership, ClusterRequests requests, ClusterPresence presence) {
        parts = new Parts(out, membership, requests, presence);
    }

    void close() {
        parts = null;
        if (cutOff.getAndSet(false)) {
            outage.over();
        }
    }

    boolean isConnected() {
        return connected;
    }

    long received() {
        return received.sum();
    }

    long failed() {
        return failed.sum();
    }

    @Override
    public void disconnected() {
        connected = false;
        if (parts != null && !cutOff.getAndSet(true)) {
            outage.broken();
        }
    }

    @Override
    public void connected() {
        connected = true;
        Parts to = parts;
        if (to == null) {
            return; // the adapter is just starting, and announces itself
        }
        if (cutOff.getAndSet(false)) {
            outage.over();
        }
        to.membership.announce();
        to.presence.beat();
    }

    @Override
    public void received(String uid, ClusterMessage message) {
        Parts to = parts;
        if (to == null || uid.equals(to.out.uid())) {
            return;
        }
        received.increment();
        try {
            to.membership.heard(uid);
            apply(to, uid, message);
        } catch (RuntimeException e) { // the next message is not to suffer, nor the driver
            failed.increment();
            boolean first = failed.sum() == 1; // a node that sends nothing else is not to fill the log
            log.atLevel(first ? Level.WARN : Level.DEBUG)
                    .setCause(e)
                    .log(
                            "namespace {}: a {} of another node could not be applied",
                            local.name(),
                            message.getClass().getSimpleName());
        }
    }

    private void apply(Parts to, String uid, ClusterMessage message) {
        if (message instanceof ClusterMessage.Broadcast broadcast) {
            broadcast(to, uid, broadcast);
        } else if (isPresence(message)) {
            if (!uid.isEmpty() && to.membership.heardPeer(uid)) {
                to.presence.received(uid, (ClusterMessage.Extension) message);
            }
        } else if (message instanceof ClusterMessage.Response response) {
            answered(to.requests, uid, response);
        } else if (message instanceof ClusterMessage.Heartbeat heartbeat) {
            if (!uid.isEmpty() && to.membership.heardPeer(uid) && heartbeat.initial()) {
                to.out.publish(new ClusterMessage.Heartbeat(/* initial= */ false));
            }
        } else if (message instanceof ClusterMessage.AdapterClose) {
            to.membership.left(uid);
        } else if (message instanceof ClusterMessage.SocketsJoin join) {
            here.socketsJoin(join.options(), join.rooms());
        } else if (message instanceof ClusterMessage.SocketsLeave leave) {
            here.socketsLeave(leave.options(), leave.rooms());
        } else if (message instanceof ClusterMessage.DisconnectSockets disconnect) {
            here.disconnectSockets(disconnect.options(), disconnect.close());
        } else if (message instanceof ClusterMessage.FetchSockets fetch) {
            to.out.respond(
                    uid, new ClusterMessage.FetchSocketsResponse(fetch.requestId(), local.sockets(fetch.options())));
        } else if (message instanceof ClusterMessage.ServerSideEmit emit) {
            serverSide(to.out, uid, emit);
        } else if (message instanceof ClusterMessage.CountSockets count) {
            to.out.respond(
                    uid, new ClusterMessage.CountSocketsResponse(count.requestId(), local.count(count.options())));
        }
    }

    private static boolean isPresence(ClusterMessage message) {
        return message instanceof ClusterMessage.PresenceWatch
                || message instanceof ClusterMessage.PresenceState
                || message instanceof ClusterMessage.PresenceChange
                || message instanceof ClusterMessage.PresenceVersions;
    }

    private void broadcast(Parts to, String uid, ClusterMessage.Broadcast broadcast) {
        BroadcastOptions options = broadcast.options();
        ClusterMessage.AckRequest acks = broadcast.acks();
        if (acks == null) {
            here.broadcast(broadcast.packet(), options);
            return;
        }
        boolean bounded = acks.timeout().isNegative() || acks.timeout().isZero();
        Duration timeout = bounded ? settings.requestTimeout() : acks.timeout();
        Responder responder = new Responder(to.out, uid, acks.requestId());
        local.deliverWithAck(broadcast.packet(), options, timeout, responder);
    }

    private void serverSide(Outbound out, String uid, ClusterMessage.ServerSideEmit emit) {
        String requestId = emit.requestId();
        if (requestId == null) {
            local.serverSideEvent(emit.event(), emit.args(), null);
        } else {
            local.serverSideEvent(
                    emit.event(),
                    emit.args(),
                    answer -> out.respond(uid, new ClusterMessage.ServerSideEmitResponse(requestId, answer)));
        }
    }

    private static void answered(ClusterRequests requests, String uid, ClusterMessage.Response response) {
        String id = response.requestId();
        if (response instanceof ClusterMessage.BroadcastAck ack) {
            requests.with(id, AckRequest.class, request -> request.acknowledged(uid, ack.socketId(), ack.args()));
        } else if (response instanceof ClusterMessage.BroadcastClientCount count) {
            requests.with(id, AckRequest.class, request -> request.sentTo(uid, count.count()));
        } else if (response instanceof ClusterMessage.BroadcastMissed missed) {
            requests.with(id, AckRequest.class, request -> request.missed(uid, missed.socketId()));
        } else if (response instanceof ClusterMessage.CountSocketsResponse count) {
            requests.with(id, GatherRequest.OfCounts.class, request -> request.answered(uid, List.of(count.count())));
        } else if (response instanceof ClusterMessage.FetchSocketsResponse fetched) {
            requests.with(id, GatherRequest.OfSockets.class, request -> request.answered(uid, fetched.sockets()));
        } else if (response instanceof ClusterMessage.ServerSideEmitResponse answer) {
            requests.with(
                    id, GatherRequest.OfArguments.class, request -> request.answered(uid, List.of(answer.args())));
        }
    }

    /** Passes acknowledgements on to the node that asked for them. */
    private record Responder(Outbound out, String uid, String requestId) implements LocalNamespace.AckReceiver {
        @Override
        public void sentTo(int count) {
            out.respond(uid, new ClusterMessage.BroadcastClientCount(requestId, count));
        }

        @Override
        public void acknowledged(String socketId, Arguments args) {
            out.respond(uid, new ClusterMessage.BroadcastAck(requestId, socketId, args));
        }

        @Override
        public void missed(String socketId, boolean late) {
            if (!late) { // who asks has a clock
                out.respond(uid, new ClusterMessage.BroadcastMissed(requestId, socketId));
            }
        }
    }
}
