package io.sockeye.protocol.socketio;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes validated MessagePack as Jackson's tokens, the way its values would look in JSON: a date as ISO 8601 text, {@code
 * undefined} as null in an array and not at all in an object, an ext as an array of its type and its data. Binary data is
 * embedded, not base64.
 *
 * <p>Confined to its caller. The recursion is as deep as the value, which the scanner has limited.
 */
final class MsgpackTokens {
    /** The last moment that JavaScript's dates can tell, in ms before and after 1970. */
    private static final long LAST_DATE_MILLIS = 8_640_000_000_000_000L;

    private static final DateTimeFormatter BEHIND_YEAR = DateTimeFormatter.ofPattern("-MM-dd'T'HH:mm:ss.SSS'Z'");

    private final byte[] array;
    private final MsgpackDialect dialect;
    private final JsonGenerator generator;

    MsgpackTokens(byte[] array, MsgpackDialect dialect, JsonGenerator generator) {
        this.array = array;
        this.dialect = dialect;
        this.generator = generator;
    }

    /** Writes the value that starts there and answers the position behind it. */
    int value(int p) {
        byte first = array[p];
        int content = MsgpackScanner.contentOf(array, p);
        if (MsgpackScanner.isMap(first)) {
            return map(content, MsgpackScanner.countOf(array, p));
        }
        if (MsgpackScanner.isArray(first)) {
            return array(content, MsgpackScanner.countOf(array, p));
        }
        int length = (int) MsgpackScanner.lengthOf(array, p);
        if (MsgpackScanner.isString(first)) {
            generator.writeString(new String(array, content, length, StandardCharsets.UTF_8));
        } else if (MsgpackNumber.isNumber(first)) {
            number(p);
        } else {
            rest(p, content, length);
        }
        return content + length;
    }

    private int map(int content, long count) {
        generator.writeStartObject();
        int p = content;
        for (long i = 0; i < count; i++) {
            String name = name(p);
            p = MsgpackScanner.contentOf(array, p) + (int) MsgpackScanner.lengthOf(array, p);
            if (dialect.isUndefined(array, p)) {
                p += 3;
            } else {
                generator.writeName(name);
                p = value(p);
            }
        }
        generator.writeEndObject();
        return p;
    }

    private int array(int content, long count) {
        generator.writeStartArray();
        int p = content;
        for (long i = 0; i < count; i++) {
            p = value(p);
        }
        generator.writeEndArray();
        return p;
    }

    /** A key as JavaScript makes it a property's name. */
    private String name(int p) {
        if (MsgpackScanner.isString(array[p])) {
            int content = MsgpackScanner.contentOf(array, p);
            return new String(array, content, (int) MsgpackScanner.lengthOf(array, p), StandardCharsets.UTF_8);
        }
        if (MsgpackNumber.isNumber(array[p])) {
            return JsNumber.text(MsgpackNumber.number(array, p));
        }
        return switch (array[p] & 0xff) {
            case MsgpackScanner.TRUE -> "true";
            case MsgpackScanner.FALSE -> "false";
            default -> "null";
        };
    }

    private void number(int p) {
        if (!MsgpackScanner.isInteger(array[p])) {
            generator.writeNumber(MsgpackNumber.number(array, p));
        } else if (MsgpackNumber.exceedsLong(array, p)) {
            generator.writeNumber(MsgpackNumber.bigInteger(array, p));
        } else {
            long value = MsgpackNumber.integer(array, p);
            if (value == (int) value) {
                generator.writeNumber((int) value);
            } else {
                generator.writeNumber(value);
            }
        }
    }

    private void rest(int p, int content, int length) {
        int c = array[p] & 0xff;
        if (c == MsgpackScanner.TRUE || c == MsgpackScanner.FALSE) {
            generator.writeBoolean(c == MsgpackScanner.TRUE);
        } else if (c == MsgpackScanner.NIL || dialect.isUndefined(array, p)) {
            generator.writeNull();
        } else if (dialect.isDate(array, p)) {
            String date = date(dialect.millis(array, p));
            if (date == null) {
                generator.writeNull();
            } else {
                generator.writeString(date);
            }
        } else if (dialect.isBinary(array, p)) {
            generator.writePOJO(Arrays.copyOfRange(array, content, content + length));
        } else {
            generator.writeStartArray();
            generator.writeNumber((int) array[content - 1]);
            generator.writePOJO(Arrays.copyOfRange(array, content, content + length));
            generator.writeEndArray();
        }
    }

    /** The text of a date as {@code toISOString} gives it; null for what is none. */
    private static @Nullable String date(long millis) {
        if (Math.abs(millis) > LAST_DATE_MILLIS || millis == Long.MIN_VALUE) {
            return null;
        }
        ZonedDateTime date = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        int year = date.getYear();
        String sign = year < 0 ? "-" : year > 9999 ? "+" : "";
        String digits = String.valueOf(Math.abs(year));
        String zeros = "0".repeat((sign.isEmpty() ? 4 : 6) - digits.length());
        return sign + zeros + digits + BEHIND_YEAR.format(date);
    }
}
