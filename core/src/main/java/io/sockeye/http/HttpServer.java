package io.sockeye.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server on Netty: accepts connections, parses requests and hands them to the handlers it was built with.
 *
 * <p>States: <em>new</em>, <em>listening</em> after {@link #start}, <em>draining</em> after {@link #stopAccepting},
 * <em>closed</em> after {@link #close}. Thread-safe; {@code close} must not be called on an event loop.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    /** A connection counts as writable until this much waits to be sent, and again when it has gone down to the first. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private static final long LONGEST_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpServerConfig config;
    private final Counters counters = new Counters();
    private final ChannelGroup channels =
            new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, /* stayClosed= */ true);

    /** Guards the changes of state below; held by whoever starts or stops the server, never by an event loop. */
    private final Object lifecycle = new Object();

    /** The threads of the event loops, once started. */
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private volatile @Nullable Running running; // null unless listening or draining
    private volatile boolean closed;

    /**
     * What a started server consists of.
     *
     * @param acceptor the workers themselves when there is one only
     * @param listening the channel that accepts connections
     */
    private record Running(
            EventLoopGroup acceptor,
            EventLoopGroup workers,
            List<LoopConnections> loops,
            Channel listening,
            int port) {}

    HttpServer(HttpServerConfig config) {
        this.config = config;
    }

    /** A builder with the defaults. */
    public static HttpServerBuilder builder() {
        return new HttpServerBuilder();
    }

    /**
     * Starts the event loops and listens.
     *
     * @throws UncheckedIOException when the address cannot be listened on
     * @throws IllegalStateException when the server was started before, or the I/O backend or the certificate that was
     *     asked for cannot be used; the message says why
     */
    public HttpServer start() {
        synchronized (lifecycle) {
            if (closed || running != null) {
                throw new IllegalStateException("a server can be started once");
            }
            SslContext tls = config.tls() == null ? null : TlsContexts.create(config.tls());
            IoBackends io = IoBackends.choose(config.ioBackend());
            EventLoopGroup workers = new MultiThreadIoEventLoopGroup(
                    config.eventLoopThreads(),
                    threads("sockeye-loop-"),
                    io.handlers().get());
            EventLoopGroup acceptor = acceptor(workers, io);
            boolean started = false;
            try {
                List<LoopConnections> loops = loops(workers);
                Channel listening = bind(bootstrap(io, acceptor, workers, loops, tls));
                int port = ((InetSocketAddress) listening.localAddress()).getPort();
                running = new Running(acceptor, workers, loops, listening, port);
                started = true;
            } finally {
                if (!started) {
                    end(acceptor, workers);
                }
            }
            log.info(
                    "listening on {}:{} with {}, {} event loops{}",
                    config.host() == null ? "*" : config.host(),
                    port(),
                    io.backend(),
                    config.eventLoopThreads(),
                    tls == null ? "" : ", TLS");
            return this;
        }
    }

    /**
     * The port the server listens on.
     *
     * @throws IllegalStateException before {@link #start} and after {@link #close}
     */
    public int port() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the server is not running");
        }
        return now.port;
    }

    /** The address that the server listens on; null for every interface. */
    @Nullable String host() {
        return config.host();
    }

    /** How a node with the same certificate is spoken to; null when connections are not encrypted. */
    @Nullable SslContext clientTls() {
        return config.tls() == null ? null : TlsContexts.createForPeers(config.tls());
    }

    /**
     * Accepts no further connections and closes idle ones; those with an exchange are closed as soon as it is answered,
     * and those taken over by a transport stay. Returns at once. Idempotent.
     */
    public void stopAccepting() {
        Running now = running;
        if (now != null) {
            var unused = drain(now);
        }
    }

    /** Closes the server with 5 s for exchanges under way. See {@link #close(Duration)}. */
    @Override
    public void close() {
        close(DEFAULT_DEADLINE);
    }

    /**
     * Stops accepting, lets exchanges under way finish within the deadline, closes every connection, those taken over
     * included, and ends the event loops. Returns when no thread of the server is left. Idempotent.
     *
     * @throws IllegalStateException on one of the server's event loops, which cannot wait for itself
     */
    public void close(Duration deadline) {
        Running now = running;
        if (now != null && isOnLoop(now)) {
            throw new IllegalStateException("close: called on an event loop of the server");
        }
        synchronized (lifecycle) {
            closed = true;
            now = running;
            if (now == null) {
                return;
            }
            await(drain(now), deadline);
            channels.close().awaitUninterruptibly();
            end(now.acceptor, now.workers);
            running = null;
            log.info("closed port {}", now.port);
        }
    }

    /** What has been counted so far. */
    public HttpServerStats stats() {
        return counters.snapshot();
    }

    private ServerBootstrap bootstrap(
            IoBackends io,
            EventLoopGroup acceptor,
            EventLoopGroup workers,
            List<LoopConnections> loops,
            @Nullable SslContext tls) {
        Map<io.sockeye.transport.EventLoop, LoopConnections> movable = new HashMap<>();
        if (io.movesChannels()) {
            loops.forEach(loop -> movable.put(loop.eventLoop(), loop));
        }
        HttpServices services = new HttpServices(
                config,
                new Routes(config.mounts(), config.handler()),
                counters,
                new RecurringTexts(),
                Map.copyOf(movable));
        ConnectionLimits limits =
                new ConnectionLimits(config.maxConnections(), config.maxConnectionsPerAddress(), counters);
        return new ServerBootstrap()
                .group(acceptor, workers)
                .channel(io.channel())
                .option(ChannelOption.SO_BACKLOG, config.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ConnectionInitializer(services, limits, channels, loops, tls));
    }

    /** Who accepts: a lone event loop does so itself, which saves a hand-over between two threads for each connection. */
    private EventLoopGroup acceptor(EventLoopGroup workers, IoBackends io) {
        if (config.eventLoopThreads() == 1) {
            return workers;
        }
        return new MultiThreadIoEventLoopGroup(
                1, threads("sockeye-accept-"), io.handlers().get());
    }

    private Channel bind(ServerBootstrap bootstrap) {
        var binding =
                config.host() == null ? bootstrap.bind(config.port()) : bootstrap.bind(config.host(), config.port());
        binding.awaitUninterruptibly();
        Throwable failure = binding.cause();
        if (failure != null) {
            String address = (config.host() == null ? "*" : config.host()) + ":" + config.port();
            throw new UncheckedIOException(
                    "cannot listen on " + address + ": " + failure.getMessage(),
                    failure instanceof IOException io ? io : new IOException(failure));
        }
        return binding.channel();
    }

    private List<LoopConnections> loops(EventLoopGroup workers) {
        long shortest = Math.min(
                config.keepAliveTimeout().toNanos(),
                Math.min(config.headTimeout().toNanos(), config.bodyTimeout().toNanos()));
        long tickNanos = Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(LONGEST_TICK_NANOS, shortest / 4));
        List<LoopConnections> loops = new ArrayList<>();
        for (EventExecutor worker : workers) {
            AnswerWriter writer = new AnswerWriter(
                    InstantSource.system(), config.keepAliveTimeout().toSeconds());
            loops.add(new LoopConnections((EventLoop) worker, writer, tickNanos, System::nanoTime));
        }
        return List.copyOf(loops);
    }

    private CompletableFuture<Void> drain(Running now) {
        var unused = now.listening.close();
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        for (LoopConnections loop : now.loops) {
            drained.add(loop.drain());
        }
        return CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new));
    }

    private static void await(CompletableFuture<Void> drained, Duration deadline) {
        try {
            drained.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.info("exchanges were still under way after {}, they are cut off", deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOnLoop(Running now) {
        return now.loops.stream().anyMatch(loop -> loop.eventLoop().inEventLoop());
    }

    /**
     * Ends the threads: first the one that accepts, which hands connections to the others. A group has terminated a little
     * before its threads have.
     */
    private void end(EventLoopGroup acceptor, EventLoopGroup workers) {
        boolean interrupted = false;
        for (EventLoopGroup group : List.of(acceptor, workers)) {
            var unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            while (!group.isTerminated()) {
                try {
                    group.awaitTermination(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ThreadFactory threads(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, prefix + number.incrementAndGet());
            threads.add(thread);
            return thread;
        };
    }
}
