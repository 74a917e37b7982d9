package io.sockeye.protocol.socketio;

import java.nio.charset.StandardCharsets;

/**
 * Pieces of a peer's input that may go into a log: cut to a bound, and anything but printable ASCII escaped.
 *
 * <p>Thread-safe: without state.
 */
final class Excerpt {
    private static final int MAX_CHARS = 200;

    private Excerpt() {}

    /** The beginning of UTF-8 text. */
    static String of(byte[] array, int start, int end) {
        int cut = Math.min(end, start + MAX_CHARS);
        String text = new String(array, start, cut - start, StandardCharsets.UTF_8);
        return escape(text) + (cut < end ? "... (" + (end - start) + " bytes)" : "");
    }

    /** The beginning of a text. */
    static String of(String text) {
        boolean cut = text.length() > MAX_CHARS;
        return escape(cut ? text.substring(0, MAX_CHARS) : text) + (cut ? "... (" + text.length() + " chars)" : "");
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }
}
