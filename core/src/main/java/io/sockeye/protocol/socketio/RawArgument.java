package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One argument that nobody has read: valid JSON and the binary data that its placeholders stand for. Given to an emit, it is
 * written as it is, whitespace included; only its placeholders are numbered anew.
 *
 * <p>Immutable and thread-safe. Keeps alive what it came in: the message, or over long-polling the whole request
 * body.
 */
public final class RawArgument {
    private static final byte[] PLACEHOLDER = {
        '{', '"', '_', 'p', 'l', 'a', 'c', 'e', 'h', 'o', 'l', 'd', 'e', 'r', '"', ':', 't', 'r', 'u', 'e', ',', '"',
        'n', 'u', 'm', '"', ':', '0', '}'
    };

    private final JsonSource source;
    private final int start;
    private final int end;
    private final Binder binder;

    RawArgument(JsonSource source, int start, int end, Binder binder) {
        this.source = source;
        this.start = start;
        this.end = end;
        this.binder = binder;
    }

    /**
     * An argument of JSON text. Objects that look like placeholders stay objects.
     *
     * @param json one JSON value in UTF-8; not copied, must not be written to afterwards
     * @throws IllegalArgumentException when it is not valid JSON, or nested deeper than {@link SocketJson#MAX_DEPTH}
     */
    public static RawArgument ofJson(byte[] json) {
        int start = JsonScanner.skipWhiteSpace(json, 0, json.length);
        int end = new JsonScanner(SocketJson.MAX_DEPTH - 1).value(json, start, json.length);
        if (end < 0
                || JsonScanner.skipWhiteSpace(json, end, json.length) != json.length
                || !io.sockeye.protocol.Utf8.isValid(json, 0, json.length)) {
            throw new IllegalArgumentException("json: not valid (expected: one JSON value in UTF-8)");
        }
        JsonSource source = new JsonSource(json, Placeholders.NONE, JsonSource.NO_ATTACHMENTS);
        return new RawArgument(source, start, end, Binder.ofDefaultMapper());
    }

    /** An argument of binary data, which is not copied and must not be written to afterwards. */
    public static RawArgument ofBinary(byte[] data) {
        JsonSource source = new JsonSource(PLACEHOLDER, new int[] {0, PLACEHOLDER.length, 0}, new byte[][] {data});
        return new RawArgument(source, 0, PLACEHOLDER.length, Binder.ofDefaultMapper());
    }

    /** What an encoder has just written: its own JSON, whose placeholders are numbered from 0. */
    static RawArgument ofWritten(byte[] array, int start, int end, byte[][] attachments, Binder binder) {
        try {
            int[] placeholders = attachments.length == 0
                    ? Placeholders.NONE
                    : Placeholders.find(array, start, end, attachments.length);
            return new RawArgument(new JsonSource(array, placeholders, attachments), start, end, binder);
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JSON text in UTF-8, read-only, with placeholders for binary data numbered as they arrived. */
    public ByteBuffer json() {
        return ByteBuffer.wrap(source.array, start, end - start).slice().asReadOnlyBuffer();
    }

    /** Whether this is binary data or contains some. */
    public boolean hasBinary() {
        return source.hasPlaceholder(start, end);
    }

    /**
     * Reads the value, like {@link Arguments#get(int, Type)}.
     *
     * @throws ArgumentException when it is not of that type
     */
    @SuppressWarnings("unchecked") // the binder answers what it was asked for
    public <T> @Nullable T as(Class<T> type) {
        return (T) as((Type) type);
    }

    /**
     * Reads the value, like {@link Arguments#get(int, Type)}.
     *
     * @throws ArgumentException when it is not of that type
     */
    public @Nullable Object as(Type type) {
        return binder.read(source, start, end, /* index= */ -1, type);
    }

    JsonSource source() {
        return source;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** For the log: bounded, and without characters that could break a line. */
    @Override
    public String toString() {
        return Excerpt.of(source.array, start, end);
    }
}
