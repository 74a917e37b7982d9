package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * One argument that nobody has read: a valid value in the form in which it arrived, and the binary data in it. Given to an
 * emit of the same parser, it is written as it is; inside another value, or with another parser, it is written anew.
 *
 * <p>Extended by parsers. Immutable and thread-safe. Keeps alive what it came in: the message, or over long-polling the whole
 * request body.
 */
public abstract class RawArgument implements JacksonSerializable {

    /** For parsers. */
    protected RawArgument() {}

    /**
     * An argument of JSON text. Objects that look like placeholders stay objects.
     *
     * @param json one JSON value in UTF-8; not copied, must not be written to afterwards
     * @throws IllegalArgumentException when it is not valid JSON, or nested deeper than {@link SocketJson#MAX_DEPTH}
     */
    public static RawArgument ofJson(byte[] json) {
        return JsonRawArgument.validated(json);
    }

    /** An argument of binary data, which is not copied and must not be written to afterwards. */
    public static RawArgument ofBinary(byte[] data) {
        return JsonRawArgument.attached(data);
    }

    /**
     * The value as JSON text in UTF-8, read-only, with placeholders for binary data, {@code {"_placeholder":true,"num":0}},
     * numbered as they arrived.
     */
    public abstract ByteBuffer json();

    /** Whether this is binary data or contains some. */
    public abstract boolean hasBinary();

    /**
     * Reads the value, like {@link Arguments#get(int, Type)}.
     *
     * @throws ArgumentException when it is not of that type
     */
    @SuppressWarnings("unchecked") // the binder answers what it was asked for
    public final <T> @Nullable T as(Class<T> type) {
        return (T) as((Type) type);
    }

    /**
     * Reads the value, like {@link Arguments#get(int, Type)}.
     *
     * @throws ArgumentException when it is not of that type
     */
    public abstract @Nullable Object as(Type type);

    /** Writes the value, with binary data as such. */
    @Override
    public abstract void serialize(JsonGenerator generator, SerializationContext context);

    @Override
    public final void serializeWithType(
            JsonGenerator generator, SerializationContext context, TypeSerializer typeSerializer) {
        serialize(generator, context);
    }

    /** For the log: bounded, and without characters that could break a line. */
    @Override
    public abstract String toString();
}
