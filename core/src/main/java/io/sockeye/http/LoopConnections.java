package io.sockeye.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP connections of one event loop share: the list of them, one clock for their time limits, and the writer of
 * their answers. Connections that a transport has taken over are not among them.
 *
 * <p>Confined to its event loop, but for {@link #drain}.
 */
final class LoopConnections {
    private final EventLoop nettyLoop;
    private final NettyEventLoop eventLoop;
    private final LongSupplier nanoClock;
    private final AnswerWriter writer;
    private final long tickNanos;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private @Nullable HttpConnection first; // null when there is none
    private boolean ticking;
    private boolean draining;

    LoopConnections(EventLoop nettyLoop, AnswerWriter writer, long tickNanos, LongSupplier nanoClock) {
        this.nettyLoop = nettyLoop;
        this.nanoClock = nanoClock;
        this.eventLoop = new NettyEventLoop(nettyLoop, nanoClock);
        this.writer = writer;
        this.tickNanos = tickNanos;
    }

    NettyEventLoop eventLoop() {
        return eventLoop;
    }

    EventLoop nettyLoop() {
        return nettyLoop;
    }

    AnswerWriter writer() {
        return writer;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** Whether each connection is to be closed after its exchange. */
    boolean isDraining() {
        return draining;
    }

    void add(HttpConnection connection) {
        connection.listed = true;
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        if (!ticking) {
            scheduleTick();
        }
    }

    void remove(HttpConnection connection) {
        if (!connection.listed) {
            return;
        }
        connection.listed = false;
        HttpConnection previous = connection.previous;
        HttpConnection next = connection.next;
        connection.previous = null;
        connection.next = null;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        if (draining && first == null) {
            drained.complete(null);
        }
    }

    /**
     * Closes the idle connections, and each other one when its exchange is over. May be called from any thread.
     *
     * @return completes, on the loop, when there is no connection left
     */
    CompletableFuture<Void> drain() {
        nettyLoop.execute(() -> {
            draining = true;
            forEach(HttpConnection::drain);
            if (first == null) {
                drained.complete(null);
            }
        });
        return drained;
    }

    /** Enforces the connections' time limits. */
    void tick() {
        long now = nanoTime();
        forEach(connection -> connection.checkDeadline(now));
        ticking = false;
        if (first != null) {
            scheduleTick();
        }
    }

    private void scheduleTick() {
        ticking = true;
        var unused = nettyLoop.schedule(this::tick, tickNanos, TimeUnit.NANOSECONDS);
    }

    /** Visits every connection; the visitor may remove the one it visits. */
    private void forEach(Consumer<HttpConnection> visitor) {
        HttpConnection connection = first;
        while (connection != null) {
            HttpConnection following = connection.next;
            visitor.accept(connection);
            connection = following;
        }
    }
}
