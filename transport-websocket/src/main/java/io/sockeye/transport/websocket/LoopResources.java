package io.sockeye.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the WebSocket connections of one event loop share. Confined to its thread, and given back when that ends. */
final class LoopResources {
    /** How long a peer may take over the closing handshake, as in the reference. */
    static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final FastThreadLocal<LoopResources> LOCAL = new FastThreadLocal<>() {
        @Override
        protected LoopResources initialValue() {
            return new LoopResources();
        }

        @Override
        protected void onRemoval(LoopResources value) {
            value.end();
        }
    };

    private final SharedFrames sharedFrames = new SharedFrames();
    private final FrameBuffer frameBuffer = new FrameBuffer();
    private final Runnable clearSharedFrames = sharedFrames::clear;
    private final MessageDigest sha1 = newSha1();
    private final Set<WebSocketTransport> closing = new LinkedHashSet<>(); // by deadline
    private @Nullable MessageDeflater deflater; // null until compression is used
    private @Nullable EventLoop watching; // the loop that looks after the closing ones; null when none does

    private LoopResources() {}

    /** Those of the calling thread. */
    static LoopResources local() {
        return LOCAL.get();
    }

    MessageDeflater deflater() {
        MessageDeflater present = deflater;
        if (present == null) {
            present = new MessageDeflater();
            deflater = present;
        }
        return present;
    }

    /** For frames that go out together. */
    FrameBuffer frameBuffer() {
        return frameBuffer;
    }

    /** For handshakes; empty before and after each use. */
    MessageDigest sha1() {
        return sha1;
    }

    private static MessageDigest newSha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** The packet's frame, for the caller to write; shared with other connections until the end of the loop's turn. */
    ByteBuf frame(EncodedPacket packet, ByteBufAllocator allocator, EventLoop loop) {
        boolean held = sharedFrames.isHolding();
        ByteBuf frame = sharedFrames.frame(packet, allocator);
        if (!held && sharedFrames.isHolding()) {
            loop.execute(clearSharedFrames);
        }
        return frame;
    }

    /** Drops the connection unless it has closed by itself within {@link #CLOSE_TIMEOUT_NANOS}. */
    void dropInTime(WebSocketTransport transport) {
        closing.add(transport);
        if (watching != transport.eventLoop()) {
            watch(transport.eventLoop(), CLOSE_TIMEOUT_NANOS);
        }
    }

    /** The connection has closed. */
    void closed(WebSocketTransport transport) {
        closing.remove(transport);
    }

    /** How many connections are waited for to close. */
    int closing() {
        return closing.size();
    }

    private void watch(EventLoop loop, long delayNanos) {
        watching = loop;
        loop.schedule(() -> dropOverdue(loop), delayNanos);
    }

    private void dropOverdue(EventLoop loop) {
        watching = null;
        WebSocketTransport first = longestClosing();
        while (first != null && loop.nanoTime() - first.dropAtNanos() >= 0) {
            closing.remove(first);
            first.drop();
            first = longestClosing();
        }
        if (first != null) {
            watch(loop, first.dropAtNanos() - loop.nanoTime());
        }
    }

    private @Nullable WebSocketTransport longestClosing() {
        Iterator<WebSocketTransport> all = closing.iterator();
        return all.hasNext() ? all.next() : null;
    }

    private void end() {
        sharedFrames.clear();
        frameBuffer.release();
        if (deflater != null) {
            deflater.end();
        }
    }
}
