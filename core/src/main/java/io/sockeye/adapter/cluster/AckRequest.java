package io.sockeye.adapter.cluster;

import io.sockeye.adapter.AckAnswers;
import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast that waits for acknowledgements. Each node, this one among them, says to how many clients it was sent; then come as
 * many acknowledgements, in any order.
 */
final class AckRequest extends ClusterRequest {
    private final CompletableFuture<AckAnswers> future = new CompletableFuture<>();
    private final List<AckAnswers.Answer> received = new ArrayList<>();
    /** By uid; those without one together. */
    private final Map<String, Clients> clients = new HashMap<>();
    /** The sockets that have acknowledged, or will not. */
    private final Set<String> settled = new HashSet<>();

    /** The clients of one node. */
    private static final class Clients {
        boolean counted;
        int count;
        int acknowledged;
        int missed;
        boolean gone;

        int awaited() {
            return gone ? 0 : Math.max(0, count - acknowledged - missed);
        }
    }

    AckRequest() {
        super(ClusterRequests.newId());
    }

    CompletableFuture<AckAnswers> future() {
        return future;
    }

    /** A node has sent it to that many clients. True when nothing is waited for any more; to be completed then. */
    synchronized boolean sentTo(String uid, int count) {
        if (!isFirstAnswerOf(uid)) {
            return false;
        }
        Clients of = clients(uid);
        of.counted = true;
        of.count += Math.max(0, count);
        return endIfDone();
    }

    /** A client has acknowledged. True when nothing is waited for any more; to be completed then. */
    synchronized boolean acknowledged(String uid, @Nullable String socketId, Arguments args) {
        Clients of = clients(uid);
        if (ended() || isRepeated(uid, of, socketId)) {
            return false;
        }
        of.acknowledged++;
        received.add(new AckAnswers.Answer(socketId, args));
        return endIfDone();
    }

    /** A client will not acknowledge. True when nothing is waited for any more; to be completed then. */
    synchronized boolean missed(String uid, String socketId) {
        if (ended() || !settled.add(socketId)) {
            return false;
        }
        clients(uid).missed++;
        return endIfDone();
    }

    /** What comes twice is known by its socket; or, where the node does not tell, by there being too many. */
    private boolean isRepeated(String uid, Clients of, @Nullable String socketId) {
        if (socketId != null) {
            return !settled.add(socketId);
        }
        return !uid.isEmpty() && of.counted && of.awaited() == 0;
    }

    private Clients clients(String uid) {
        return clients.computeIfAbsent(uid, node -> new Clients());
    }

    @Override
    void peerGone(String uid) {
        Clients of = clients.get(uid);
        if (of != null) {
            of.gone = true;
        }
    }

    @Override
    boolean waitsForMore() {
        return clients.values().stream().anyMatch(of -> of.awaited() > 0);
    }

    @Override
    void complete() {
        AckAnswers answers;
        synchronized (this) {
            int missing = 0;
            for (Clients of : clients.values()) {
                missing += Math.max(0, of.count - of.acknowledged);
            }
            answers = new AckAnswers(received, missing, missing());
        }
        future.complete(answers);
    }
}
