package io.sockeye.protocol.socketio;

import java.math.BigInteger;

/**
 * Numbers out of validated MessagePack.
 *
 * <p>Thread-safe: without state.
 */
final class MsgpackNumber {
    private MsgpackNumber() {}

    /** Whether the value is a number. */
    static boolean isNumber(byte first) {
        int c = first & 0xff;
        return MsgpackScanner.isInteger(first) || c == MsgpackScanner.FLOAT32 || c == MsgpackScanner.FLOAT64;
    }

    /** Whether the value is an integer of 2<sup>63</sup> or more, which no long holds. */
    static boolean exceedsLong(byte[] a, int p) {
        return (a[p] & 0xff) == MsgpackScanner.UINT64 && a[p + 1] < 0;
    }

    /** An integer; of those that exceed a long the same bits. */
    static long integer(byte[] a, int p) {
        int c = a[p] & 0xff;
        return switch (c) {
            case 0xcc, 0xcd, 0xce, 0xcf -> MsgpackScanner.unsigned(a, p + 1, 1 << (c - MsgpackScanner.UINT8));
            case 0xd0 -> a[p + 1];
            case 0xd1 -> (short) MsgpackScanner.unsigned(a, p + 1, 2);
            case 0xd2 -> (int) MsgpackScanner.unsigned(a, p + 1, 4);
            case 0xd3 -> MsgpackScanner.unsigned(a, p + 1, 8);
            default -> a[p];
        };
    }

    /** An integer that exceeds a long. */
    static BigInteger bigInteger(byte[] a, int p) {
        return new BigInteger(1, a, p + 1, Long.BYTES);
    }

    /** A number of any form as JavaScript has it. */
    static double number(byte[] a, int p) {
        return switch (a[p] & 0xff) {
            case MsgpackScanner.FLOAT32 -> Float.intBitsToFloat((int) MsgpackScanner.unsigned(a, p + 1, 4));
            case MsgpackScanner.FLOAT64 -> Double.longBitsToDouble(MsgpackScanner.unsigned(a, p + 1, 8));
            default -> exceedsLong(a, p) ? bigInteger(a, p).doubleValue() : integer(a, p);
        };
    }
}
