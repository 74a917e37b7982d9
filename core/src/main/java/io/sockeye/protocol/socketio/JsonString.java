package io.sockeye.protocol.socketio;

import java.nio.charset.StandardCharsets;

/**
 * Strings out of validated JSON.
 *
 * <p>Thread-safe: without state.
 */
final class JsonString {
    /** No bytes. */
    static final byte[] EMPTY = {};

    private JsonString() {}

    /** The string between the quotes; {@code start} is behind the opening one, {@code end} at the closing one. */
    static String decode(byte[] array, int start, int end) {
        int escape = JsonScanner.plainEnd(array, start, end);
        if (escape == end) {
            return new String(array, start, end - start, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(end - start);
        int p = start;
        while (p < end) {
            if (escape > p) {
                text.append(new String(array, p, escape - p, StandardCharsets.UTF_8));
                p = escape;
            } else {
                p = unescape(array, p, text);
            }
            escape = JsonScanner.plainEnd(array, p, end);
        }
        return text.toString();
    }

    /** Whether the string between the quotes is the given ASCII text. */
    static boolean matches(byte[] array, int start, int end, String text) {
        if (JsonScanner.plainEnd(array, start, end) != end) {
            return decode(array, start, end).equals(text);
        }
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (array[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Appends what the escape at {@code p} stands for and answers the position behind it. */
    private static int unescape(byte[] array, int p, StringBuilder text) {
        byte c = array[p + 1];
        if (c == 'u') {
            int unit = 0;
            for (int i = p + 2; i < p + 6; i++) {
                unit = unit << 4 | Character.digit(array[i], 16);
            }
            text.append((char) unit);
            return p + 6;
        }
        text.append(
                switch (c) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> (char) c;
                });
        return p + 2;
    }
}
