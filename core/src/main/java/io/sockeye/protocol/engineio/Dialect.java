package io.sockeye.protocol.engineio;

import org.jspecify.annotations.Nullable;

/**
 * How one connection writes its packets: the protocol's revision, and whether the client can take binary data as such.
 *
 * <pre>
 *                          a binary message over WebSocket
 *   REVISION_4             binary frame  &lt;data&gt;
 *   REVISION_4_BASE64      text frame    b&lt;base64&gt;
 *   REVISION_3             binary frame  0x04 &lt;data&gt;
 *   REVISION_3_BASE64      text frame    b4&lt;base64&gt;
 * </pre>
 *
 * <p>Packets other than binary messages look the same in all of them. For payloads see {@link PayloadEncoder} and
 * {@link Revision3PayloadEncoder}.
 */
public enum Dialect {
    /** Engine.IO v4, Packet encoding. */
    REVISION_4(4, /* base64= */ false),
    /** Revision 4, for a client that says {@code b64}. */
    REVISION_4_BASE64(4, /* base64= */ true),
    /** Engine.IO v3, Encoding. */
    REVISION_3(3, /* base64= */ false),
    /** Revision 3, for a client that says {@code b64}. */
    REVISION_3_BASE64(3, /* base64= */ true);

    /** How many there are. */
    static final int COUNT = 4;

    private final int revision;
    private final boolean base64;

    Dialect(int revision, boolean base64) {
        this.revision = revision;
        this.base64 = base64;
    }

    /**
     * What a request asks for, in the reference's reading: of {@code EIO}, 4 is 4 and all else is 3; any {@code b64} but an
     * empty one asks for base64.
     *
     * @param eio the query parameter {@code EIO}; null when absent
     * @param b64 the query parameter {@code b64}; null when absent
     */
    public static Dialect of(@Nullable String eio, @Nullable String b64) {
        boolean base64 = b64 != null && !b64.isEmpty();
        if ("4".equals(eio)) {
            return base64 ? REVISION_4_BASE64 : REVISION_4;
        }
        return base64 ? REVISION_3_BASE64 : REVISION_3;
    }

    /** The Engine.IO protocol's revision: 3 or 4. */
    public int revision() {
        return revision;
    }

    /** A number of its own, below {@link #COUNT}. */
    int index() {
        return (4 - revision) * 2 + (base64 ? 1 : 0);
    }

    /** Whether binary data is written as base64 wherever there is a choice. */
    public boolean base64() {
        return base64;
    }
}
