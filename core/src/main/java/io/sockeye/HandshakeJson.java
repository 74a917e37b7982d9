package io.sockeye;

import io.sockeye.engine.HandshakeRequest;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.transport.HttpFields;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A handshake as one JSON object, in the form in which the reference's adapters send it from node to node:
 *
 * <pre>
 *   {"headers":{"host":"…"},"time":"Sat Nov 21 2026 …","address":"::1","xdomain":false,"secure":false,
 *    "issued":1795257327000,"url":"/socket.io/?EIO=4&amp;…","query":{"EIO":"4"},"auth":{}}
 * </pre>
 *
 * <p>Thread-safe: without state.
 */
final class HandshakeJson {
    /** As JavaScript writes a date in a zone without an offset. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM dd yyyy HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private HandshakeJson() {}

    static JsonNode write(HandshakeRequest request, JsonNode auth) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode headers = json.putObject("headers");
        for (String name : request.headers().names()) {
            headers.put(name.toLowerCase(Locale.ROOT), request.headers().joined(name));
        }
        json.put("time", TIME.format(request.issued()));
        json.put("address", addressOf(request.remoteAddress()));
        json.put("xdomain", request.crossDomain());
        json.put("secure", request.secure());
        json.put("issued", request.issued().toEpochMilli());
        json.put("url", request.uri());
        ObjectNode query = json.putObject("query");
        request.query().forEach(query::put);
        json.set("auth", auth);
        return json;
    }

    /** Reads what any node may have written; what is missing or of another type is empty. */
    static Handshake read(JsonNode json) {
        HttpFields headers = HttpFields.create();
        texts(json.path("headers")).forEach(headers::add);
        HandshakeRequest request = new HandshakeRequest(
                json.path("url").asString(""),
                headers,
                Collections.unmodifiableMap(texts(json.path("query"))),
                // Unresolved: to look a name up would let another node make this one wait.
                InetSocketAddress.createUnresolved(json.path("address").asString(""), 0),
                json.path("secure").asBoolean(false),
                Instant.ofEpochMilli(json.path("issued").asLong(0)),
                json.path("xdomain").asBoolean(false));
        JsonNode auth = json.path("auth");
        return new Handshake(request, auth.isObject() ? Arguments.of(auth) : Arguments.of());
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isArray()) { // a header that came more than once
                value.forEach(one -> texts.merge(entry.getKey(), one.asString(""), (a, b) -> a + ", " + b));
            } else {
                texts.put(entry.getKey(), value.asString(""));
            }
        });
        return texts;
    }

    private static String addressOf(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        return resolved == null ? address.getHostString() : resolved.getHostAddress();
    }
}
