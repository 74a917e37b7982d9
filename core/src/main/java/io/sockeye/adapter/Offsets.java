package io.sockeye.adapter;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The texts that stand for positions in one {@link PacketLog}: {@code 6 random characters, and 7 for the position}.
 *
 * <p>The random part tells a client's offset from a text of the application that the client took for one, and from those of an
 * earlier run of the server. All have one length, so that a packet can be encoded before its position is known: {@link #write}
 * puts it where {@link #blank} stands.
 *
 * <p>Immutable and thread-safe.
 */
final class Offsets {
    private static final byte[] DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);
    private static final int RANDOM_BYTES = 6;
    private static final int MARK_LENGTH = 6;
    private static final int POSITION_LENGTH = 7; // 2^42 packets
    private static final int BITS = 6;

    private final String mark;
    private final String blank;
    private final byte[] blankBytes;

    Offsets(Random random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        this.mark = Base64.getUrlEncoder().encodeToString(bytes).substring(0, MARK_LENGTH);
        this.blank = mark + "-".repeat(POSITION_LENGTH);
        this.blankBytes = blank.getBytes(StandardCharsets.US_ASCII);
    }

    /** What stands for an offset until it is known. */
    String blank() {
        return blank;
    }

    /**
     * Puts a position in the place of {@link #blank}, which is the packet's last argument. Only before anybody else has seen
     * the packet.
     */
    void write(EncodedPacket packet, long position) {
        byte[] array = packet.array();
        int at = lastBlank(array, packet.packetOffset(), packet.packetOffset() + packet.packetLength());
        if (at < 0) {
            throw new IllegalStateException("the parser does not write strings as they are");
        }
        write(array, at + MARK_LENGTH, position);
    }

    /** The offset of a position. */
    String text(long position) {
        byte[] digits = new byte[POSITION_LENGTH];
        write(digits, 0, position);
        return mark + new String(digits, StandardCharsets.US_ASCII);
    }

    /** The position of an offset; -1 for any other text, and for null. */
    long position(@Nullable String offset) {
        if (offset == null || offset.length() != blank.length() || !offset.startsWith(mark)) {
            return -1;
        }
        long position = 0;
        for (int i = MARK_LENGTH; i < offset.length(); i++) {
            int digit = digit(offset.charAt(i));
            if (digit < 0) {
                return -1;
            }
            position = position << BITS | digit;
        }
        return position;
    }

    private static void write(byte[] array, int start, long position) {
        for (int i = POSITION_LENGTH - 1, rest = 0; i >= 0; i--, rest += BITS) {
            array[start + i] = DIGITS[(int) (position >>> rest) & (1 << BITS) - 1];
        }
    }

    private static int digit(char c) {
        for (int i = 0; i < DIGITS.length; i++) {
            if (DIGITS[i] == c) {
                return i;
            }
        }
        return -1;
    }

    private int lastBlank(byte[] array, int start, int end) {
        for (int at = end - blankBytes.length; at >= start; at--) {
            int same = 0;
            while (same < blankBytes.length && array[at + same] == blankBytes[same]) {
                same++;
            }
            if (same == blankBytes.length) {
                return at;
            }
        }
        return -1;
    }
}
