package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Arguments as they arrived: ranges of the packet's JSON.
 *
 * <p>Immutable.
 */
final class JsonArguments extends JsonSource implements Arguments {
    /** No arguments. */
    static final JsonArguments NONE = new JsonArguments(
            JsonString.EMPTY,
            Placeholders.NONE,
            NO_ATTACHMENTS,
            Binder.ofDefaultMapper(),
            /* start= */ -1,
            /* end= */ -1,
            new int[0]);

    private final Binder binder;
    private final int start; // of the first argument; negative when there is none
    private final int end; // of the first argument
    private final int[] rest; // start and end of each further argument

    JsonArguments(
            byte[] array, int[] placeholders, byte[][] attachments, Binder binder, int start, int end, int[] rest) {
        super(array, placeholders, attachments);
        this.binder = binder;
        this.start = start;
        this.end = end;
        this.rest = rest;
    }

    @Override
    public int size() {
        return start < 0 ? 0 : 1 + rest.length / 2;
    }

    @Override
    public boolean hasBinary() {
        return placeholders.length > 0;
    }

    @Override
    public @Nullable Object get(int index, Type type) {
        if (index < 0 || index >= size()) {
            throw Binder.missing(index, type);
        }
        return binder.read(this, startOf(index), endOf(index), index, type);
    }

    @Override
    public RawArgument raw(int index) {
        if (index < 0 || index >= size()) {
            throw Binder.missing(index, RawArgument.class);
        }
        return new JsonRawArgument(this, startOf(index), endOf(index), binder);
    }

    /** These arguments with binary data where they hold placeholders. */
    JsonArguments withAttachments(byte[][] data) throws ProtocolException {
        if (size() == 0) {
            return this;
        }
        int[] found = Placeholders.find(array, start, endOf(size() - 1), data.length);
        return new JsonArguments(array, found, data, binder, start, end, rest);
    }

    int startOf(int index) {
        return index == 0 ? start : rest[2 * index - 2];
    }

    int endOf(int index) {
        return index == 0 ? end : rest[2 * index - 1];
    }

    @Override
    public String toString() {
        if (size() == 0) {
            return "[]";
        }
        return '[' + Excerpt.of(array, start, endOf(size() - 1)) + ']';
    }
}
