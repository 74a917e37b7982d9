package io.sockeye.protocol.socketio;

import io.sockeye.protocol.Utf8;

/*
 * The forms of MessagePack (its specification, Formats), by their first byte:
 *
 *   00-7f  a small integer           c0     nil                 d0-d3  int of 1, 2, 4, 8 bytes
 *   80-8f  a map of up to 15         c1     nothing             d4-d8  ext of 1, 2, 4, 8, 16 bytes: type, data
 *   90-9f  an array of up to 15      c2 c3  false, true         d9-db  str:  length of 1, 2, 4 bytes, UTF-8
 *   a0-bf  a str of up to 31 bytes   c4-c6  bin                 dc dd  array: count of 2, 4 bytes
 *   e0-ff  a small negative integer  c7-c9  ext                 de df  map
 *                                    ca cb  float, double       (bin: length; ext: length of 1, 2, 4 bytes, type, data)
 *                                    cc-cf  uint of 1, 2, 4, 8
 *
 * What an ext means is a matter of the MsgpackDialect.
 */

/**
 * A strict validator of MessagePack, and the places of things in it. Beyond the specification, strings are valid UTF-8, keys of
 * maps are scalars, and nesting is limited. It keeps no stack but the counts of what is left at each level.
 *
 * <p>Confined to its owner.
 */
final class MsgpackScanner {
    /** What {@link #value} answers when there is no value. */
    static final int INVALID = -1;

    static final int NIL = 0xc0;
    static final int FALSE = 0xc2;
    static final int TRUE = 0xc3;
    static final int BIN8 = 0xc4;
    static final int BIN32 = 0xc6;
    static final int EXT8 = 0xc7;
    static final int EXT32 = 0xc9;
    static final int FLOAT32 = 0xca;
    static final int FLOAT64 = 0xcb;
    static final int UINT8 = 0xcc;
    static final int UINT64 = 0xcf;
    static final int INT8 = 0xd0;
    static final int INT64 = 0xd3;
    static final int FIXEXT1 = 0xd4;
    static final int FIXEXT8 = 0xd7;
    static final int FIXEXT16 = 0xd8;
    static final int STR8 = 0xd9;
    static final int STR32 = 0xdb;
    static final int ARRAY16 = 0xdc;
    static final int ARRAY32 = 0xdd;
    static final int MAP16 = 0xde;
    static final int MAP32 = 0xdf;

    private final int maxDepth;
    private final MsgpackDialect dialect;
    private final long[] left; // values still to come at each level; garbage above the current depth
    private final boolean[] map; // whether a level is a map; garbage above the current depth
    private boolean binary;

    /** A scanner of what clients send, which refuses values nested deeper than so many levels. */
    MsgpackScanner(int maxDepth) {
        this(maxDepth, MsgpackDialect.OF_CLIENTS);
    }

    /** A scanner that refuses values nested deeper than so many levels. */
    MsgpackScanner(int maxDepth, MsgpackDialect dialect) {
        this.maxDepth = maxDepth;
        this.dialect = dialect;
        this.left = new long[maxDepth];
        this.map = new boolean[maxDepth];
    }

    /** The position behind the value that starts at {@code start}; {@link #INVALID} when there is none. */
    int value(byte[] a, int start, int end) {
        int depth = 0;
        int p = start;
        while (true) {
            if (p >= end) {
                return INVALID;
            }
            if (isContainer(a[p])) {
                boolean key = depth > 0 && map[depth - 1] && (left[depth - 1] & 1) == 0;
                int content = contentOf(a, p, end);
                if (depth == maxDepth || content < 0 || key) {
                    return INVALID;
                }
                map[depth] = isMap(a[p]);
                left[depth] = map[depth] ? 2 * countOf(a, p) : countOf(a, p);
                depth++;
                p = content;
            } else {
                boolean key = depth > 0 && map[depth - 1] && (left[depth - 1] & 1) == 0;
                p = scalar(a, p, end, key);
                if (p < 0) {
                    return INVALID;
                }
                if (depth > 0) {
                    left[depth - 1]--;
                }
            }
            while (depth > 0 && left[depth - 1] == 0) {
                depth--;
                if (depth > 0) {
                    left[depth - 1]--;
                }
            }
            if (depth == 0) {
                return p;
            }
        }
    }

    /** Whether binary data has come by since the last call. */
    boolean takeBinary() {
        boolean taken = binary;
        binary = false;
        return taken;
    }

    private int scalar(byte[] a, int p, int end, boolean key) {
        int content = contentOf(a, p, end);
        long length = content < 0 ? 0 : lengthOf(a, p);
        if (content < 0 || length > end - content) {
            return INVALID;
        }
        int behind = content + (int) length;
        int c = a[p] & 0xff;
        if (isString(a[p])) {
            return Utf8.isValid(a, content, (int) length) ? behind : INVALID;
        }
        boolean data = (c >= BIN8 && c <= EXT32) || (c >= FIXEXT1 && c <= FIXEXT16);
        if (data && key) {
            return INVALID;
        }
        binary |= data && !dialect.isUndefined(a, p) && !dialect.isDate(a, p);
        return behind;
    }

    /** The position behind the key of a map that starts at {@code start}; {@link #INVALID} when there is none. */
    int key(byte[] a, int start, int end) {
        return start >= end || isContainer(a[start]) ? INVALID : scalar(a, start, end, /* key= */ true);
    }

    /** Where what a value holds begins, behind its form, length and ext type; {@link #INVALID} for what begins no value. */
    static int contentOf(byte[] a, int p, int end) {
        int content = p + 1 + headerLength(a[p] & 0xff);
        return (a[p] & 0xff) == 0xc1 || content > end ? INVALID : content;
    }

    /** Where what a valid value holds begins. */
    static int contentOf(byte[] a, int p) {
        return p + 1 + headerLength(a[p] & 0xff);
    }

    private static int headerLength(int c) {
        if (c < NIL || c >= 0xe0) {
            return 0;
        }
        return switch (c) {
            case BIN8, STR8, FIXEXT1, 0xd5, 0xd6, FIXEXT8, FIXEXT16 -> 1;
            case 0xc5, 0xda, EXT8, ARRAY16, MAP16 -> 2;
            case 0xc8 -> 3;
            case BIN32, STR32, ARRAY32, MAP32 -> 4;
            case EXT32 -> 5;
            default -> 0;
        };
    }

    /** How many bytes of content a valid value has that is neither array nor map. */
    static long lengthOf(byte[] a, int p) {
        int c = a[p] & 0xff;
        if (c >= 0xa0 && c <= 0xbf) {
            return c & 0x1f;
        }
        if (c < 0xa0 || c >= 0xe0) {
            return 0;
        }
        return switch (c) {
            case BIN8, STR8, EXT8 -> a[p + 1] & 0xff;
            case 0xc5, 0xda, 0xc8 -> unsigned(a, p + 1, 2);
            case BIN32, STR32, EXT32 -> unsigned(a, p + 1, 4);
            case UINT8, INT8, FIXEXT1 -> 1;
            case 0xcd, 0xd1, 0xd5 -> 2;
            case FLOAT32, 0xce, 0xd2, 0xd6 -> 4;
            case FLOAT64, UINT64, INT64, FIXEXT8 -> 8;
            case FIXEXT16 -> 16;
            default -> 0; // nil, false, true
        };
    }

    /** How many elements a valid array has, or entries a map. */
    static long countOf(byte[] a, int p) {
        int c = a[p] & 0xff;
        return switch (c) {
            case ARRAY16, MAP16 -> unsigned(a, p + 1, 2);
            case ARRAY32, MAP32 -> unsigned(a, p + 1, 4);
            default -> c & 0x0f;
        };
    }

    static boolean isArray(byte first) {
        int c = first & 0xff;
        return (c & 0xf0) == 0x90 || c == ARRAY16 || c == ARRAY32;
    }

    static boolean isMap(byte first) {
        int c = first & 0xff;
        return (c & 0xf0) == 0x80 || c == MAP16 || c == MAP32;
    }

    private static boolean isContainer(byte first) {
        return isArray(first) || isMap(first);
    }

    static boolean isString(byte first) {
        int c = first & 0xff;
        return (c & 0xe0) == 0xa0 || (c >= STR8 && c <= STR32);
    }

    /** Whether the form is that of an integer. */
    static boolean isInteger(byte first) {
        int c = first & 0xff;
        return c < 0x80 || c >= 0xe0 || (c >= UINT8 && c <= INT64);
    }

    /** Whether the form is that of an ext. */
    static boolean isExt(byte first) {
        int c = first & 0xff;
        return (c >= EXT8 && c <= EXT32) || (c >= FIXEXT1 && c <= FIXEXT16);
    }

    /** Whether the form is a bin. */
    static boolean isBin(byte first) {
        int c = first & 0xff;
        return c >= BIN8 && c <= BIN32;
    }

    /** The integer of that many bytes. */
    static long unsigned(byte[] a, int p, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (a[p + i] & 0xff);
        }
        return value;
    }
}
