package io.sockeye.adapter.cluster;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of the way to the other nodes: each break once, however many namespaces notice it. Thread-safe: guarded by
 * its monitor.
 */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(ClusterAdapter.class);

    /** How many namespaces are cut off. */
    private int broken;
    /** How many messages were not taken since the last way that stood. */
    private long refused;

    /** A namespace is cut off. */
    synchronized void broken() {
        if (broken++ == 0) {
            log.warn("the way to the other nodes is broken: what is emitted reaches the clients of this node only");
        }
    }

    /** A namespace that was cut off has its way back, or has been closed. */
    synchronized void over() {
        if (--broken == 0) {
            log.info("the way to the other nodes stands again; {} messages to them were refused meanwhile", refused);
            refused = 0;
        }
    }

    /** A message was not taken. */
    synchronized void refused() {
        if (refused++ == 0) {
            log.warn("messages to other nodes are refused, because too many wait already; what is refused is counted");
        }
    }
}
