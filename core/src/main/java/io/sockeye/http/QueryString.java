package io.sockeye.http;

import io.sockeye.protocol.UrlEncoded;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses the query of a request target as the reference does, which is as {@link UrlEncoded} says; of several values of one
 * name the last counts.
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
                // The line was read byte by byte, so a char is a byte.
                byte[] bytes = uri.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
                return UrlEncoded.decode(bytes, 0, bytes.length);
            }
        }
        return uri.substring(start, end);
    }
}
