package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request targets that sessions were opened with, and their queries: most clients of a server use the same one, which their sessions
 * share. Direct-mapped: a target takes the place of another one that hashes alike, so clients can make the table useless but
 * not large.
 *
 * <p>Thread-safe: targets are immutable, and who does not see one makes it anew.
 */
final class KnownTargets {
    private static final int ENTRIES = 64; // a power of two
    private static final int LONGEST = 100;

    private final @Nullable Target[] targets = new @Nullable Target[ENTRIES];

    /** The target of a request. */
    Target of(HttpExchange exchange) {
        String uri = exchange.uri();
        int hash = uri.hashCode();
        int slot = (hash ^ hash >>> 6 ^ hash >>> 16) & (ENTRIES - 1);
        Target present = targets[slot];
        if (present != null && present.uri.equals(uri)) {
            return present;
        }
        Map<String, String> query = new LinkedHashMap<>(8);
        for (String name : exchange.queryNames()) {
            String value = exchange.query(name);
            query.put(name, value == null ? "" : value);
        }
        Target made = new Target(uri, Collections.unmodifiableMap(query));
        if (uri.length() <= LONGEST) {
            targets[slot] = made;
        }
        return made;
    }

    /**
     * A target.
     *
     * @param uri as sent, path and query
     * @param query the query's parameters, decoded, in order of appearance; not modifiable
     */
    record Target(String uri, Map<String, String> query) {}
}
