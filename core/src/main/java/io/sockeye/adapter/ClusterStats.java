package io.sockeye.adapter;

/**
 * What a namespace of this node has exchanged with those of other nodes since it was made. A snapshot.
 *
 * @param nodes how many other nodes are known to be alive by their heartbeats; Node.js servers send none over Redis
 * @param connected whether the way to the other nodes stands; false until it does for the first time: what they emit before is not
 *     received
 * @param published how many messages were handed to the way there
 * @param refused how many it did not take: it is closed, or holds back too much already
 * @param received how many messages of other nodes have come in
 * @param failed how many of these could not be applied
 * @param requestsTimedOut how many questions have ended with nodes that had not answered in time
 * @param pendingRequests how many questions wait for answers now
 */
public record ClusterStats(
        int nodes,
        boolean connected,
        long published,
        long refused,
        long received,
        long failed,
        long requestsTimedOut,
        int pendingRequests) {}
