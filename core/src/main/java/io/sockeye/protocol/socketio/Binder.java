package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Reads ranges of validated JSON as Java types: strings, small integers and booleans by hand, the rest with Jackson.
 *
 * <p>Jackson sees an argument that contains binary data as a sequence of tokens in which the placeholders have been replaced
 * by embedded {@code byte[]} values, which every deserializer of binary data understands.
 *
 * <p>Thread-safe.
 */
final class Binder {
    /** More types than an application asks for; a bound in case it makes them up. */
    private static final int MAX_READERS = 1000;

    private static final int MAX_PLAIN_INT_DIGITS = 9;
    private static final int MAX_PLAIN_LONG_DIGITS = 18;
    private static final int MAX_NAME_CHARS = 64;

    private final JsonMapper mapper;
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    Binder(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** The binder of those who bring no mapper. */
    static Binder ofDefaultMapper() {
        return Default.BINDER;
    }

    /** What is thrown for an argument that is not there. */
    static ArgumentException missing(int index, Type type) {
        return mismatch(index, type, "nothing");
    }

    /** Reads the value in the range. */
    @Nullable Object read(JsonSource source, int start, int end, int index, Type type) {
        byte[] array = source.array;
        byte first = array[start];
        if (type == String.class && first == '"') {
            return JsonString.decode(array, start + 1, end - 1);
        }
        if (type instanceof Class<?> wanted) {
            if (wanted == RawArgument.class) {
                return new JsonRawArgument(source, start, end, this);
            }
            if (first == 'n' && wanted.isPrimitive()) {
                throw mismatch(index, type, "null");
            }
            Object scalar = scalar(array, start, end, wanted);
            if (scalar != null) {
                return scalar;
            }
            int attachment = source.wholeAttachment(start, end);
            if (attachment >= 0) {
                byte[] data = source.attachments[attachment];
                if (wanted == byte[].class || wanted == Object.class) {
                    return data;
                }
                if (wanted == ByteBuffer.class) {
                    return ByteBuffer.wrap(data);
                }
                if (wanted == String.class) {
                    throw mismatch(index, type, "binary"); // Jackson would make base64 of it
                }
            }
        }
        return bind(source, start, end, index, type);
    }

    /** A boolean or an integer of few digits; null for everything else. */
    private static @Nullable Object scalar(byte[] array, int start, int end, Class<?> wanted) {
        if (wanted == int.class || wanted == Integer.class) {
            return isPlainInteger(array, start, end, MAX_PLAIN_INT_DIGITS)
                    ? (Object) (int) integer(array, start, end)
                    : null;
        }
        if (wanted == long.class || wanted == Long.class) {
            return isPlainInteger(array, start, end, MAX_PLAIN_LONG_DIGITS)
                    ? (Object) integer(array, start, end)
                    : null;
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return array[start] == 't' ? Boolean.TRUE : array[start] == 'f' ? Boolean.FALSE : null;
        }
        return null;
    }

    private static boolean isPlainInteger(byte[] array, int start, int end, int maxDigits) {
        int p = array[start] == '-' ? start + 1 : start;
        if (end - p > maxDigits) {
            return false;
        }
        while (p < end) {
            if (array[p] < '0' || array[p] > '9') {
                return false;
            }
            p++;
        }
        return true;
    }

    private static long integer(byte[] array, int start, int end) {
        boolean negative = array[start] == '-';
        long value = 0;
        for (int p = negative ? start + 1 : start; p < end; p++) {
            value = 10 * value + array[p] - '0';
        }
        return negative ? -value : value;
    }

    private @Nullable Object bind(JsonSource source, int start, int end, int index, Type type) {
        ObjectReader reader = reader(type);
        try {
            if (!source.hasPlaceholder(start, end)) {
                return reader.readValue(source.array, start, end - start);
            }
            try (JsonParser tokens = tokens(source, start, end)) {
                return reader.readValue(tokens);
            }
        } catch (JacksonException e) {
            throw failure(e, index, type, kind(source, start, end));
        }
    }

    /** Reads a value of another encoding than JSON, which has been put into the buffer. */
    @Nullable Object bind(TokenBuffer buffer, int index, Type type, String kind) {
        try (JsonParser tokens = buffer.asParser(mapper._deserializationContext())) {
            return reader(type).readValue(tokens);
        } catch (JacksonException e) {
            throw failure(e, index, type, kind);
        }
    }

    /** What is thrown when Jackson does not make the type of the value. */
    private static RuntimeException failure(JacksonException e, int index, Type type, String kind) {
        return e instanceof InvalidDefinitionException
                ? e // the type's fault, not the peer's
                : mismatch(index, type, kind + pathOf(e));
    }

    /** What is thrown for an argument that is something else. */
    static ArgumentException mismatch(int index, Type type, String got) {
        return new ArgumentException(index, "expected " + nameOf(type) + ", got " + got);
    }

    /** The value in the range as tokens, with binary data in the place of placeholders. */
    JsonParser tokens(JsonSource source, int start, int end) {
        JsonParser tokens = mapper.createParser(source.array, start, end - start);
        if (!source.hasPlaceholder(start, end)) {
            return tokens;
        }
        try (tokens;
                TokenBuffer buffer = embed(source, start, tokens)) {
            return buffer.asParser();
        }
    }

    private static TokenBuffer embed(JsonSource source, int start, JsonParser tokens) {
        TokenBuffer buffer = TokenBuffer.forBuffering(tokens, tokens.objectReadContext());
        int next = source.firstPlaceholder(start);
        while (tokens.nextToken() != null) {
            boolean placeholder = tokens.currentToken() == JsonToken.START_OBJECT
                    && next < source.placeholders.length
                    && start + tokens.currentTokenLocation().getByteOffset() == source.placeholders[next];
            if (placeholder) {
                buffer.writeEmbeddedObject(source.attachments[source.placeholders[next + 2]]);
                tokens.skipChildren();
                next += Placeholders.STRIDE;
            } else {
                buffer.copyCurrentEvent(tokens);
            }
        }
        return buffer;
    }

    private ObjectReader reader(Type type) {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            reader = mapper.readerFor(mapper.constructType(type));
            if (readers.size() < MAX_READERS) {
                readers.put(type, reader);
            }
        }
        return reader;
    }

    private static String nameOf(Type type) {
        return type instanceof Class<?> wanted ? wanted.getSimpleName() : type.getTypeName();
    }

    /** What there is instead of what was expected. */
    private static String kind(JsonSource source, int start, int end) {
        return switch (source.array[start]) {
            case '"' -> "string";
            case '{' -> source.wholeAttachment(start, end) >= 0 ? "binary" : "object";
            case '[' -> "array";
            case 't', 'f' -> "boolean";
            case 'n' -> "null";
            default -> "number";
        };
    }

    /** Where inside the argument it went wrong, such as {@code (at items[3].price)}; empty for the argument itself. */
    private static String pathOf(JacksonException e) {
        List<JacksonException.Reference> references = e.getPath();
        if (references.isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".");
                path.append(name, 0, Math.min(name.length(), MAX_NAME_CHARS));
            }
        }
        return " (at " + Excerpt.of(path.toString()) + ')';
    }

    private static final class Default {
        static final Binder BINDER = new Binder(SocketJson.defaultMapper());
    }
}
