package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import java.util.function.Predicate;

/**
 * Accepts requests without an {@code Origin} and those whose {@code Origin} has the host and port of their {@code Host}.
 * The scheme is not compared, because whoever ends TLS in front of the server hides it. Thread-safe: without state.
 */
final class SameOrigin implements Predicate<HttpExchange> {

    @Override
    public boolean test(HttpExchange exchange) {
        String origin = exchange.origin();
        if (origin == null) {
            return true;
        }
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(exchange.header("Host"));
    }
}
