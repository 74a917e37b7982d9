package io.sockeye.transport.polling;

import io.sockeye.protocol.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body of type {@code application/x-www-form-urlencoded}, read as the reference reads it: {@code +} is a space, an escape
 * that is none stands for itself, bytes that are no UTF-8 become U+FFFD. Nothing a peer sends is an error.
 *
 * <p>Thread-safe: without state.
 */
final class FormBody {
    private FormBody() {}

    /** The value, as UTF-8, of the only parameter of that name; null when there is none or more than one. */
    static byte @Nullable [] only(byte[] body, char name) {
        byte[] value = null;
        int start = 0;
        while (start < body.length) {
            int stop = indexOf(body, '&', start, body.length);
            int equals = indexOf(body, '=', start, stop);
            byte[] key = decode(body, start, equals);
            if (stop > start && key.length == 1 && key[0] == name) {
                if (value != null) {
                    return null;
                }
                value = decode(body, Math.min(equals + 1, stop), stop);
            }
            start = stop + 1;
        }
        return value;
    }

    private static int indexOf(byte[] body, char wanted, int start, int end) {
        int i = start;
        while (i < end && body[i] != wanted) {
            i++;
        }
        return i;
    }

    private static byte[] decode(byte[] body, int start, int end) {
        byte[] decoded = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            if (body[i] == '+') {
                decoded[length++] = ' ';
            } else if (body[i] == '%' && i + 2 < end && hex(body[i + 1]) >= 0 && hex(body[i + 2]) >= 0) {
                decoded[length++] = (byte) (hex(body[i + 1]) << 4 | hex(body[i + 2]));
                i += 2;
            } else {
                decoded[length++] = body[i];
            }
        }
        return Utf8.repair(Arrays.copyOf(decoded, length));
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
