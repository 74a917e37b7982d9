package io.sockeye.transport.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sockeye.protocol.engineio.Dialect;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;

/**
 * The client of one transport, in memory, and what the transport's listener is told. Fails at its end when something was
 * sent or told that no test looked at.
 */
final class Peer implements Transport.Listener, AutoCloseable {
    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;
    static final int MAX_PAYLOAD = 100_000;
    private static final byte[] MASK = {0x12, (byte) 0x9a, 0x00, (byte) 0xff};

    final EmbeddedChannel channel = new EmbeddedChannel();
    final HandLoop loop;
    final WebSocketTransport transport;
    private final List<String> told = new ArrayList<>();
    private int flushes;

    Peer() {
        this(Dialect.REVISION_4);
    }

    Peer(Dialect dialect) {
        this(new HandLoop(), Integer.MAX_VALUE, dialect);
    }

    /** With compression from that many bytes on. */
    Peer(HandLoop loop, int compressionThreshold) {
        this(loop, compressionThreshold, Dialect.REVISION_4);
    }

    private Peer(HandLoop loop, int compressionThreshold, Dialect dialect) {
        this(loop, compressionThreshold, dialect, /* counts= */ true);
    }

    /** One whose flushes are not counted, so that nothing but the transport is in the pipeline. */
    static Peer alone() {
        return new Peer(new HandLoop(), Integer.MAX_VALUE, Dialect.REVISION_4, /* counts= */ false);
    }

    private Peer(HandLoop loop, int compressionThreshold, Dialect dialect, boolean counts) {
        this.loop = loop;
        TransportConfig config = new TransportConfig(MAX_PAYLOAD, 1024, compressionThreshold, 30_000_000_000L);
        boolean compression = compressionThreshold < Integer.MAX_VALUE;
        if (counts) {
            channel.pipeline().addFirst(new io.netty.channel.ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(io.netty.channel.ChannelHandlerContext ctx) {
                    flushes++;
                    ctx.flush();
                }
            });
        }
        transport = new WebSocketTransport(channel, loop, config, compression, dialect);
        channel.pipeline().addLast(transport);
        transport.open(opened -> opened.listener(this));
        flushes = 0;
    }

    /** A masked frame, its length in the shortest form. */
    static byte[] frame(int firstByte, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % 4]);
        }
        return frame.toByteArray();
    }

    static byte[] frame(int firstByte, String payload) {
        return frame(firstByte, payload.getBytes(UTF_8));
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The client sends these bytes; they arrive in one read. */
    Peer send(byte[]... parts) {
        channel.writeInbound(Unpooled.copiedBuffer(parts));
        return this;
    }

    /** The server's session sends these packets in one call. */
    Queue<EncodedPacket> deliver(EncodedPacket... packets) {
        Queue<EncodedPacket> queue = new ArrayDeque<>(List.of(packets));
        transport.send(queue);
        return queue;
    }

    /** What has been sent to the client since this was last asked, in hexadecimal digits. */
    String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(io.netty.buffer.ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        return text.toString();
    }

    /** How many buffers have been written since this was last asked, and lets go of them. */
    int writes() {
        int count = 0;
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            count++;
            bytes.release();
        }
        return count;
    }

    int flushes() {
        int count = flushes;
        flushes = 0;
        return count;
    }

    /** What the listener has been told since this was last asked. */
    List<String> told() {
        List<String> copy = List.copyOf(told);
        told.clear();
        return copy;
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    void hangUp() {
        channel.close().syncUninterruptibly();
        channel.runPendingTasks();
    }

    @Override
    public void onPacket(EnginePacket packet) {
        if (packet instanceof EnginePacket.Message message) {
            told.add("message " + message.text());
        } else if (packet instanceof EnginePacket.Binary binary) {
            told.add("binary " + hex(binary.data()));
        } else {
            told.add(packet.toString());
        }
    }

    @Override
    public void onWritable() {
        told.add("writable");
    }

    @Override
    public void onClose() {
        told.add("close");
    }

    @Override
    public void onError(Transport.Failure kind, String description) {
        told.add(kind + ": " + description);
    }

    @Override
    public void close() {
        loop.turn();
        String unexpected = sent();
        List<String> unnoticed = told();
        channel.finishAndReleaseAll();
        loop.turn();
        channel.checkException();
        assertThat(unexpected).as("sent without being expected").isEmpty();
        assertThat(unnoticed).as("told without being expected").isEmpty();
    }
}
