package io.sockeye.protocol.socketio;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.NumberOutput;

/**
 * One packet in the making: its text, behind the room that {@link EncodedPacket} wants in front of it, and its attachments.
 * Text is written as {@code JSON.stringify} writes it (ECMA-262, QuoteJSONString, well-formed).
 *
 * <p>Confined to its caller.
 */
class JsonOutput extends OutputStream {
    static final int MAX_LONG_CHARS = 20;
    private static final int MAX_ESCAPED_CHAR = 6;
    private static final int LONG_STRING = 128; // chars
    private static final long QUESTION_MARKS = 0x3f3f3f3f3f3f3f3fL;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLACEHOLDER = "{\"_placeholder\":true,\"num\":".getBytes(StandardCharsets.US_ASCII);

    /** For each ASCII character: 0 when it stands for itself, {@code u} or the letter of its escape otherwise. */
    private static final byte[] ESCAPES = new byte[0x80];

    static {
        Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
        ESCAPES['\b'] = 'b';
        ESCAPES['\f'] = 'f';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES['\t'] = 't';
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
    }

    private final boolean compressible;
    private byte[] array;
    private int position = EncodedPacket.HEADROOM;
    private @Nullable List<byte[]> attachments; // null until there is one

    /** An output with room for so many bytes to begin with. */
    JsonOutput(int capacity, boolean compressible) {
        this.array = new byte[EncodedPacket.HEADROOM + capacity];
        this.compressible = compressible;
    }

    int position() {
        return position;
    }

    int attachmentCount() {
        return attachments == null ? 0 : attachments.size();
    }

    /** One ASCII character. */
    void ascii(char c) {
        ensure(1);
        array[position++] = (byte) c;
    }

    /** Bytes as they are. */
    @Override
    public void write(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, array, position, length);
        position += length;
    }

    @Override
    public void write(int b) {
        ascii((char) (b & 0xff));
    }

    /** Text that needs no escapes, in UTF-8. */
    void text(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                write(rest, 0, rest.length);
                return;
            }
            array[position++] = (byte) c;
        }
    }

    void number(long value) {
        ensure(MAX_LONG_CHARS);
        position = NumberOutput.outputLong(value, array, position);
    }

    /** A number as JavaScript writes it; null for what is no number, or infinite. */
    void number(double value) {
        if (value == (long) value && Math.abs(value) < JsNumber.MAX_EXACT_INTEGER) {
            number((long) value);
        } else {
            text(Double.isNaN(value) || Double.isInfinite(value) ? "null" : JsNumber.text(value));
        }
    }

    /** A number as JavaScript would write it if it had floats; null for what is no number, or infinite. */
    void number(float value) {
        if (value == (long) value && Math.abs(value) < JsNumber.MAX_EXACT_INTEGER) {
            number((long) value);
        } else {
            text(Float.isNaN(value) || Float.isInfinite(value) ? "null" : JsNumber.text(value));
        }
    }

    /** A string with its quotes. */
    void string(String value) {
        ensure(value.length() + 2);
        array[position++] = '"';
        if (value.length() < LONG_STRING || !longString(value)) {
            shortString(value);
        }
        ensure(1);
        array[position++] = '"';
    }

    /** Character by character, without making anything. Room for the string's length in bytes has been made. */
    private void shortString(String value) {
        int length = value.length();
        int i = 0;
        while (i < length) {
            byte[] a = array;
            int p = position;
            char c = 0;
            while (i < length && (c = value.charAt(i)) < 0x80 && ESCAPES[c] == 0) {
                a[p++] = (byte) c;
                i++;
            }
            position = p;
            if (i < length) {
                ensure(length - i + MAX_ESCAPED_CHAR);
                i += special(value, i, c);
            }
        }
    }

    /**
     * By way of the JDK's encoder, which uses vector instructions, and copying what needs no escape in runs. The encoder puts a
     * question mark in the place of a lone surrogate; when there are more of them than in the string, answers false and has
     * written nothing.
     */
    private boolean longString(String value) {
        int start = position;
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int questionMarks = 0;
        int copied = 0;
        int p = runEnd(utf8, 0);
        while (p < utf8.length) {
            if (utf8[p] == '?') {
                questionMarks++;
            } else {
                write(utf8, copied, p - copied);
                ensure(utf8.length - p + MAX_ESCAPED_CHAR);
                escape((char) utf8[p]);
                copied = p + 1;
            }
            p = runEnd(utf8, p + 1);
        }
        write(utf8, copied, p - copied);
        if (questionMarks > 0 && questionMarks != count(value, '?')) {
            position = start;
            return false;
        }
        return true;
    }

    private static int count(String value, char c) {
        int count = 0;
        for (int i = value.indexOf(c); i >= 0; i = value.indexOf(c, i + 1)) {
            count++;
        }
        return count;
    }

    /** The position of the first byte at or behind {@code p} that has an escape or is a question mark; else the end. */
    private static int runEnd(byte[] utf8, int p) {
        int i = p;
        while (i <= utf8.length - Long.BYTES) {
            long word = (long) SwarBytes.LONGS.get(utf8, i);
            long found = SwarBytes.jsonSpecials(word) | SwarBytes.equal(word, QUESTION_MARKS);
            if (found != 0) {
                return i + SwarBytes.firstMark(found);
            }
            i += Long.BYTES;
        }
        while (i < utf8.length && (utf8[i] < 0 || ESCAPES[utf8[i]] == 0) && utf8[i] != '?') {
            i++;
        }
        return i;
    }

    /** Writes one character that does not stand for itself in one byte, and answers how many chars it is. */
    private int special(String value, int i, char c) {
        if (c < 0x80) {
            escape(c);
        } else if (c < 0x800) {
            array[position++] = (byte) (0xc0 | c >>> 6);
            array[position++] = (byte) (0x80 | (c & 0x3f));
        } else if (!Character.isSurrogate(c)) {
            array[position++] = (byte) (0xe0 | c >>> 12);
            array[position++] = (byte) (0x80 | (c >>> 6 & 0x3f));
            array[position++] = (byte) (0x80 | (c & 0x3f));
        } else if (Character.isHighSurrogate(c)
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1))) {
            int point = Character.toCodePoint(c, value.charAt(i + 1));
            array[position++] = (byte) (0xf0 | point >>> 18);
            array[position++] = (byte) (0x80 | (point >>> 12 & 0x3f));
            array[position++] = (byte) (0x80 | (point >>> 6 & 0x3f));
            array[position++] = (byte) (0x80 | (point & 0x3f));
            return 2;
        } else {
            unicodeEscape(c);
        }
        return 1;
    }

    private void escape(char c) {
        byte letter = ESCAPES[c];
        if (letter == 'u') {
            unicodeEscape(c);
        } else {
            array[position++] = '\\';
            array[position++] = letter;
        }
    }

    private void unicodeEscape(char c) {
        array[position++] = '\\';
        array[position++] = 'u';
        array[position++] = HEX[c >>> 12];
        array[position++] = HEX[c >>> 8 & 0xf];
        array[position++] = HEX[c >>> 4 & 0xf];
        array[position++] = HEX[c & 0xf];
    }

    /** A placeholder for binary data, which becomes the next attachment. */
    void binary(byte[] data) {
        write(PLACEHOLDER, 0, PLACEHOLDER.length);
        number(attach(data));
        ascii('}');
    }

    /** Makes binary data the next attachment and answers its number. */
    int attach(byte[] data) {
        if (attachments == null) {
            attachments = new ArrayList<>(4);
        }
        attachments.add(data);
        return attachments.size() - 1;
    }

    /** JSON that has been validated, with its placeholders numbered anew. */
    void raw(JsonSource source, int start, int end) {
        int from = start;
        int[] placeholders = source.placeholders;
        for (int i = source.firstPlaceholder(start);
                i < placeholders.length && placeholders[i] < end;
                i += Placeholders.STRIDE) {
            write(source.array, from, placeholders[i] - from);
            binary(source.attachments[placeholders[i + 2]]);
            from = placeholders[i + 1];
        }
        write(source.array, from, end - from);
    }

    /** Puts text in between what has been written. */
    void insert(int at, String ascii) {
        int length = ascii.length();
        ensure(length);
        System.arraycopy(array, at, array, at + length, position - at);
        for (int i = 0; i < length; i++) {
            array[at + i] = (byte) ascii.charAt(i);
        }
        position += length;
    }

    /** Puts one ASCII character in the place of another. */
    void replace(int at, char c) {
        array[at] = (byte) c;
    }

    /** The packet, which owns the array from now on. */
    EncodedPacket packet() {
        if (array.length > 2 * position) {
            array = Arrays.copyOf(array, position);
        }
        int length = position - EncodedPacket.HEADROOM;
        EncodedPacket[] encoded = new EncodedPacket[attachmentCount()];
        if (attachments != null) {
            for (int i = 0; i < encoded.length; i++) {
                byte[] data = attachments.get(i);
                encoded[i] = EncodedPacket.binary(data, 0, data.length, compressible);
            }
        }
        return EncodedPacket.text(array, length, compressible, encoded);
    }

    /** What has been written. */
    byte[] toBytes() {
        return Arrays.copyOfRange(array, EncodedPacket.HEADROOM, position);
    }

    /** What has been written, as an argument. */
    JsonRawArgument argument(Binder binder) {
        byte[][] data = attachments == null ? JsonSource.NO_ATTACHMENTS : attachments.toArray(new byte[0][]);
        return JsonRawArgument.ofWritten(array, EncodedPacket.HEADROOM, position, data, binder);
    }

    private void ensure(int length) {
        if (array.length - position < length) {
            int needed = Math.addExact(position, length);
            array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, array.length * 2L)));
        }
    }
}
