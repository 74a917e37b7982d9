package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;

/**
 * A request of a session that is not here. Immutable.
 *
 * @param exchange the request, which has passed the checks that hold for every request
 * @param tag the first {@link ForeignSessions#TAG_LENGTH} characters of the session's identifier
 * @param maxBody how many bytes the request's body may have at most
 * @param maxAnswer how many bytes the body of an answer can have at most
 * @param unknown refuses the request as one of a session that does not exist; to be run on the exchange's event loop
 */
public record ForeignRequest(HttpExchange exchange, String tag, int maxBody, int maxAnswer, Runnable unknown) {}
