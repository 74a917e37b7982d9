package io.sockeye.protocol.socketio;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Arrays;

/**
 * MessagePack in the making, behind the room that {@link EncodedPacket} wants in front of it. Every value has the form that
 * notepack.io gives it, the shortest one; a number is an integer when JavaScript could not tell it from one.
 *
 * <p>Confined to its caller.
 */
final class MsgpackOutput {
    private static final int MAX_NUMBER = 9;
    private static final int MAX_HEADER = 5;
    private static final int MAX_TIMESTAMP = 15;
    private static final int MAX_UTF8_CHAR = 3; // bytes per char; a pair of surrogates takes four
    private static final double TWO_63 = 0x1p63;

    private byte[] array;
    private int position = EncodedPacket.HEADROOM;

    /** An output with room for so many bytes to begin with. */
    MsgpackOutput(int capacity) {
        this.array = new byte[EncodedPacket.HEADROOM + capacity];
    }

    int position() {
        return position;
    }

    void nil() {
        put(MsgpackScanner.NIL);
    }

    void undefined() {
        put(MsgpackScanner.FIXEXT1);
        put(0);
        put(0);
    }

    void bool(boolean value) {
        put(value ? MsgpackScanner.TRUE : MsgpackScanner.FALSE);
    }

    void integer(long value) {
        ensure(MAX_NUMBER);
        if (value >= -0x20 && value < 0x80) {
            array[position++] = (byte) value;
        } else if (value >= 0) {
            int power = value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 0x100000000L ? 2 : 3;
            form(MsgpackScanner.UINT8 + power, value, 1 << power);
        } else {
            int power = value >= -0x80 ? 0 : value >= -0x8000 ? 1 : value >= -0x80000000L ? 2 : 3;
            form(MsgpackScanner.INT8 + power, value, 1 << power);
        }
    }

    void number(double value) {
        boolean whole = value == Math.rint(value);
        if (whole && value >= -TWO_63 && value < TWO_63) {
            integer((long) value);
        } else if (whole && value >= TWO_63 && value < 2 * TWO_63) {
            ensure(MAX_NUMBER);
            form(MsgpackScanner.UINT64, (long) (value - TWO_63) | Long.MIN_VALUE, Long.BYTES);
        } else {
            ensure(MAX_NUMBER);
            form(MsgpackScanner.FLOAT64, Double.doubleToLongBits(value), Long.BYTES);
        }
    }

    void string(String value) {
        int length = utf8Length(value);
        header(length, 0xa0, 0x20, MsgpackScanner.STR8);
        ensure(length + MAX_UTF8_CHAR);
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i++);
            if (c < 0x80) {
                array[position++] = (byte) c;
            } else if (c < 0x800) {
                array[position++] = (byte) (0xc0 | c >>> 6);
                array[position++] = (byte) (0x80 | (c & 0x3f));
            } else if (isPair(value, i - 1)) {
                int point = Character.toCodePoint(c, value.charAt(i++));
                array[position++] = (byte) (0xf0 | point >>> 18);
                array[position++] = (byte) (0x80 | (point >>> 12 & 0x3f));
                array[position++] = (byte) (0x80 | (point >>> 6 & 0x3f));
                array[position++] = (byte) (0x80 | (point & 0x3f));
            } else {
                char whole = Character.isSurrogate(c) ? 0xfffd : c;
                array[position++] = (byte) (0xe0 | whole >>> 12);
                array[position++] = (byte) (0x80 | (whole >>> 6 & 0x3f));
                array[position++] = (byte) (0x80 | (whole & 0x3f));
            }
        }
    }

    private static int utf8Length(String value) {
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPair(value, i)) {
                i++;
                length += 4;
            } else {
                length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return Math.toIntExact(length);
    }

    private static boolean isPair(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1));
    }

    void binary(byte[] data) {
        header(data.length, 0, 0, MsgpackScanner.BIN8);
        bytes(data, 0, data.length);
    }

    void arrayHeader(int count) {
        header(count, 0x90, 0x10, MsgpackScanner.ARRAY16 - 1);
    }

    void mapHeader(int count) {
        header(count, 0x80, 0x10, MsgpackScanner.MAP16 - 1);
    }

    /** Begins an array or map whose count is not known, and answers what {@link #end} wants to know. */
    int begin() {
        put(0);
        return position;
    }

    /** Ends an array or map with its header, which may have to make room for itself. */
    void end(int begun, int count, boolean map) {
        int contentEnd = position;
        int moved = count < 0x10 ? 0 : count < 0x10000 ? 2 : 4;
        if (moved > 0) {
            ensure(moved);
            System.arraycopy(array, begun, array, begun + moved, contentEnd - begun);
        }
        position = begun - 1;
        if (map) {
            mapHeader(count);
        } else {
            arrayHeader(count);
        }
        position = contentEnd + moved;
    }

    /** An ext of that form, whose data is an integer of that many bytes. */
    void ext(int form, int type, long data, int bytes) {
        ensure(MAX_TIMESTAMP);
        array[position++] = (byte) form;
        form(type, data, bytes);
    }

    /** A timestamp of the longest form (MessagePack, Timestamp extension type). */
    void timestamp96(int type, long nanos, long seconds) {
        ensure(MAX_TIMESTAMP);
        array[position++] = (byte) MsgpackScanner.EXT8;
        array[position++] = Integer.BYTES + Long.BYTES;
        form(type, nanos, Integer.BYTES);
        form((int) (seconds >>> 56), seconds, Long.BYTES - 1);
    }

    /** Bytes as they are. */
    void bytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, array, position, length);
        position += length;
    }

    /** The packet, which owns the array from now on. */
    EncodedPacket packet(boolean compressible) {
        if (array.length > 2 * position) {
            array = Arrays.copyOf(array, position);
        }
        return EncodedPacket.binary(array, position - EncodedPacket.HEADROOM, compressible);
    }

    /** What has been written. */
    byte[] toBytes() {
        return Arrays.copyOfRange(array, EncodedPacket.HEADROOM, position);
    }

    /** What has been written, as an argument. */
    MsgpackRawArgument argument(MsgpackBinder binder) {
        return new MsgpackRawArgument(array, EncodedPacket.HEADROOM, position, binder);
    }

    /** A length in the short form below {@code shortEnd}, else in 1, 2 or 4 bytes; the form of 1 is {@code form}. */
    private void header(int length, int shortForm, int shortEnd, int form) {
        ensure(MAX_HEADER);
        boolean oneByte = form == MsgpackScanner.STR8 || form == MsgpackScanner.BIN8;
        if (length < shortEnd) {
            array[position++] = (byte) (shortForm | length);
        } else if (oneByte && length < 0x100) {
            form(form, length, 1);
        } else if (length < 0x10000) {
            form(form + 1, length, 2);
        } else {
            form(form + 2, length, 4);
        }
    }

    /** A first byte and an integer behind it, for which there is room. */
    private void form(int first, long value, int bytes) {
        array[position++] = (byte) first;
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            array[position++] = (byte) (value >>> shift);
        }
    }

    private void put(int b) {
        ensure(1);
        array[position++] = (byte) b;
    }

    private void ensure(int length) {
        if (array.length - position < length) {
            int needed = Math.addExact(position, length);
            array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, array.length * 2L)));
        }
    }
}
