package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;

/**
 * The request that opened a session. Immutable: the header fields are shared and must not be added to.
 *
 * @param uri the request target as sent, path and query
 * @param headers the headers in the order they came in
 * @param query the query's parameters, decoded, in order of appearance, the last value where one is repeated
 * @param remoteAddress the peer of the connection
 * @param secure whether the connection was encrypted
 * @param issued when the session was opened
 * @param crossDomain whether the request had an {@code Origin}
 */
public record HandshakeRequest(
        String uri,
        HttpFields headers,
        Map<String, String> query,
        InetSocketAddress remoteAddress,
        boolean secure,
        Instant issued,
        boolean crossDomain) {

    static HandshakeRequest of(HttpExchange exchange, KnownTargets targets, Instant issued) {
        KnownTargets.Target target = targets.of(exchange);
        return new HandshakeRequest(
                target.uri(),
                exchange.headers(),
                target.query(),
                exchange.remoteAddress(),
                exchange.secure(),
                issued,
                exchange.header("Origin") != null);
    }
}
