package io.sockeye.adapter.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way of one namespace of one node of an {@link InProcessCluster}. Guarded by the cluster's monitor. */
final class InProcessDriver implements ClusterDriver {
    private final InProcessCluster cluster;
    private final InProcessNode node;
    private final String namespace;
    private final String uid;
    private final Receiver receiver;
    /** When the last message of each other node arrives, by its uid. */
    private final Map<String, Long> arrivals = new HashMap<>();

    private boolean closed;

    InProcessDriver(InProcessCluster cluster, InProcessNode node, String namespace, String uid, Receiver receiver) {
        this.cluster = cluster;
        this.node = node;
        this.namespace = namespace;
        this.uid = uid;
        this.receiver = receiver;
    }

    InProcessNode node() {
        return node;
    }

    String namespace() {
        return namespace;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public boolean publish(ClusterMessage message) {
        synchronized (cluster) {
            if (closed || node.isRefused()) {
                return false;
            }
            cluster.send(this, null, message);
            return true;
        }
    }

    @Override
    public boolean respond(String to, ClusterMessage.Response response) {
        synchronized (cluster) {
            if (closed || node.isRefused()) {
                return false;
            }
            cluster.send(this, to, response);
            return true;
        }
    }

    @Override
    public CompletionStage<OptionalInt> nodeCount() {
        synchronized (cluster) {
            return node.isRefused()
                    ? CompletableFuture.failedFuture(new IllegalStateException("the way to the broker is broken"))
                    : CompletableFuture.completedFuture(cluster.count(namespace));
        }
    }

    @Override
    public void close() {
        synchronized (cluster) {
            closed = true;
            node.disconnect(this);
        }
    }

    /** When a message of another node arrives that would at that time: not before those in front of it. */
    long arrival(String from, long due) {
        return arrivals.merge(from, due, Math::max);
    }

    /** A message has arrived. Outside of the monitor. */
    void arrived(String from, ClusterMessage message) {
        if (isOpen()) {
            receiver.received(from, message);
        }
    }

    /** Outside of the monitor. */
    void broken() {
        if (isOpen()) {
            receiver.disconnected();
        }
    }

    /** Outside of the monitor. */
    void stands() {
        if (isOpen()) {
            receiver.connected();
        }
    }

    private boolean isOpen() {
        synchronized (cluster) {
            return !closed && !node.isDead();
        }
    }
}
