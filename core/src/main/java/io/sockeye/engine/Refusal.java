package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, and the answer that says so. Immutable.
 *
 * @param error the code
 * @param status the HTTP status; for most refusals of upgrades it is 400 whatever the code, as in the reference
 * @param text what the client is told
 * @param context see {@link ConnectionError#context}
 */
record Refusal(EngineError error, int status, String text, Map<String, String> context) {
    private static final int SERVICE_UNAVAILABLE = 503;

    /** With the error's own text and status, and alternating names and values of the context. */
    static Refusal of(EngineError error, @Nullable String... context) {
        return new Refusal(error, error.httpStatus(), error.text(), contextOf(context));
    }

    /** The application said no, perhaps in words of its own. */
    static Refusal byGuard(@Nullable String message) {
        EngineError error = EngineError.FORBIDDEN;
        return message == null
                ? of(error)
                : new Refusal(error, error.httpStatus(), message, contextOf("message", message));
    }

    /** There is no room for another session; another server may have some. */
    static Refusal busy(String name, String text) {
        return new Refusal(EngineError.FORBIDDEN, SERVICE_UNAVAILABLE, text, contextOf("name", name));
    }

    /** Gives the answer: JSON, or for an upgrade what the reference writes to the bare socket. */
    void answer(HttpExchange exchange, boolean upgrade) {
        if (upgrade) {
            int upgradeStatus = status == SERVICE_UNAVAILABLE || isOrigin() ? status : 400;
            exchange.respond(
                    upgradeStatus,
                    HttpFields.of("Connection", "close", "Content-type", "text/html"),
                    text.getBytes(StandardCharsets.UTF_8));
        } else {
            String json = "{\"code\":" + error.code() + ",\"message\":" + quoted(text) + "}";
            exchange.respond(
                    status, HttpFields.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Whether the origin was not welcome, which is ours to answer and not the reference's. */
    private boolean isOrigin() {
        return "ORIGIN_NOT_ALLOWED".equals(context.get("name"));
    }

    private static Map<String, String> contextOf(@Nullable String... namesAndValues) {
        Map<String, String> context = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            String value = namesAndValues[i + 1];
            if (name != null && value != null) {
                context.put(name, value);
            }
        }
        return Collections.unmodifiableMap(context);
    }

    /** A JSON string (RFC 8259, 7). */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
