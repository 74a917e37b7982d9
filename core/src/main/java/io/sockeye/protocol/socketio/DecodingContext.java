package io.sockeye.protocol.socketio;

import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the decoders of one event loop share, so that an idle connection costs next to nothing: limits, the mapper for
 * arguments, and the working memory of the parser with its cache of event names and namespaces.
 *
 * <p>Confined to one event loop, together with the decoders made from it. Only {@link #forAnotherLoop} may be called from any
 * thread. The packets that come out are immutable and may go anywhere.
 */
public final class DecodingContext implements Parser.Decoders {
    /** How many attachments a packet may have by default, as in the reference. */
    public static final int DEFAULT_MAX_ATTACHMENTS = 10;

    private final Binder binder;
    private final int maxAttachments;
    private final PacketReader reader;

    private DecodingContext(Binder binder, int maxAttachments) {
        this.binder = binder;
        this.maxAttachments = maxAttachments;
        this.reader = new PacketReader(binder, maxAttachments);
    }

    /**
     * A context.
     *
     * @param mapper binds arguments to types; see {@link SocketJson#mapper()}
     * @param maxAttachments the most attachments that a packet may have. Together with the largest payload it bounds what a
     *     connection can make the server hold while attachments are awaited: {@code (maxAttachments + 1) × maxPayload}
     */
    public static DecodingContext of(JsonMapper mapper, int maxAttachments) {
        Objects.requireNonNull(mapper, "mapper");
        if (maxAttachments < 0) {
            throw new IllegalArgumentException("maxAttachments: " + maxAttachments + " (expected: >= 0)");
        }
        return new DecodingContext(new Binder(mapper), maxAttachments);
    }

    /** A context for another event loop, with the same mapper and limits. */
    public DecodingContext forAnotherLoop() {
        return new DecodingContext(binder, maxAttachments);
    }

    @Override
    public PacketDecoder newDecoder() {
        return PacketDecoder.of(this);
    }

    PacketReader reader() {
        return reader;
    }
}
