package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's frames (RFC 6455, 5.2) and assembles them into messages.
 *
 * <pre>
 *    0 1 2 3  4 5 6 7   0  1 2 3 4 5 6 7
 *   | F R R R  opcode | 1 | length or 126 or 127 | [length: 16 or 64 bits] | mask: 32 bits | masked payload … |
 *   | I S S S         | M |
 *   | N V V V         | A |
 *   |   1 2 3         | SK|
 * </pre>
 *
 * <p>It keeps its place between two reads, so that nothing has to be collected before it can be read: a payload goes from
 * the network's buffer straight into the array that the message will be delivered in, is unmasked there, and in the same
 * pass it shows whether it is ASCII and so needs no check for UTF-8. That array has the message's exact size when a frame
 * arrives whole; otherwise it grows with what arrives, never because a header announces it.
 *
 * <p>Errors are those of the reference, by close code. Confined to its connection's event loop.
 */
final class FrameReader {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int INVALID_PAYLOAD = 1007;
    static final int POLICY_VIOLATION = 1008;
    static final int TOO_BIG = 1009;

    /** As many fragments as the reference puts up with in one message. */
    private static final int MAX_FRAGMENTS = 16 * 1024;

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_OR_3 = 0x30;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;
    private static final int MAX_CONTROL_LENGTH = 125;
    private static final int FIRST_SPACE = 4 * 1024;
    private static final byte[] EMPTY = {};

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Learns what arrives. A call may stop the reader, which then leaves the rest unread. */
    interface Sink {
        /** A text message: the first {@code length} bytes of an array that is the sink's from now on. */
        void onText(byte[] array, int length);

        /** A binary message, in an array that is the sink's from now on. */
        void onBinary(byte[] data);

        /** A message that is still compressed: the first {@code length} bytes of the array. */
        void onCompressed(byte[] array, int length, boolean text);

        void onPing(byte[] data);

        /** A close frame whose payload, empty or a code and a reason, is valid. */
        void onCloseFrame(byte[] payload);

        /** The client has broken the rules. Nothing further is read. */
        void onViolation(int closeCode, String description);
    }

    private enum Step {
        FIRST,
        SECOND,
        LENGTH,
        MASK,
        PAYLOAD,
        BROKEN
    }

    private final int maxPayload;
    private final boolean compression;
    private final Sink sink;
    private boolean stopped;

    // The frame that is being read.
    private Step step = Step.FIRST;
    private int first; // its first byte
    private int opcode;
    private int bytesLeft; // of the length or the mask
    private long length; // of the payload, as far as it is known
    private int mask;
    private int position; // how much of the payload has been read
    private byte[] control = EMPTY; // the payload of a control frame

    // The message that is being read.
    private int messageOpcode; // 0 between messages
    private boolean messageCompressed;
    private byte[] message = EMPTY;
    private int messageLength; // how much of it has been read
    private int fragments;
    private long highBits; // non-zero once a byte was not ASCII

    FrameReader(int maxPayload, boolean compression, Sink sink) {
        this.maxPayload = maxPayload;
        this.compression = compression;
        this.sink = sink;
    }

    /** Reads until nothing is left or {@link #stop} is called. */
    void read(ByteBuf in) {
        stopped = false;
        while (!stopped && advance(in)) {}
    }

    /** Makes {@link #read} return behind the message that is being delivered. */
    void stop() {
        stopped = true;
    }

    /** Reads no frames any more; what arrives is skipped. */
    void abandon() {
        step = Step.BROKEN;
        message = EMPTY;
    }

    /** Takes one step; false when there are too few bytes for it. */
    private boolean advance(ByteBuf in) {
        if (step == Step.PAYLOAD) {
            return readPayload(in);
        }
        if (!in.isReadable()) {
            return false;
        }
        switch (step) {
            case FIRST -> {
                first = in.readByte();
                step = Step.SECOND;
            }
            case SECOND -> onSecond(in.readByte());
            case LENGTH -> readLength(in);
            case MASK -> readMask(in);
            default -> in.skipBytes(in.readableBytes()); // BROKEN
        }
        return true;
    }

    private void onSecond(int second) {
        opcode = first & 0x0f;
        length = second & 0x7f;
        String fault = opcode > 0x7 ? controlFault() : dataFault();
        if ((first & RSV2_OR_3) != 0) {
            fault = "RSV2 and RSV3 must be clear";
        } else if (fault == null && (second & MASKED) == 0) {
            fault = "MASK must be set";
        }
        if (fault != null) {
            violate(PROTOCOL_ERROR, fault);
        } else if (length > MAX_CONTROL_LENGTH) {
            bytesLeft = length == 126 ? Short.BYTES : Long.BYTES;
            length = 0;
            step = Step.LENGTH;
        } else {
            onLength();
        }
    }

    /** What is wrong with a control frame's head; null when nothing is (RFC 6455, 5.5). */
    private @Nullable String controlFault() {
        if (opcode > PONG) {
            return "invalid opcode";
        }
        if ((first & FIN) == 0) {
            return "FIN must be set";
        }
        if ((first & RSV1) != 0) {
            return "RSV1 must be clear";
        }
        return length > MAX_CONTROL_LENGTH || (opcode == CLOSE && length == 1) ? "invalid payload length" : null;
    }

    /** What is wrong with a data frame's head; null when nothing is (RFC 6455, 5.4; RFC 7692, 6). */
    private @Nullable String dataFault() {
        boolean continues = opcode == CONTINUATION;
        if (opcode > BINARY || continues == (messageOpcode == 0)) {
            return "invalid opcode";
        }
        return (first & RSV1) != 0 && (!compression || continues) ? "RSV1 must be clear" : null;
    }

    private void readLength(ByteBuf in) {
        while (bytesLeft > 0 && in.isReadable()) {
            length = (length << Byte.SIZE) | in.readUnsignedByte();
            bytesLeft--;
        }
        if (bytesLeft == 0) {
            onLength();
        }
    }

    private void onLength() {
        if (opcode <= BINARY && (length < 0 || length > maxPayload - messageLength)) {
            violate(TOO_BIG, "Max payload size exceeded");
            return;
        }
        bytesLeft = Integer.BYTES;
        mask = 0;
        step = Step.MASK;
    }

    private void readMask(ByteBuf in) {
        if (bytesLeft == Integer.BYTES && in.readableBytes() >= Integer.BYTES) {
            mask = in.readIntLE();
            bytesLeft = 0;
        }
        while (bytesLeft > 0 && in.isReadable()) {
            mask = (mask >>> Byte.SIZE) | (in.readUnsignedByte() << (3 * Byte.SIZE));
            bytesLeft--;
        }
        if (bytesLeft == 0) {
            onMask();
        }
    }

    private void onMask() {
        position = 0;
        step = Step.PAYLOAD;
        if (opcode > 0x7) {
            control = length == 0 ? EMPTY : new byte[(int) length];
        } else if (opcode != CONTINUATION) {
            messageOpcode = opcode;
            messageCompressed = (first & RSV1) != 0;
            message = EMPTY;
            messageLength = 0;
            fragments = 0;
            highBits = 0;
        }
    }

    private boolean readPayload(ByteBuf in) {
        int count = Math.min(in.readableBytes(), (int) length - position);
        if (count == 0 && position < length) {
            return false;
        }
        boolean isControl = opcode > 0x7;
        if (count > 0) {
            byte[] target = isControl ? control : roomFor(count);
            int offset = isControl ? position : messageLength;
            in.readBytes(target, offset, count);
            long bits = unmask(target, offset, count, mask);
            mask = Integer.rotateRight(mask, Byte.SIZE * (count & 3));
            position += count;
            if (!isControl) {
                messageLength += count;
                highBits |= bits;
            }
        }
        if (position == length) {
            step = Step.FIRST;
            if (isControl) {
                onControl();
            } else {
                onData();
            }
        }
        return true;
    }

    /** The message's array with room for more. It ends up with the exact size if the message's last frame is its longest. */
    private byte[] roomFor(int count) {
        int needed = messageLength + count;
        if (needed > message.length) {
            boolean last = (first & FIN) != 0;
            long most = last ? messageLength + length - position : maxPayload;
            int space = (int) Math.min(most, Math.max(2L * message.length, FIRST_SPACE));
            message = Arrays.copyOf(message, Math.max(needed, space));
        }
        return message;
    }

    /** Removes the mask, which begins with its lowest byte, and returns a value with the high bits that were seen. */
    private static long unmask(byte[] array, int offset, int count, int mask) {
        long wide = (mask & 0xffffffffL) | ((long) mask << Integer.SIZE);
        long seen = 0;
        int i = offset;
        int end = offset + count;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long clear = (long) LONGS.get(array, i) ^ wide;
            LONGS.set(array, i, clear);
            seen |= clear;
        }
        for (int shift = 0; i < end; i++, shift += Byte.SIZE) {
            byte clear = (byte) (array[i] ^ (wide >>> shift));
            array[i] = clear;
            seen |= clear;
        }
        return seen & HIGH_BITS;
    }

    private void onData() {
        if (++fragments > MAX_FRAGMENTS) {
            violate(POLICY_VIOLATION, "Too many message fragments");
            return;
        }
        if ((first & FIN) == 0) {
            return;
        }
        byte[] array = message;
        boolean text = messageOpcode == TEXT;
        message = EMPTY;
        messageOpcode = 0;
        int whole = messageLength;
        messageLength = 0;
        if (messageCompressed) {
            sink.onCompressed(array, whole, text);
        } else if (!text) {
            sink.onBinary(array.length == whole ? array : Arrays.copyOf(array, whole));
        } else if (highBits != 0 && !Utf8.isValid(array, 0, whole)) {
            violate(INVALID_PAYLOAD, "invalid UTF-8 sequence");
        } else {
            sink.onText(array, whole);
        }
    }

    private void onControl() {
        byte[] payload = control;
        control = EMPTY;
        if (opcode == PING) {
            sink.onPing(payload);
        } else if (opcode == CLOSE) {
            onClose(payload);
        }
    }

    private void onClose(byte[] payload) {
        if (payload.length > 0) {
            int code = ((payload[0] & 0xff) << Byte.SIZE) | (payload[1] & 0xff);
            if (!isCloseCode(code)) {
                violate(PROTOCOL_ERROR, "invalid status code");
                return;
            }
            if (!Utf8.isValid(payload, 2, payload.length)) {
                violate(INVALID_PAYLOAD, "invalid UTF-8 sequence");
                return;
            }
        }
        step = Step.BROKEN; // nothing may follow a close frame
        sink.onCloseFrame(payload);
    }

    /** RFC 6455, 7.4, as far as the reference has it. */
    private static boolean isCloseCode(int code) {
        boolean reserved = code == 1004 || code == 1005 || code == 1006;
        return (code >= NORMAL && code <= 1014 && !reserved) || (code >= 3000 && code <= 4999);
    }

    private void violate(int closeCode, String description) {
        abandon();
        sink.onViolation(closeCode, description);
    }
}
