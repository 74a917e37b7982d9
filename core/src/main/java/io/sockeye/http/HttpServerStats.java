package io.sockeye.http;

/**
 * What a server has counted since its start. A snapshot, immutable.
 *
 * @param openConnections connections open now, those taken over by a transport included
 * @param accepted connections accepted so far, refused ones not included
 * @param refused connections closed at once because a limit on their number was reached
 * @param requests requests whose head arrived whole
 * @param malformed connections closed because what arrived was not HTTP, or a head was over its limit
 * @param timedOut connections closed because a head or a body was not sent in time
 * @param handlerFailures requests answered with 500 because a handler threw
 */
public record HttpServerStats(
        long openConnections,
        long accepted,
        long refused,
        long requests,
        long malformed,
        long timedOut,
        long handlerFailures) {}
