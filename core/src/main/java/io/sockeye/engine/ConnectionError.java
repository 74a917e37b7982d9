package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import java.util.Map;

/**
 * A request that the engine refused. Immutable.
 *
 * @param error the code that was answered
 * @param message the error's text; what the client was told may differ, see the context's {@code message}
 * @param context what was wrong, in the reference server's words: {@code name} with {@code TRANSPORT_MISMATCH},
 *     {@code PROTOCOL_MISMATCH}, {@code INVALID_ORIGIN}…, or {@code transport}, {@code sid}, {@code method},
 *     {@code protocol}, {@code message}. Holds what the peer sent, unescaped
 * @param exchange the request; already answered, or about to be
 */
public record ConnectionError(EngineError error, String message, Map<String, String> context, HttpExchange exchange) {}
