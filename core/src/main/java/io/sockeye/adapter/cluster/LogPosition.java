package io.sockeye.adapter.cluster;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where an entry stands in the log of a {@link LogDriver}: a number of 64 bits that grows from entry to entry, {@code milliseconds
 * since 1970 << 20 | number within the millisecond}. 0 is before every entry.
 *
 * <p>As the offset that clients are given it is a text of digits, as in the reference's streams adapter ({@code
 * restoreSession}: {@code ^[0-9]+-[0-9]+$}), with zeros in front so that all have one length:
 *
 * <pre>
 *   1795269600000-0000012
 *   └ 13: millisecond    └ 7: number
 * </pre>
 */
public final class LogPosition {
    private static final int NUMBER_BITS = 20;
    private static final long LAST_NUMBER = (1L << NUMBER_BITS) - 1;
    private static final int MILLIS_DIGITS = 13;
    private static final int NUMBER_DIGITS = 7;
    private static final int LENGTH = MILLIS_DIGITS + 1 + NUMBER_DIGITS;
    private static final long LAST_MILLIS = (1L << (63 - NUMBER_BITS)) - 1; // the year 2248
    private static final Pattern OFFSET = Pattern.compile("([0-9]{1,13})-([0-9]{1,7})");

    /** What stands for an offset until it is known. */
    static final String BLANK = "0000000000000-0000000";

    private static final byte[] BLANK_BYTES = BLANK.getBytes(StandardCharsets.US_ASCII);

    private LogPosition() {}

    /**
     * The position of a log's entry.
     *
     * @throws IllegalArgumentException when the number is larger than 1,048,575, or the millisecond is that of another era
     */
    public static long of(long millis, long number) {
        if (millis < 0 || millis > LAST_MILLIS || number < 0 || number > LAST_NUMBER) {
            throw new IllegalArgumentException("position: " + millis + "-" + number + " (expected: 0-0 to "
                    + LAST_MILLIS + "-" + LAST_NUMBER + ")");
        }
        return millis << NUMBER_BITS | number;
    }

    /** The milliseconds of a position. */
    public static long millis(long position) {
        return position >>> NUMBER_BITS;
    }

    /** The number within the millisecond. */
    public static long number(long position) {
        return position & LAST_NUMBER;
    }

    /** The offset that stands for a position. */
    static String text(long position) {
        byte[] digits = BLANK_BYTES.clone();
        write(digits, 0, position);
        return new String(digits, StandardCharsets.US_ASCII);
    }

    /** The position of an offset; -1 for any other text. */
    static long parse(String offset) {
        var matcher = OFFSET.matcher(offset);
        if (!matcher.matches()) {
            return -1;
        }
        long millis = Long.parseLong(matcher.group(1));
        long number = Long.parseLong(matcher.group(2));
        return millis > LAST_MILLIS || number > LAST_NUMBER ? -1 : of(millis, number);
    }

    /** Puts a position in the place of {@link #BLANK}, the packet's last argument. Only before anybody has seen the packet. */
    static void write(EncodedPacket packet, long position) {
        byte[] array = packet.array();
        int start = packet.packetOffset();
        for (int at = start + packet.packetLength() - LENGTH; at >= start; at--) {
            if (isBlank(array, at)) {
                write(array, at, position);
                return;
            }
        }
        throw new IllegalStateException("the parser does not write strings as they are");
    }

    private static boolean isBlank(byte[] array, int at) {
        for (int i = 0; i < LENGTH; i++) {
            if (array[at + i] != BLANK_BYTES[i]) {
                return false;
            }
        }
        return true;
    }

    private static void write(byte[] array, int at, long position) {
        writeDigits(array, at, MILLIS_DIGITS, millis(position));
        writeDigits(array, at + MILLIS_DIGITS + 1, NUMBER_DIGITS, number(position));
    }

    private static void writeDigits(byte[] array, int at, int count, long value) {
        long rest = value;
        for (int i = count - 1; i >= 0; i--, rest /= 10) {
            array[at + i] = (byte) ('0' + rest % 10);
        }
    }
}
