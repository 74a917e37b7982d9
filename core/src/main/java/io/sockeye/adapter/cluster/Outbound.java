package io.sockeye.adapter.cluster;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** What this node's adapter of a namespace says to the others, and how much of it was taken. Thread-safe. */
final class Outbound {
    private final ClusterDriver driver;
    private final Outage outage;
    private volatile boolean closed;
    final LongAdder published = new LongAdder();
    final LongAdder refused = new LongAdder();

    Outbound(ClusterDriver driver, Outage outage) {
        this.driver = driver;
        this.outage = outage;
    }

    String uid() {
        return driver.uid();
    }

    /** Says something to every other node; false when it was not taken. */
    boolean publish(ClusterMessage message) {
        return counted(driver.publish(message));
    }

    /** Answers a node. */
    void respond(String uid, ClusterMessage.Response response) {
        counted(driver.respond(uid, response));
    }

    private boolean counted(boolean taken) {
        if (taken) {
            published.increment();
        } else {
            refused.increment();
            if (!closed) {
                outage.refused();
            }
        }
        return taken;
    }

    /** How many nodes the broker counts. */
    CompletionStage<OptionalInt> nodeCount() {
        try {
            return driver.nodeCount();
        } catch (RuntimeException e) { // a driver that cannot even be asked is one that does not know
            return CompletableFuture.failedFuture(e);
        }
    }

    boolean wantsOwnRooms() {
        return driver.wantsOwnRooms();
    }

    void roomCreated(String room) {
        driver.roomCreated(room);
    }

    void roomDeleted(String room) {
        driver.roomDeleted(room);
    }

    void close() {
        closed = true;
        driver.close();
    }
}
