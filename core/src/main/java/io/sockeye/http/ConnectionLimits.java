package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts connections, all of them and by address, and refuses those beyond the limits. Thread-safe. */
final class ConnectionLimits implements ChannelFutureListener {
    private final int maxConnections;
    private final int maxPerAddress;
    private final Counters counters;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();

    ConnectionLimits(int maxConnections, int maxPerAddress, Counters counters) {
        this.maxConnections = maxConnections;
        this.maxPerAddress = maxPerAddress;
        this.counters = counters;
    }

    /** Counts a new connection until it closes; false when there are too many already. */
    boolean admit(Channel channel) {
        if (open.incrementAndGet() > maxConnections) {
            open.decrementAndGet();
            counters.refused.increment();
            return false;
        }
        InetAddress address = address(channel);
        if (address != null && openByAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
            forget(address);
            open.decrementAndGet();
            counters.refused.increment();
            return false;
        }
        counters.accepted.increment();
        channel.closeFuture().addListener(this);
        return true;
    }

    /** A connection that was admitted has closed. */
    @Override
    public void operationComplete(ChannelFuture closing) {
        open.decrementAndGet();
        counters.closed.increment();
        InetAddress address = address(closing.channel());
        if (address != null) {
            forget(address);
        }
    }

    private void forget(InetAddress address) {
        openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** The peer's address, which the channel remembers beyond its end; null unless addresses are counted. */
    private @Nullable InetAddress address(Channel channel) {
        return maxPerAddress < Integer.MAX_VALUE && channel.remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress()
                : null;
    }
}
