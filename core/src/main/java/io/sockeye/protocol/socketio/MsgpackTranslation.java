package io.sockeye.protocol.socketio;

import java.util.Arrays;

/**
 * Writes validated MessagePack of one dialect in another one, in which an ext may mean something else.
 *
 * <p>Confined to its caller. The recursion is as deep as the value, which the scanner has limited.
 */
final class MsgpackTranslation {
    private final byte[] array;
    private final MsgpackDialect from;
    private final MsgpackOutput output;
    private final MsgpackDialect to;

    MsgpackTranslation(byte[] array, MsgpackDialect from, MsgpackOutput output, MsgpackDialect to) {
        this.array = array;
        this.from = from;
        this.output = output;
        this.to = to;
    }

    /** Writes the value that starts there and answers the position behind it. */
    int value(int p) {
        byte first = array[p];
        int content = MsgpackScanner.contentOf(array, p);
        if (MsgpackScanner.isMap(first)) {
            return map(content, MsgpackScanner.countOf(array, p));
        }
        if (MsgpackScanner.isArray(first)) {
            int begun = output.begin();
            int behind = content;
            long count = MsgpackScanner.countOf(array, p);
            for (long i = 0; i < count; i++) {
                behind = value(behind);
            }
            output.end(begun, (int) count, /* map= */ false);
            return behind;
        }
        int behind = content + (int) MsgpackScanner.lengthOf(array, p);
        if (MsgpackScanner.isExt(first)) {
            ext(p, content, behind);
        } else {
            output.bytes(array, p, behind - p);
        }
        return behind;
    }

    /** Leaves out what is undefined: not every dialect can say it. */
    private int map(int content, long count) {
        int begun = output.begin();
        int written = 0;
        int p = content;
        for (long i = 0; i < count; i++) {
            int value = MsgpackScanner.contentOf(array, p) + (int) MsgpackScanner.lengthOf(array, p);
            if (from.isUndefined(array, value)) {
                p = MsgpackScanner.contentOf(array, value) + (int) MsgpackScanner.lengthOf(array, value);
            } else {
                output.bytes(array, p, value - p);
                p = value(value);
                written++;
            }
        }
        output.end(begun, written, /* map= */ true);
        return p;
    }

    private void ext(int p, int content, int behind) {
        if (from.isUndefined(array, p)) {
            to.undefined(output);
        } else if (from.isDate(array, p)) {
            to.date(output, from.millis(array, p));
        } else if (from.isBinary(array, p)) {
            output.binary(Arrays.copyOfRange(array, content, behind));
        } else {
            output.arrayHeader(2);
            output.integer(array[content - 1]);
            output.binary(Arrays.copyOfRange(array, content, behind));
        }
    }
}
