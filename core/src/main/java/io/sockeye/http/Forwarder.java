package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.sockeye.engine.ForeignRequest;
import io.sockeye.engine.ForeignSessions;
import io.sockeye.transport.HttpExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes requests of sessions that other nodes have on to these nodes, over TCP, and their answers back. The node that has the
 * session treats them as its own, with all its rules; this one looks at nothing.
 *
 * <p>A request that has been passed on carries a {@value #MARK} header, and is not passed on once more. A client that sends the
 * header itself only loses the service.
 *
 * <p>States: <em>new</em>; <em>member</em> of the directory after {@link #join}; <em>stopping</em> after {@link #stop}, and still
 * a member; <em>gone</em> after {@link #leave}. Only a member passes requests on. Thread-safe.
 */
public final class Forwarder implements ForeignSessions {
    static final String MARK = "Sockeye-Forwarded";
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    final LongAdder requests = new LongAdder();
    final LongAdder upgrades = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder connections = new LongAdder();

    private final ClusterEngine config;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<EventLoop, OwnerConnections> loops = new ConcurrentHashMap<>();
    private volatile NodeDirectory.@Nullable Membership membership; // null unless member
    private volatile boolean stopping;
    private volatile @Nullable SslContext tls; // null: the nodes do not encrypt

    Forwarder(ClusterEngine config, LongSupplier nanoClock) {
        this.config = config;
        this.nanoClock = nanoClock;
    }

    /**
     * Announces a server that listens, or else closes it. May block for a few seconds.
     *
     * @throws IllegalStateException when it cannot be announced; the message says why
     */
    public void join(HttpServer server) {
        boolean joined = false;
        try {
            announce(server);
            joined = true;
        } finally {
            if (!joined) {
                server.close(Duration.ZERO);
            }
        }
    }

    private void announce(HttpServer server) {
        String host = config.host() != null ? config.host() : server.host();
        if (host == null) {
            throw new IllegalStateException("clusterEngine: no host (expected: the address under which the other nodes"
                    + " reach this one, since it listens on every interface)");
        }
        NodeAddress address = new NodeAddress(host, config.port() != 0 ? config.port() : server.port());
        tls = server.clientTls();
        NodeDirectory.Membership joined = config.directory().join(address);
        membership = joined;
        log.info("node {} at {}", joined.tag(), address);
    }

    /** Closes the connections to other nodes that are idle, and from now on each other one after its request. Returns at once. */
    public void stop() {
        stopping = true;
        loops.forEach((loop, connections) -> {
            try {
                loop.execute(connections::closeIdle);
            } catch (RejectedExecutionException e) {
                log.debug("the server has been closed, and its connections with it", e);
            }
        });
    }

    boolean isStopping() {
        return stopping;
    }

    /** Withdraws the server from the directory and passes nothing on any more. May block for a few seconds. Idempotent. */
    public void leave() {
        NodeDirectory.Membership left = membership;
        membership = null;
        if (left != null) {
            left.close();
        }
    }

    /** What has been done so far. */
    public ForwarderStats stats() {
        return new ForwarderStats(requests.sum(), upgrades.sum(), failed.sum(), connections.sum());
    }

    @Override
    public @Nullable String tag() {
        NodeDirectory.Membership member = membership;
        return member == null ? null : member.tag();
    }

    @Override
    public boolean forward(ForeignRequest request) {
        NodeDirectory.Membership member = membership;
        HttpExchange exchange = request.exchange();
        Exchange netty = exchange.unwrap(Exchange.class);
        if (member == null
                || netty == null
                || exchange.header(MARK) != null
                || request.tag().equals(member.tag())) {
            return false;
        }
        OwnerConnections here = connectionsOf(netty.channel());
        Forwarding forwarding =
                exchange.upgradeRequested() ? new Splice(request, netty, here) : new OwnerRequest(request, netty, here);
        exchange.onAbort(forwarding::cancel);
        find(member, request.tag()).whenComplete((address, failure) -> {
            if (failure != null) {
                log.debug("the node with tag {} cannot be found", request.tag(), failure);
            }
            if (exchange.eventLoop().inEventLoop()) {
                go(forwarding, address);
            } else {
                exchange.eventLoop().execute(() -> go(forwarding, address));
            }
        });
        return true;
    }

    /** Goes on when the owner's address is known; null when it is not. */
    private static void go(Forwarding forwarding, @Nullable InetSocketAddress address) {
        if (address == null) {
            forwarding.fail();
        } else {
            forwarding.start(address);
        }
    }

    private OwnerConnections connectionsOf(Channel client) {
        EventLoop loop = client.eventLoop();
        OwnerConnections here = loops.get(loop);
        return here != null
                ? here
                : loops.computeIfAbsent(
                        loop, key -> new OwnerConnections(this, config, key, client.getClass(), tls, nanoClock));
    }

    private static CompletionStage<@Nullable InetSocketAddress> find(NodeDirectory.Membership member, String tag) {
        return member.find(tag).thenCompose(Forwarder::resolve);
    }

    /** Looks names up on another thread, because it blocks; the platform remembers them for a while. */
    private static CompletionStage<@Nullable InetSocketAddress> resolve(@Nullable NodeAddress address) {
        if (address == null) {
            return CompletableFuture.completedFuture(null);
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        return literal == null
                ? CompletableFuture.supplyAsync(() -> resolveNow(address))
                : CompletableFuture.completedFuture(resolveNow(address));
    }

    private static InetSocketAddress resolveNow(NodeAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }
}
