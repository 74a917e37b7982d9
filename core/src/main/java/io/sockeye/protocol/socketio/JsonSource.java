package io.sockeye.protocol.socketio;

/**
 * A packet's validated JSON and the binary data that its placeholders stand for. Arguments are ranges of it.
 *
 * <p>Immutable; nothing writes to the arrays.
 */
class JsonSource {
    /** No attachments. */
    static final byte[][] NO_ATTACHMENTS = {};

    final byte[] array;
    final int[] placeholders; // see Placeholders.find
    final byte[][] attachments;

    JsonSource(byte[] array, int[] placeholders, byte[][] attachments) {
        this.array = array;
        this.placeholders = placeholders;
        this.attachments = attachments;
    }

    /** The index in {@link #placeholders} of the first one at or behind a position; its length when there is none. */
    final int firstPlaceholder(int position) {
        int i = 0;
        while (i < placeholders.length && placeholders[i] < position) {
            i += Placeholders.STRIDE;
        }
        return i;
    }

    /** Whether there is a placeholder in the range. */
    final boolean hasPlaceholder(int start, int end) {
        int i = firstPlaceholder(start);
        return i < placeholders.length && placeholders[i] < end;
    }

    /** The binary data that the range as a whole stands for, as an index into the attachments; negative for other values. */
    final int wholeAttachment(int start, int end) {
        int i = firstPlaceholder(start);
        boolean whole = i < placeholders.length && placeholders[i] == start && placeholders[i + 1] == end;
        return whole ? placeholders[i + 2] : -1;
    }
}
