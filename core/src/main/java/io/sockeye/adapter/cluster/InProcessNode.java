package io.sockeye.adapter.cluster;

import java.util.ArrayList;
import java.util.List;

/** A node of an {@link InProcessCluster}. Guarded by the cluster's monitor. */
final class InProcessNode {
    private final InProcessCluster cluster;
    private final String name;
    private final List<InProcessDriver> drivers = new ArrayList<>();
    private int connections;
    private boolean cutOff;
    /** Whether node and broker know that it is cut off. */
    private boolean noticed;

    private boolean dead;

    InProcessNode(InProcessCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    String name() {
        return name;
    }

    ClusterDriver connect(String namespace, ClusterDriver.Receiver receiver) {
        synchronized (cluster) {
            InProcessDriver driver =
                    new InProcessDriver(cluster, this, namespace, name + "-" + connections++, receiver);
            drivers.add(driver);
            cluster.soon(noticed ? receiver::disconnected : receiver::connected);
            return driver;
        }
    }

    void disconnect(InProcessDriver driver) {
        drivers.remove(driver);
    }

    List<InProcessDriver> drivers(String namespace) {
        return drivers.stream()
                .filter(driver -> driver.namespace().equals(namespace))
                .toList();
    }

    boolean isDead() {
        return dead;
    }

    /** Whether what it publishes is not even taken. */
    boolean isRefused() {
        return dead || (cutOff && noticed);
    }

    boolean isCounted() {
        return !dead && !(cutOff && noticed);
    }

    boolean reaches(InProcessNode other) {
        return !dead && !cutOff && !other.dead && !other.cutOff;
    }

    void cutOff(boolean noticed) {
        boolean news = noticed && !this.noticed;
        this.cutOff = true;
        this.noticed |= noticed;
        if (news) {
            drivers.forEach(driver -> cluster.soon(driver::broken));
        }
    }

    void heal() {
        boolean news = noticed;
        cutOff = false;
        noticed = false;
        if (news) {
            drivers.forEach(driver -> cluster.soon(driver::stands));
        }
    }

    void kill() {
        dead = true;
    }
}
