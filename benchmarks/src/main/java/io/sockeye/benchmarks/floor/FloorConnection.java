package io.sockeye.benchmarks.floor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows the benchmark's messages by a byte or two, and answers with as few edits as will do. Confined to the event loop.
 *
 * <pre>
 * 40                               40{"sid":"…"}
 * 42["message",…]                  42["message-back",…]
 * 451-["message",{…}] and binary   451-["message-back",{…}] and the same binary
 * 42N["message-with-ack",…]        43N[…]
 * 42["broadcast",…]                the same, to all
 * 42["join","ROOM"]
 * 42["to-room","ROOM",…]           42["room-msg",…], to the room
 * </pre>
 */
abstract class FloorConnection extends ChannelInboundHandlerAdapter {
    private static final int TEXT = 0x81;
    private static final int MAX_SHORT = 125;
    private static final int MAX_TWO_BYTES = 0xffff;
    private static final int MAX_HEADER = 10;
    private static final int SESSION_ID_LENGTH = 20;

    private static final byte[] MESSAGE = bytes("42[\"message\"");
    private static final byte[] MESSAGE_BACK = bytes("42[\"message-back\"");
    private static final byte[] BINARY_MESSAGE = bytes("451-[\"message\"");
    private static final byte[] BINARY_MESSAGE_BACK = bytes("451-[\"message-back\"");
    private static final byte[] WITH_ACK = bytes("[\"message-with-ack\",");
    private static final byte[] JOIN = bytes("42[\"join\",\"");
    private static final byte[] TO_ROOM = bytes("42[\"to-room\",\"");
    private static final byte[] ROOM_MESSAGE = bytes("42[\"room-msg\"");

    private static final ByteBuf PING = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeByte(TEXT).writeByte(1).writeByte('2').asReadOnly());
    private static long nextSessionId = 1L << 60;

    private final Crowd crowd;
    private final Channel channel;
    private int place;

    /** Null until the first join. */
    private @Nullable List<String> rooms;

    FloorConnection(Crowd crowd, Channel channel) {
        this.crowd = crowd;
        this.channel = channel;
    }

    /** Sends a packet with the next flush: the prefix, then the payload's bytes from that index on. */
    abstract void answer(byte[] prefix, ByteBuf payload, int from);

    /** Sends what {@link #answer} has gathered. */
    abstract void flushAnswers();

    /** Sends a complete frame at once. */
    final void sendFrame(ByteBuf frame) {
        Channel.Unsafe transport = channel.unsafe();
        transport.write(frame, channel.voidPromise());
        transport.flush();
    }

    final Channel channel() {
        return channel;
    }

    final void moved(int newPlace) {
        place = newPlace;
    }

    final void ping() {
        sendFrame(PING.duplicate());
    }

    /** Engine.IO v4, Handshake. */
    final void open(int pingIntervalMillis) {
        place = crowd.enter(this);
        String packet = "0{\"sid\":\"" + sessionId() + "\",\"upgrades\":[],\"pingInterval\":" + pingIntervalMillis
                + ",\"pingTimeout\":20000,\"maxPayload\":1000000}";
        answer(bytes(packet), Unpooled.EMPTY_BUFFER, 0);
        flushAnswers();
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        flushAnswers();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        crowd.leave(place);
        if (rooms != null) {
            rooms.forEach(room -> crowd.leave(room, this));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do after it
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** Handles the text of a frame; does not release it. */
    final void onText(ByteBuf text) {
        int start = text.readerIndex();
        int length = text.readableBytes();
        if (length < 2) {
            return; // a pong
        }
        byte type = text.getByte(start + 1);
        if (type == '0') {
            answer(bytes("40{\"sid\":\"" + sessionId() + "\"}"), Unpooled.EMPTY_BUFFER, 0);
        } else if (type == '5') {
            answer(BINARY_MESSAGE_BACK, text, start + BINARY_MESSAGE.length);
        } else if (type == '2') {
            onEvent(text, start);
        }
    }

    private void onEvent(ByteBuf text, int start) {
        if (text.getByte(start + 2) != '[') {
            acknowledge(text, start);
            return;
        }
        switch (text.getByte(start + 4)) {
            case 'm' -> answer(MESSAGE_BACK, text, start + MESSAGE.length);
            case 'b' -> crowd.sendToAll(frame(new byte[0], text, start));
            case 'j' -> join(text, start);
            case 't' -> toRoom(text, start);
            default -> throw new IllegalArgumentException("not of the benchmark");
        }
    }

    private void acknowledge(ByteBuf text, int start) {
        int bracket = ByteBufUtil.indexOf(text, start, text.writerIndex(), (byte) '[');
        byte[] prefix = new byte[bracket - start + 1];
        text.getBytes(start, prefix);
        prefix[1] = '3';
        answer(prefix, text, bracket + WITH_ACK.length);
    }

    private void join(ByteBuf text, int start) {
        String room = text.toString(start + JOIN.length, text.readableBytes() - JOIN.length - 2, US_ASCII);
        crowd.join(room, this);
        if (rooms == null) {
            rooms = new ArrayList<>(1);
        }
        rooms.add(room);
    }

    private void toRoom(ByteBuf text, int start) {
        int roomStart = start + TO_ROOM.length;
        int roomEnd = ByteBufUtil.indexOf(text, roomStart, text.writerIndex(), (byte) '"');
        String room = text.toString(roomStart, roomEnd - roomStart, US_ASCII);
        crowd.sendTo(room, frame(ROOM_MESSAGE, text, roomEnd + 1));
    }

    /** A complete frame of the prefix and the payload's bytes from that index on. */
    private ByteBuf frame(byte[] prefix, ByteBuf payload, int from) {
        int rest = payload.writerIndex() - from;
        ByteBuf frame = channel.alloc().directBuffer(MAX_HEADER + prefix.length + rest);
        writeHeader(frame, TEXT, prefix.length + rest);
        return frame.writeBytes(prefix).writeBytes(payload, from, rest);
    }

    /** RFC 6455, 5.2. */
    static void writeHeader(ByteBuf out, int opcode, int length) {
        out.writeByte(opcode);
        if (length <= MAX_SHORT) {
            out.writeByte(length);
        } else if (length <= MAX_TWO_BYTES) {
            out.writeByte(MAX_SHORT + 1).writeShort(length);
        } else {
            out.writeByte(MAX_SHORT + 2).writeLong(length);
        }
    }

    private static String sessionId() {
        String digits = Long.toString(nextSessionId++);
        return digits + "A".repeat(SESSION_ID_LENGTH - digits.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
