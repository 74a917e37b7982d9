package io.sockeye.adapter.cluster;

import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A question that each node answers once, with any number of parts.
 *
 * @param <T> what answers consist of
 */
abstract sealed class GatherRequest<T> extends ClusterRequest {
    private final CompletableFuture<NodeAnswers<T>> future = new CompletableFuture<>();
    private final List<T> received = new ArrayList<>();

    private GatherRequest() {
        super(ClusterRequests.newId());
    }

    CompletableFuture<NodeAnswers<T>> future() {
        return future;
    }

    /** A node has answered. True when nothing is waited for any more; to be completed then. */
    synchronized boolean answered(String uid, List<T> parts) {
        if (!isFirstAnswerOf(uid)) {
            return false;
        }
        add(parts);
        return endIfDone();
    }

    /** What this node knows itself. */
    synchronized void add(List<T> parts) {
        for (T part : parts) {
            if (isNew(part)) {
                received.add(part);
            }
        }
    }

    /** Whether a part has not come before. */
    boolean isNew(T part) {
        return true;
    }

    @Override
    void complete() {
        NodeAnswers<T> answers;
        synchronized (this) {
            answers = new NodeAnswers<>(received, missing());
        }
        future.complete(answers);
    }

    /** Which sockets are there? */
    static final class OfSockets extends GatherRequest<SocketView> {
        private final Set<String> ids = new HashSet<>();

        /** A socket is one socket, whoever tells of it. */
        @Override
        boolean isNew(SocketView socket) {
            return ids.add(socket.id());
        }
    }

    /** How many sockets are there? */
    static final class OfCounts extends GatherRequest<Integer> {}

    /** What do the handlers of an event answer? */
    static final class OfArguments extends GatherRequest<Arguments> {}
}
