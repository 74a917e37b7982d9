package io.sockeye.protocol.socketio;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes live values into an output: the usual ones by hand, the rest with Jackson.
 *
 * <p>Thread-safe.
 */
final class ValueWriter {
    private static final int SCALAR_CAPACITY = 26;
    private static final int OBJECT_CAPACITY = 200;

    private final ObjectWriter writer;

    ValueWriter(JsonMapper mapper) {
        this.writer = mapper.writer();
    }

    /** How many bytes the value will probably take. */
    static int estimate(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length() + 3;
        }
        if (value instanceof JsonRawArgument raw) {
            return raw.end() - raw.start() + 1;
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return SCALAR_CAPACITY;
        }
        return OBJECT_CAPACITY;
    }

    /** Writes one value. */
    void write(JsonOutput output, @Nullable Object value) {
        if (value instanceof String text) {
            output.string(text);
        } else if (value == null) {
            output.text("null");
        } else if (value instanceof JsonRawArgument raw) {
            output.raw(raw.source(), raw.start(), raw.end());
        } else if (value instanceof Boolean) {
            output.text(value.toString());
        } else if (value instanceof byte[] data) {
            output.binary(data);
        } else if (value instanceof ByteBuffer buffer) {
            output.binary(bytesOf(buffer));
        } else if (!writeNumber(output, value)) {
            writeObject(output, value);
        }
    }

    /** A copy of what a buffer has left, which it still has behind it. */
    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] data = new byte[buffer.remaining()];
        buffer.duplicate().get(data);
        return data;
    }

    private static boolean writeNumber(JsonOutput output, Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            output.number(((Number) value).longValue());
        } else if (value instanceof Double number) {
            output.number(number.doubleValue());
        } else if (value instanceof Float number) {
            output.number(number.floatValue());
        } else {
            return false;
        }
        return true;
    }

    private void writeObject(JsonOutput output, Object value) {
        try (JsonGenerator json = writer.createGenerator(output)) {
            writer.writeValue(new AttachmentGenerator(json, output), value);
        }
    }
}
