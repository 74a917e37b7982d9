package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Reads ranges of validated MessagePack as Java types: strings, numbers, booleans and binary data by hand, the rest with
 * Jackson, which sees it as {@link MsgpackTokens} writes it.
 *
 * <p>Thread-safe.
 */
final class MsgpackBinder {
    private final Binder binder;
    private final MsgpackDialect dialect;

    MsgpackBinder(JsonMapper mapper, MsgpackDialect dialect) {
        this.binder = new Binder(mapper);
        this.dialect = dialect;
    }

    MsgpackDialect dialect() {
        return dialect;
    }

    /** Reads the value in the range. */
    @Nullable Object read(byte[] array, int start, int end, int index, Type type) {
        if (type == RawArgument.class) {
            return new MsgpackRawArgument(array, start, end, this);
        }
        if (type instanceof Class<?> wanted) {
            if (isNull(array, start) && wanted.isPrimitive()) {
                throw Binder.mismatch(index, type, "null");
            }
            Object value = scalar(array, start, wanted);
            if (value == null && dialect.isBinary(array, start)) {
                value = binary(array, start, end, wanted);
                if (wanted == String.class) {
                    throw Binder.mismatch(index, type, "binary"); // Jackson would make base64 of it
                }
            }
            if (value != null) {
                return value;
            }
        }
        try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
            new MsgpackTokens(array, dialect, buffer).value(start);
            return binder.bind(buffer, index, type, kind(array, start));
        }
    }

    /** Text, a boolean, or a number that fits; null for everything else. */
    private static @Nullable Object scalar(byte[] array, int start, Class<?> wanted) {
        byte first = array[start];
        if (wanted == String.class) {
            return MsgpackScanner.isString(first) ? text(array, start) : null;
        }
        if (wanted == int.class || wanted == Integer.class) {
            return isLong(array, start)
                            && MsgpackNumber.integer(array, start) == (int) MsgpackNumber.integer(array, start)
                    ? (Object) (int) MsgpackNumber.integer(array, start)
                    : null;
        }
        if (wanted == long.class || wanted == Long.class) {
            return isLong(array, start) ? (Object) MsgpackNumber.integer(array, start) : null;
        }
        if (wanted == double.class || wanted == Double.class) {
            return MsgpackNumber.isNumber(first) ? (Object) MsgpackNumber.number(array, start) : null;
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return switch (first & 0xff) {
                case MsgpackScanner.TRUE -> true;
                case MsgpackScanner.FALSE -> false;
                default -> null;
            };
        }
        return null;
    }

    private static String text(byte[] array, int start) {
        int length = (int) MsgpackScanner.lengthOf(array, start);
        return new String(array, MsgpackScanner.contentOf(array, start), length, StandardCharsets.UTF_8);
    }

    private static boolean isLong(byte[] array, int start) {
        return MsgpackScanner.isInteger(array[start]) && !MsgpackNumber.exceedsLong(array, start);
    }

    /** A copy of the bytes of binary data; null for types that are not made of them by hand. */
    private static @Nullable Object binary(byte[] array, int start, int end, Class<?> wanted) {
        if (wanted == byte[].class || wanted == Object.class) {
            return Arrays.copyOfRange(array, MsgpackScanner.contentOf(array, start), end);
        }
        if (wanted == ByteBuffer.class) {
            return ByteBuffer.wrap(Arrays.copyOfRange(array, MsgpackScanner.contentOf(array, start), end));
        }
        return null;
    }

    private boolean isNull(byte[] array, int start) {
        return (array[start] & 0xff) == MsgpackScanner.NIL || dialect.isUndefined(array, start);
    }

    /** What there is instead of what was expected. */
    private String kind(byte[] array, int start) {
        byte first = array[start];
        if (isNull(array, start)) {
            return "null";
        }
        if (MsgpackScanner.isString(first)) {
            return "string";
        }
        if (MsgpackNumber.isNumber(first)) {
            return "number";
        }
        if (MsgpackScanner.isMap(first)) {
            return "object";
        }
        if (MsgpackScanner.isArray(first)) {
            return "array";
        }
        if (dialect.isDate(array, start)) {
            return "date";
        }
        int c = first & 0xff;
        return c == MsgpackScanner.TRUE || c == MsgpackScanner.FALSE ? "boolean" : "binary";
    }
}
