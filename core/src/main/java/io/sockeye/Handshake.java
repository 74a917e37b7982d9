package io.sockeye;

import io.sockeye.engine.HandshakeRequest;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.transport.HttpFields;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a client said when it connected: the HTTP request that opened the connection, and the {@code auth} payload of its
 * CONNECT packet. Immutable.
 */
public final class Handshake {
    private final HandshakeRequest request;
    private final Arguments auth;

    Handshake(HandshakeRequest request, Arguments auth) {
        this.request = request;
        this.auth = auth;
    }

    /** As other nodes see it. */
    JsonNode toJson() {
        return HandshakeJson.write(request, auth());
    }

    /** The request's headers. */
    public HttpFields headers() {
        return request.headers();
    }

    /** The request's query parameters, the last value where one is repeated. */
    public Map<String, String> query() {
        return request.query();
    }

    /** The request target, path and query, as sent. */
    public String url() {
        return request.uri();
    }

    /** Where the connection comes from. */
    public InetSocketAddress address() {
        return request.remoteAddress();
    }

    /** When the connection was opened. */
    public Instant issued() {
        return request.issued();
    }

    /** Whether the connection is encrypted. */
    public boolean secure() {
        return request.secure();
    }

    /** Whether the request carried an {@code Origin}, as browsers send with cross-origin requests. */
    public boolean crossDomain() {
        return request.crossDomain();
    }

    /**
     * A text field of the {@code auth} payload; null when the payload or the field is absent or the field is not text.
     */
    public @Nullable String auth(String field) {
        JsonNode value = auth().get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    /** The {@code auth} payload, a JSON object; an empty one when the client sent none. */
    public JsonNode auth() {
        JsonNode node = auth(JsonNode.class);
        return node == null ? JsonNodeFactory.instance.objectNode() : node;
    }

    /**
     * The {@code auth} payload bound to a type; null when the client sent none.
     *
     * @throws io.sockeye.protocol.socketio.ArgumentException when it does not fit
     */
    public <T> @Nullable T auth(Class<T> type) {
        return auth.isEmpty() ? null : auth.get(0, type);
    }
}
