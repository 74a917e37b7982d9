package io.sockeye.protocol.socketio;

/**
 * A strict JSON validator over UTF-8 bytes, which takes exactly what {@code JSON.parse} takes (RFC 8259, ECMA-404): one
 * value; space, tab, line feed and carriage return between tokens; no control characters in strings; any escapes, lone
 * surrogates included; repeated keys. Beyond that, nesting is limited.
 *
 * <p>It keeps no stack but one bit per level, which says whether the container at that level is an object. Strings, where
 * the bytes are, are looked over eight bytes at a time for the three kinds of byte that matter in them.
 *
 * <p>Confined to its owner.
 */
final class JsonScanner {
    /** What {@link #value} answers when there is no value. */
    static final int INVALID = -1;

    private final int maxDepth;
    private final long[] objects; // a bit for each level; garbage above the current depth

    /** A scanner that refuses values nested deeper than so many levels. */
    JsonScanner(int maxDepth) {
        this.maxDepth = maxDepth;
        this.objects = new long[(maxDepth + Long.SIZE - 1) / Long.SIZE];
    }

    /** The position behind the value that starts at {@code start}, white space aside; {@link #INVALID} if there is none. */
    int value(byte[] a, int start, int end) {
        int depth = 0;
        int p = start;
        while (true) {
            // A value starts at p.
            p = skipWhiteSpace(a, p, end);
            if (p >= end) {
                return INVALID;
            }
            byte c = a[p];
            if (c == '{' || c == '[') {
                if (depth == maxDepth) {
                    return INVALID;
                }
                boolean object = c == '{';
                push(depth++, object);
                p = skipWhiteSpace(a, p + 1, end);
                if (p >= end) {
                    return INVALID;
                }
                if (a[p] != (object ? '}' : ']')) {
                    p = object ? key(a, p, end) : p;
                    if (p < 0) {
                        return INVALID;
                    }
                    continue;
                }
                depth--;
                p++;
            } else {
                p = scalar(a, p, end);
            }
            // A value ended in front of p: close what ends with it, up to the next comma.
            while (depth > 0 && p >= 0) {
                p = skipWhiteSpace(a, p, end);
                if (p >= end) {
                    return INVALID;
                }
                boolean object = isObject(depth - 1);
                if (a[p] == ',') {
                    p = object ? key(a, skipWhiteSpace(a, p + 1, end), end) : p + 1;
                    break;
                }
                if (a[p] != (object ? '}' : ']')) {
                    return INVALID;
                }
                depth--;
                p++;
            }
            if (depth == 0 || p < 0) {
                return p;
            }
        }
    }

    /** The position of the first byte at or behind {@code p} that is no white space, at most {@code end}. */
    static int skipWhiteSpace(byte[] a, int p, int end) {
        int i = p;
        while (i < end && a[i] <= ' ' && (a[i] == ' ' || a[i] == '\n' || a[i] == '\r' || a[i] == '\t')) {
            i++;
        }
        return i;
    }

    private void push(int level, boolean object) {
        long bit = 1L << level;
        if (object) {
            objects[level >>> 6] |= bit;
        } else {
            objects[level >>> 6] &= ~bit;
        }
    }

    private boolean isObject(int level) {
        return (objects[level >>> 6] & 1L << level) != 0;
    }

    /** The position behind a key and its colon. */
    private static int key(byte[] a, int p, int end) {
        if (p >= end || a[p] != '"') {
            return INVALID;
        }
        int i = string(a, p + 1, end);
        if (i < 0) {
            return INVALID;
        }
        i = skipWhiteSpace(a, i, end);
        return i < end && a[i] == ':' ? i + 1 : INVALID;
    }

    private static int scalar(byte[] a, int p, int end) {
        return switch (a[p]) {
            case '"' -> string(a, p + 1, end);
            case 't' -> end - p >= 4 && a[p + 1] == 'r' && a[p + 2] == 'u' && a[p + 3] == 'e' ? p + 4 : INVALID;
            case 'n' -> end - p >= 4 && a[p + 1] == 'u' && a[p + 2] == 'l' && a[p + 3] == 'l' ? p + 4 : INVALID;
            case 'f' -> isFalse(a, p, end) ? p + 5 : INVALID;
            default -> number(a, p, end);
        };
    }

    private static boolean isFalse(byte[] a, int p, int end) {
        return end - p >= 5 && a[p + 1] == 'a' && a[p + 2] == 'l' && a[p + 3] == 's' && a[p + 4] == 'e';
    }

    /** The position behind a string's closing quote; {@code start} is behind its opening one. */
    static int string(byte[] a, int start, int end) {
        int p = start;
        while (true) {
            p = plainEnd(a, p, end);
            if (p >= end) {
                return INVALID;
            }
            if (a[p] == '"') {
                return p + 1;
            }
            if (a[p] != '\\') {
                return INVALID; // a control character
            }
            p = escape(a, p, end);
            if (p < 0) {
                return INVALID;
            }
        }
    }

    /** The position of the first quote, backslash or control character at or behind {@code p}, or {@code end}. */
    static int plainEnd(byte[] a, int p, int end) {
        int i = p;
        while (i <= end - Long.BYTES) {
            long special = SwarBytes.jsonSpecials((long) SwarBytes.LONGS.get(a, i));
            if (special != 0) {
                return i + SwarBytes.firstMark(special);
            }
            i += Long.BYTES;
        }
        while (i < end && a[i] != '"' && a[i] != '\\' && (a[i] < 0 || a[i] >= ' ')) {
            i++;
        }
        return i;
    }

    private static int escape(byte[] a, int p, int end) {
        if (p + 1 >= end) {
            return INVALID;
        }
        return switch (a[p + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> p + 2;
            case 'u' ->
                p + 5 < end && isHex(a[p + 2]) && isHex(a[p + 3]) && isHex(a[p + 4]) && isHex(a[p + 5])
                        ? p + 6
                        : INVALID;
            default -> INVALID;
        };
    }

    private static boolean isHex(byte c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /** RFC 8259, 6: {@code [-] int [frac] [exp]}. */
    private static int number(byte[] a, int start, int end) {
        int p = start;
        if (a[p] == '-') {
            p++;
        }
        if (p < end && a[p] == '0') {
            p++;
        } else {
            p = digits(a, p, end);
        }
        if (p > 0 && p < end && a[p] == '.') {
            p = digits(a, p + 1, end);
        }
        if (p > 0 && p < end && (a[p] == 'e' || a[p] == 'E')) {
            p++;
            if (p < end && (a[p] == '+' || a[p] == '-')) {
                p++;
            }
            p = digits(a, p, end);
        }
        return p;
    }

    /** The position behind one or more digits. */
    private static int digits(byte[] a, int start, int end) {
        int p = start;
        while (p < end && a[p] >= '0' && a[p] <= '9') {
            p++;
        }
        return p == start ? INVALID : p;
    }
}
