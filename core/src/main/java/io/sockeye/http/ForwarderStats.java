package io.sockeye.http;

/**
 * What a {@link Forwarder} has done so far. A snapshot, immutable.
 *
 * @param requests requests passed on to the node that has their session, upgrades not included
 * @param upgrades upgrades to WebSocket passed on
 * @param failed requests and upgrades whose node could not be found or reached, or gave no answer; they were refused as those of an
 *     unknown session
 * @param connections connections to other nodes that are open now
 */
public record ForwarderStats(long requests, long upgrades, long failed, long connections) {}
