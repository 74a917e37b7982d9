package io.sockeye.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Text of type {@code application/x-www-form-urlencoded}, read as the reference reads it (URL Standard, 5.1): {@code +} is a
 * space, an escape that is none stands for itself, bytes that are no UTF-8 become U+FFFD. Nothing a peer sends is an error.
 *
 * <p>Thread-safe: without state.
 */
public final class UrlEncoded {
    private UrlEncoded() {}

    /** Gives each name and value in order; a name without {@code =} has an empty value. */
    public static void forEach(byte[] text, int offset, BiConsumer<String, String> action) {
        int start = offset;
        while (start < text.length) {
            int stop = indexOf(text, '&', start, text.length);
            if (stop > start) {
                int equals = indexOf(text, '=', start, stop);
                action.accept(decode(text, start, equals), decode(text, Math.min(equals + 1, stop), stop));
            }
            start = stop + 1;
        }
    }

    /** The text that a range stands for. */
    public static String decode(byte[] text, int start, int end) {
        byte[] decoded = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            if (text[i] == '+') {
                decoded[length++] = ' ';
            } else if (text[i] == '%' && i + 2 < end && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
                decoded[length++] = (byte) (hex(text[i + 1]) << 4 | hex(text[i + 2]));
                i += 2;
            } else {
                decoded[length++] = text[i];
            }
        }
        return new String(Utf8.repair(Arrays.copyOf(decoded, length)), StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] text, char wanted, int start, int end) {
        int i = start;
        while (i < end && text[i] != wanted) {
            i++;
        }
        return i;
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
