package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.SerializationContext;

/**
 * A range of valid JSON and the binary data that its placeholders stand for. The default parser writes it as it is,
 * whitespace included; only its placeholders are numbered anew. Immutable.
 */
final class JsonRawArgument extends RawArgument {
    private static final byte[] PLACEHOLDER = {
        '{', '"', '_', 'p', 'l', 'a', 'c', 'e', 'h', 'o', 'l', 'd', 'e', 'r', '"', ':', 't', 'r', 'u', 'e', ',', '"',
        'n', 'u', 'm', '"', ':', '0', '}'
    };

    private final JsonSource source;
    private final int start;
    private final int end;
    private final Binder binder;

    JsonRawArgument(JsonSource source, int start, int end, Binder binder) {
        this.source = source;
        this.start = start;
        this.end = end;
        this.binder = binder;
    }

    static JsonRawArgument validated(byte[] json) {
        int start = JsonScanner.skipWhiteSpace(json, 0, json.length);
        int end = new JsonScanner(SocketJson.MAX_DEPTH - 1).value(json, start, json.length);
        if (end < 0
                || JsonScanner.skipWhiteSpace(json, end, json.length) != json.length
                || !Utf8.isValid(json, 0, json.length)) {
            throw new IllegalArgumentException("json: not valid (expected: one JSON value in UTF-8)");
        }
        JsonSource source = new JsonSource(json, Placeholders.NONE, JsonSource.NO_ATTACHMENTS);
        return new JsonRawArgument(source, start, end, Binder.ofDefaultMapper());
    }

    static JsonRawArgument attached(byte[] data) {
        JsonSource source = new JsonSource(PLACEHOLDER, new int[] {0, PLACEHOLDER.length, 0}, new byte[][] {data});
        return new JsonRawArgument(source, 0, PLACEHOLDER.length, Binder.ofDefaultMapper());
    }

    /** What an encoder has just written: its own JSON, whose placeholders are numbered from 0. */
    static JsonRawArgument ofWritten(byte[] array, int start, int end, byte[][] attachments, Binder binder) {
        try {
            int[] placeholders = attachments.length == 0
                    ? Placeholders.NONE
                    : Placeholders.find(array, start, end, attachments.length);
            return new JsonRawArgument(new JsonSource(array, placeholders, attachments), start, end, binder);
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ByteBuffer json() {
        return ByteBuffer.wrap(source.array, start, end - start).slice().asReadOnlyBuffer();
    }

    @Override
    public boolean hasBinary() {
        return source.hasPlaceholder(start, end);
    }

    @Override
    public @Nullable Object as(Type type) {
        return binder.read(source, start, end, /* index= */ -1, type);
    }

    @Override
    public void serialize(JsonGenerator generator, SerializationContext context) {
        try (JsonParser tokens = binder.tokens(source, start, end)) {
            tokens.nextToken();
            generator.copyCurrentStructure(tokens);
        }
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

    @Override
    public String toString() {
        return Excerpt.of(source.array, start, end);
    }
}
