package io.sockeye.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to the server. Confined to the load's thread.
 *
 * <p>States: <em>dialing</em> until {@link #onConnected}, <em>connected</em>, then <em>ended</em> after {@link #onEnd} or
 * {@link #hangUp}.
 */
abstract class Link {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;

    private long dialedAt;

    /** What a full socket buffer has kept from being sent. */
    private ByteBuffer unsent = NOTHING;

    /** The connection stands. */
    abstract void onConnected();

    /** Bytes have arrived; all of them are to be consumed within the call. */
    abstract void onBytes(ByteBuffer received);

    /** The server has closed the connection or it broke; the link has hung up already. */
    abstract void onEnd(@Nullable IOException failure);

    /** Takes its connection; called once. */
    final void attach(SocketChannel itsChannel, SelectionKey itsKey) {
        channel = itsChannel;
        key = itsKey;
        dialedAt = System.nanoTime();
    }

    /** When the connection was begun, as {@link System#nanoTime}. */
    final long dialedAt() {
        return dialedAt;
    }

    /** Whether the connection has not ended. */
    final boolean open() {
        return channel != null && channel.isOpen();
    }

    /** Sends the bytes; those that cannot go at once are copied and go later. */
    final void send(ByteBuffer bytes) {
        if (unsent.hasRemaining()) {
            keep(bytes);
            return;
        }
        try {
            channel().write(bytes);
        } catch (IOException e) {
            end(e);
            return;
        }
        if (bytes.hasRemaining()) {
            keep(bytes);
            key().interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    /** Sends bytes that were not prepared. */
    final void send(byte[] bytes) {
        send(ByteBuffer.wrap(bytes));
    }

    /** Ends the connection with a reset. */
    final void hangUp() {
        try {
            channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final void finishConnect() {
        try {
            channel().finishConnect();
        } catch (IOException e) {
            end(e);
            return;
        }
        key().interestOps(SelectionKey.OP_READ);
        onConnected();
    }

    final void read(ByteBuffer buffer) {
        buffer.clear();
        int length;
        try {
            length = channel().read(buffer);
        } catch (IOException e) {
            end(e);
            return;
        }
        if (length < 0) {
            end(null);
        } else if (length > 0) {
            onBytes(buffer.flip());
        }
    }

    final void flush() {
        try {
            channel().write(unsent);
        } catch (IOException e) {
            end(e);
            return;
        }
        if (!unsent.hasRemaining()) {
            unsent = NOTHING;
            key().interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    private void keep(ByteBuffer bytes) {
        ByteBuffer both = ByteBuffer.allocateDirect(unsent.remaining() + bytes.remaining());
        unsent = both.put(unsent).put(bytes).flip();
    }

    private void end(@Nullable IOException failure) {
        hangUp();
        onEnd(failure);
    }

    private SocketChannel channel() {
        if (channel == null) {
            throw new IllegalStateException("not dialed");
        }
        return channel;
    }

    private SelectionKey key() {
        if (key == null) {
            throw new IllegalStateException("not dialed");
        }
        return key;
    }
}
