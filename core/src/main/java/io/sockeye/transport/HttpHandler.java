package io.sockeye.transport;

/** Answers HTTP requests. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Answers the request now or later. Called on the exchange's event loop as soon as the request's head has arrived;
     * must not block. An exception is answered with 500 and logged.
     */
    void handle(HttpExchange exchange);
}
