package io.sockeye.http;

import io.netty.buffer.ByteBuf;
import io.sockeye.transport.HttpExchange.BodyListener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: collects what arrives into one exact array, and tells its listener once. Space is taken as
 * bytes arrive, never because a {@code Content-Length} announces them.
 *
 * <p>States: <em>arriving</em>, then <em>complete</em> or <em>aborted</em>; in each it may be <em>discarded</em>, which
 * drops what is there and what still comes. Confined to the exchange's event loop.
 */
final class RequestBody {
    /** How much is kept of a body that nobody has asked for yet, before the connection is no longer read. */
    static final int MAX_UNASKED = 64 * 1024;

    private static final byte[] EMPTY = {};
    private static final int FIRST_SPACE = 8 * 1024;

    private byte[] bytes = EMPTY;
    private int length;
    private int limit = Integer.MAX_VALUE;
    private boolean complete;
    private boolean discarded;
    private @Nullable BodyListener listener; // null until asked for, and once told

    /** Keeps what arrived, unless it is too much or unwanted. Releases nothing. */
    void add(ByteBuf content) {
        int count = content.readableBytes();
        if (discarded || count == 0) {
            return;
        }
        if (count > limit - length) {
            tellTooLarge();
            return;
        }
        if (length + count > bytes.length) {
            int space = (int) Math.min(limit, Math.max((long) bytes.length * 2, FIRST_SPACE));
            bytes = Arrays.copyOf(bytes, length == 0 ? count : Math.max(length + count, space));
        }
        content.readBytes(bytes, length, count);
        length += count;
    }

    /** The body's end has arrived. */
    void end() {
        complete = true;
        tellComplete();
    }

    /** Whether the end has arrived. */
    boolean isComplete() {
        return complete;
    }

    /** Whether so much has arrived unasked that the rest had better wait. */
    boolean mustWait() {
        return listener == null && !discarded && length > MAX_UNASKED;
    }

    /** Tells the listener now or when the end arrives. */
    void read(int limitBytes, BodyListener listener) {
        this.limit = limitBytes;
        this.listener = listener;
        if (length > limitBytes) {
            tellTooLarge();
        } else if (complete) {
            tellComplete();
        }
    }

    /** Drops the body; a listener hears nothing more. */
    void discard() {
        discarded = true;
        bytes = EMPTY;
        length = 0;
        listener = null;
    }

    /** The peer has gone: tells a listener that still waits. */
    void abort() {
        BodyListener waiting = listener;
        discard();
        if (waiting != null) {
            waiting.aborted();
        }
    }

    private void tellTooLarge() {
        BodyListener waiting = listener;
        discard();
        if (waiting != null) {
            waiting.tooLarge();
        }
    }

    private void tellComplete() {
        BodyListener waiting = listener;
        if (waiting != null) {
            byte[] whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
            discard();
            waiting.complete(whole);
        }
    }
}
