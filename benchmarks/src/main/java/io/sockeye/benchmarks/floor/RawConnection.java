package io.sockeye.benchmarks.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Frames by hand (RFC 6455, 5.2): unmasked where they lie, and all answers to what was read in one buffer. Confined to the
 * event loop.
 */
final class RawConnection extends FloorConnection {
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 8;
    private static final int BINARY = 2;
    private static final int MASKING_KEY_BYTES = 4;
    private static final int INITIAL_ANSWER_BYTES = 1024;

    /** Frames that are not complete; null when there are none. */
    private @Nullable ByteBuf incomplete;

    /** Answers since the last flush; null when there are none. */
    private @Nullable ByteBuf answers;

    RawConnection(Crowd crowd, Channel channel) {
        super(crowd, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        if (incomplete != null) {
            received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), incomplete, received);
            incomplete = null;
        }
        boolean more = true;
        while (more) {
            more = takeFrame(context, received);
        }
        if (received.isReadable()) {
            incomplete = received;
        } else {
            received.release();
        }
    }

    @Override
    void flushAnswers() {
        if (answers != null) {
            ByteBuf all = answers;
            answers = null;
            sendFrame(all);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (incomplete != null) {
            incomplete.release();
            incomplete = null;
        }
        super.channelInactive(context);
    }

    @Override
    void answer(byte[] prefix, ByteBuf payload, int from) {
        int rest = payload.writerIndex() - from;
        ByteBuf out = answers(prefix.length + rest);
        writeHeader(out, 0x81, prefix.length + rest);
        out.writeBytes(prefix);
        if (rest > 0) {
            out.writeBytes(payload, from, rest);
        }
    }

    private boolean takeFrame(ChannelHandlerContext context, ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2) {
            return false;
        }
        int length = in.getByte(start + 1) & 0x7f;
        int header = 2 + MASKING_KEY_BYTES;
        if (length == 126) {
            header += Short.BYTES;
        } else if (length == 127) {
            header += Long.BYTES;
        }
        if (in.readableBytes() < header) {
            return false;
        }
        if (length == 126) {
            length = in.getUnsignedShort(start + 2);
        } else if (length == 127) {
            length = (int) in.getLong(start + 2);
        }
        if (in.readableBytes() < header + length) {
            return false;
        }
        unmask(in, start + header, length, in.getInt(start + header - MASKING_KEY_BYTES));
        in.readerIndex(start + header + length);
        onFrame(context, in.getByte(start) & OPCODE, in.slice(start + header, length));
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do after the end
    private void onFrame(ChannelHandlerContext context, int opcode, ByteBuf payload) {
        if (opcode == CLOSE) {
            writeHeader(answers(2), 0x88, 0);
            flushAnswers();
            context.close();
        } else if (opcode == BINARY) {
            ByteBuf out = answers(payload.readableBytes());
            writeHeader(out, 0x82, payload.readableBytes());
            out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
        } else {
            onText(payload);
        }
    }

    private ByteBuf answers(int more) {
        if (answers == null) {
            answers = channel().alloc().directBuffer(Math.max(INITIAL_ANSWER_BYTES, more + 16));
        }
        return answers;
    }

    private static void unmask(ByteBuf in, int start, int length, int key) {
        long longKey = ((long) key << 32) | (key & 0xffffffffL);
        int i = start;
        int end = start + length;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            in.setLong(i, in.getLong(i) ^ longKey);
        }
        for (int shift = 24; i < end; i++, shift = shift == 0 ? 24 : shift - 8) {
            in.setByte(i, in.getByte(i) ^ (key >>> shift));
        }
    }
}
