package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;

/**
 * Finds where binary data belongs in the validated JSON of a binary packet (Socket.IO v5, Packet encoding):
 *
 * <pre>
 *   {"_placeholder":true,"num":0}
 * </pre>
 *
 * <p>As in the reference, any object whose {@code _placeholder} is {@code true} is one, whatever else it holds; of repeated
 * keys the last one counts; an attachment may be used several times or not at all. {@code num} must be an integer from 0 to
 * below the count of attachments. (The reference lets fractions pass and puts {@code undefined} there.)
 *
 * <p>Confined to its caller. The recursion is as deep as the JSON, which the scanner has limited.
 */
final class Placeholders {
    /** No placeholders. */
    static final int[] NONE = {};

    /** The ints of one placeholder: where it starts, where it ends, which attachment it stands for. */
    static final int STRIDE = 3;

    private static final int ILLEGAL = -1;

    private final byte[] array;
    private final int end;
    private final int attachments;
    private int[] found = new int[4 * STRIDE];
    private int count; // of ints in found

    private Placeholders(byte[] array, int end, int attachments) {
        this.array = array;
        this.end = end;
        this.attachments = attachments;
    }

    /**
     * The placeholders of the values between two positions, which commas separate: in order, {@link #STRIDE} ints each.
     *
     * @throws ProtocolException {@code illegal attachments} when one stands for an attachment that is not there
     */
    static int[] find(byte[] array, int start, int end, int attachments) throws ProtocolException {
        Placeholders placeholders = new Placeholders(array, end, attachments);
        placeholders.values(start);
        for (int i = 0; i < placeholders.count; i += STRIDE) {
            if (placeholders.found[i + 2] == ILLEGAL) {
                throw new ProtocolException("illegal attachments");
            }
        }
        return placeholders.count == 0 ? NONE : Arrays.copyOf(placeholders.found, placeholders.count);
    }

    private void values(int start) {
        int p = start;
        while (p < end) {
            p = skipWhiteSpace(value(p)) + 1; // the comma
        }
    }

    private int value(int start) {
        int p = skipWhiteSpace(start);
        return switch (array[p]) {
            case '{' -> object(p);
            case '[' -> array(p);
            case '"' -> JsonScanner.string(array, p + 1, end);
            default -> scalar(p);
        };
    }

    private int array(int start) {
        int p = skipWhiteSpace(start + 1);
        if (array[p] == ']') {
            return p + 1;
        }
        while (true) {
            p = skipWhiteSpace(value(p));
            if (array[p] == ']') {
                return p + 1;
            }
            p++; // the comma
        }
    }

    private int object(int start) {
        int outside = count;
        boolean placeholder = false;
        int num = ILLEGAL;
        int p = skipWhiteSpace(start + 1);
        while (array[p] != '}') {
            int key = p + 1;
            int keyEnd = JsonScanner.string(array, key, end) - 1;
            p = skipWhiteSpace(skipWhiteSpace(keyEnd + 1) + 1); // behind the colon
            int member = p;
            p = value(member);
            if (JsonString.matches(array, key, keyEnd, "_placeholder")) {
                placeholder = array[member] == 't';
            } else if (JsonString.matches(array, key, keyEnd, "num")) {
                num = num(member, p);
            }
            p = skipWhiteSpace(p);
            if (array[p] == ',') {
                p = skipWhiteSpace(p + 1);
            }
        }
        p++;
        if (placeholder) {
            count = outside; // what a placeholder holds besides is dropped
            add(start, p, num);
        }
        return p;
    }

    private int num(int start, int end) {
        if (array[start] != '-' && (array[start] < '0' || array[start] > '9')) {
            return ILLEGAL;
        }
        double num = JsNumber.json(array, start, end);
        return num >= 0 && num < attachments && num == Math.rint(num) ? (int) num : ILLEGAL;
    }

    private int scalar(int start) {
        int p = start;
        while (p < end && array[p] != ',' && array[p] != ']' && array[p] != '}' && array[p] > ' ') {
            p++;
        }
        return p;
    }

    private int skipWhiteSpace(int p) {
        return JsonScanner.skipWhiteSpace(array, p, end);
    }

    private void add(int start, int end, int num) {
        if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = start;
        found[count++] = end;
        found[count++] = num;
    }
}
