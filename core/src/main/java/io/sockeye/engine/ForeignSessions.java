package io.sockeye.engine;

import org.jspecify.annotations.Nullable;

/**
 * The other servers of a cluster, as an engine sees them: by its first characters an identifier says which server has the
 * session, and a request that came to the wrong one is served through the right one.
 *
 * <p>Thread-safe; called on event loops, must not block.
 */
public interface ForeignSessions {
    /** How many characters of an identifier say whose session it is. */
    int TAG_LENGTH = 3;

    /**
     * What the identifiers of this server's sessions begin with: {@value #TAG_LENGTH} characters of the alphabet of base64 for
     * URLs (RFC 4648, 5). It may change; sessions keep the identifiers they have. Null while there is none, when no session can
     * begin.
     */
    @Nullable String tag();

    /**
     * Serves a request of a session that is not here, whose identifier has the form of one.
     *
     * @return whether the request is taken: then it is answered, now or later, or its {@link ForeignRequest#unknown()} is run
     */
    boolean forward(ForeignRequest request);
}
