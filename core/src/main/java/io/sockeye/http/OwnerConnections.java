package io.sockeye.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to other nodes: those in use, of which there are never more than clients' connections on this
 * loop, the idle ones, and one clock for their time limits.
 *
 * <p>Confined to its event loop.
 */
final class OwnerConnections {
    private static final long LONGEST_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Forwarder forwarder;
    private final ClusterEngine config;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final @Nullable SslContext tls;
    private final LongSupplier nanoClock;
    private final long tickNanos;
    private final Map<InetSocketAddress, Deque<OwnerConnection>> idle = new HashMap<>();
    private final Set<Watched> watched = new LinkedHashSet<>();
    private boolean ticking;

    /** Something with a time limit. */
    interface Watched {
        /** Ends it if its time is over. */
        void checkDeadline(long nowNanos);
    }

    OwnerConnections(
            Forwarder forwarder,
            ClusterEngine config,
            EventLoop loop,
            Class<? extends Channel> type,
            @Nullable SslContext tls,
            LongSupplier nanoClock) {
        this.forwarder = forwarder;
        this.config = config;
        this.loop = loop;
        this.tls = tls;
        this.nanoClock = nanoClock;
        long shortest =
                Math.min(config.answerTimeout().toNanos(), config.idleTimeout().toNanos());
        this.tickNanos = Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(LONGEST_TICK_NANOS, shortest / 4));
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(new ReflectiveChannelFactory<>(type)) // such as the loop's other channels
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, HttpServer.WATER_MARK)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(
                        Integer.MAX_VALUE, Math.max(1, config.connectTimeout().toMillis())));
    }

    Forwarder forwarder() {
        return forwarder;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    long answerTimeoutNanos() {
        return config.answerTimeout().toNanos();
    }

    /** Sends a request over an idle connection, or a new one. */
    void send(InetSocketAddress owner, OwnerRequest request) {
        Deque<OwnerConnection> free = idle.get(owner);
        OwnerConnection connection = free == null ? null : free.pollLast(); // the freshest
        if (connection == null) {
            connection = new OwnerConnection(this, owner, request.maxAnswer());
            connection.connect();
        }
        connection.send(request);
    }

    /**
     * Begins to connect to another node.
     *
     * @param reading whether what comes is read from the start
     * @param handlers of the new channel
     */
    ChannelFuture connect(InetSocketAddress owner, boolean reading, Watched user, ChannelHandler... handlers) {
        ChannelFuture connecting = bootstrap
                .clone()
                .option(ChannelOption.AUTO_READ, reading)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(handlers);
                    }
                })
                .connect(owner);
        forwarder.connections.increment();
        watch(user);
        connecting.channel().closeFuture().addListener(closed -> {
            forwarder.connections.decrement();
            watched.remove(user);
        });
        return connecting;
    }

    /** Keeps a connection for the next request; false when there are enough. */
    boolean keep(OwnerConnection connection, InetSocketAddress owner) {
        Deque<OwnerConnection> free = idle.get(owner);
        int count = free == null ? 0 : free.size();
        if (forwarder.isStopping() || count >= config.maxIdleConnections()) {
            return false;
        }
        idle.computeIfAbsent(owner, key -> new ArrayDeque<>()).addLast(connection);
        return true;
    }

    /** Closes the idle connections. */
    void closeIdle() {
        List<OwnerConnection> all = new ArrayList<>();
        idle.values().forEach(all::addAll);
        all.forEach(OwnerConnection::close);
    }

    /** An idle connection is one no more. */
    void drop(OwnerConnection connection, InetSocketAddress owner) {
        Deque<OwnerConnection> free = idle.get(owner);
        if (free != null) {
            free.remove(connection);
            if (free.isEmpty()) {
                idle.remove(owner);
            }
        }
    }

    /** How long a connection is kept that the owner keeps for so long. */
    long idleNanos(long ownersNanos) {
        return Math.min(config.idleTimeout().toNanos(), ownersNanos / 2);
    }

    private void watch(Watched user) {
        watched.add(user);
        if (!ticking) {
            scheduleTick();
        }
    }

    private void tick() {
        long now = nanoTime();
        for (Watched each : new ArrayList<>(watched)) {
            each.checkDeadline(now);
        }
        ticking = false;
        if (!watched.isEmpty()) {
            scheduleTick();
        }
    }

    private void scheduleTick() {
        ticking = true;
        var unused = loop.schedule(this::tick, tickNanos, TimeUnit.NANOSECONDS);
    }
}
