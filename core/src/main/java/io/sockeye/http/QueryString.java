package io.sockeye.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses the query of a request target as the reference does, which is as {@code application/x-www-form-urlencoded} (URL
 * Standard, 5.1): {@code +} is a space, an escape that is none stands for itself, bytes that are no UTF-8 become U+FFFD,
 * and of several values of one name the last counts. Nothing a peer sends is an error.
 *
 * <p>Stateless.
 */
final class QueryString {
    private QueryString() {}

    /** The parameters of a request target in order of first appearance. */
    static Map<String, String> parse(String uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int start = uri.indexOf('?') + 1;
        if (start == 0) {
            return parameters;
        }
        int fragment = uri.indexOf('#');
        int end = fragment < 0 ? uri.length() : fragment;
        while (start < end) {
            int ampersand = uri.indexOf('&', start);
            int stop = ampersand < 0 || ampersand > end ? end : ampersand;
            if (stop > start) {
                int equals = uri.indexOf('=', start);
                boolean hasValue = equals >= 0 && equals < stop;
                parameters.put(
                        decode(uri, start, hasValue ? equals : stop), hasValue ? decode(uri, equals + 1, stop) : "");
            }
            start = stop + 1;
        }
        return parameters;
    }

    private static String decode(String uri, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '%' || c == '+' || c > 0x7f) {
                return decodeSlowly(uri, start, end);
            }
        }
        return uri.substring(start, end);
    }

    private static String decodeSlowly(String uri, int start, int end) {
        byte[] bytes = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '+') {
                bytes[length++] = ' ';
            } else if (c == '%' && i + 2 < end && hex(uri, i + 1) >= 0 && hex(uri, i + 2) >= 0) {
                bytes[length++] = (byte) (hex(uri, i + 1) << 4 | hex(uri, i + 2));
                i += 2;
            } else {
                bytes[length++] = (byte) c; // the line was read byte by byte, so a char is a byte
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static int hex(String text, int index) {
        return Character.digit(text.charAt(index), 16);
    }
}
