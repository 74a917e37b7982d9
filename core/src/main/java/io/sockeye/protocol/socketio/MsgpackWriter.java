package io.sockeye.protocol.socketio;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Writes live values into MessagePack: the usual ones by hand, the rest by way of Jackson's tokens.
 *
 * <p>Thread-safe.
 */
final class MsgpackWriter {
    private static final int SCALAR_CAPACITY = 9;
    private static final int OBJECT_CAPACITY = 200;

    private final JsonMapper mapper;
    private final MsgpackDialect dialect;

    MsgpackWriter(JsonMapper mapper, MsgpackDialect dialect) {
        this.mapper = mapper;
        this.dialect = dialect;
    }

    /** How many bytes the value will probably take. */
    static int estimate(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length() + 5;
        }
        if (value instanceof byte[] data) {
            return data.length + 5;
        }
        if (value instanceof MsgpackRawArgument raw) {
            return raw.length();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? SCALAR_CAPACITY : OBJECT_CAPACITY;
    }

    /** Writes one value. */
    void write(MsgpackOutput output, @Nullable Object value) {
        if (value instanceof String text) {
            output.string(text);
        } else if (value == null) {
            output.nil();
        } else if (value instanceof MsgpackRawArgument raw) {
            raw.writeTo(output, dialect);
        } else if (value instanceof Boolean bool) {
            output.bool(bool);
        } else if (value instanceof Number number && isPlain(number)) {
            number(output, number);
        } else if (value instanceof byte[] data) {
            output.binary(data);
        } else if (value instanceof ByteBuffer buffer) {
            output.binary(ValueWriter.bytesOf(buffer));
        } else {
            writeObject(output, value);
        }
    }

    private void writeObject(MsgpackOutput output, Object value) {
        try (TokenBuffer buffer = mapper.writeValueIntoBuffer(value)) {
            tokens(output, buffer.asParser(mapper._deserializationContext()));
        }
    }

    private void tokens(MsgpackOutput output, JsonParser tokens) {
        try (tokens) {
            if (tokens.nextToken() == null) {
                output.nil(); // a serializer that writes nothing
            } else {
                token(output, tokens);
            }
        }
    }

    private void token(MsgpackOutput output, JsonParser tokens) {
        switch (tokens.currentToken()) {
            case START_OBJECT -> {
                int begun = output.begin();
                int count = 0;
                while (tokens.nextToken() != JsonToken.END_OBJECT) {
                    output.string(tokens.currentName());
                    tokens.nextToken();
                    token(output, tokens);
                    count++;
                }
                output.end(begun, count, /* map= */ true);
            }
            case START_ARRAY -> {
                int begun = output.begin();
                int count = 0;
                while (tokens.nextToken() != JsonToken.END_ARRAY) {
                    token(output, tokens);
                    count++;
                }
                output.end(begun, count, /* map= */ false);
            }
            case VALUE_STRING -> output.string(tokens.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(output, tokens.getNumberValue());
            case VALUE_TRUE -> output.bool(true);
            case VALUE_FALSE -> output.bool(false);
            case VALUE_EMBEDDED_OBJECT -> embedded(output, tokens.getEmbeddedObject());
            default -> output.nil();
        }
    }

    private void embedded(MsgpackOutput output, @Nullable Object value) {
        if (value == null) {
            output.nil();
        } else if (value instanceof byte[] data) {
            output.binary(data);
        } else {
            // Such as the raw JSON of a @JsonRawValue. As JSON it has no embedded objects any more.
            tokens(output, mapper.createParser(mapper.writeValueAsBytes(value)));
        }
    }

    private static boolean isPlain(Number number) {
        return number instanceof Integer
                || number instanceof Long
                || number instanceof Double
                || number instanceof Float
                || number instanceof Short
                || number instanceof Byte;
    }

    private static void number(MsgpackOutput output, Number number) {
        if (number instanceof Double) {
            output.number(number.doubleValue());
        } else if (number instanceof Float) {
            output.number(Double.parseDouble(number.toString())); // 0.1f is 0.1 to a reader who has no floats
        } else if (number instanceof BigDecimal
                || (number instanceof BigInteger integer && integer.bitLength() >= Long.SIZE)) {
            output.number(number.doubleValue());
        } else {
            output.integer(number.longValue());
        }
    }
}
