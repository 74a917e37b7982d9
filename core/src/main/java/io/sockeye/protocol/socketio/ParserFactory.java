package io.sockeye.protocol.socketio;

import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** SPI: makes the {@link Parser} of a server. Thread-safe. */
@FunctionalInterface
public interface ParserFactory {

    /** The parser for a server with these settings. */
    Parser create(Settings settings);

    /**
     * What a server tells its parser. Immutable.
     *
     * @param mapper binds arguments to types and writes objects; see {@link SocketJson#mapper()}
     * @param maxAttachments the most binary attachments that a packet may have, where a parser sends them as messages of
     *     their own; at least 0
     */
    record Settings(JsonMapper mapper, int maxAttachments) {
        /** Checks the values. */
        public Settings {
            Objects.requireNonNull(mapper, "mapper");
            if (maxAttachments < 0) {
                throw new IllegalArgumentException("maxAttachments: " + maxAttachments + " (expected: >= 0)");
            }
        }
    }
}
