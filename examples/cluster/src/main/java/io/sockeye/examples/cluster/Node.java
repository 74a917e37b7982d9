package io.sockeye.examples.cluster;

import io.sockeye.ConnectionStateRecovery;
import io.sockeye.SocketIoServer;
import io.sockeye.adapter.redis.RedisAdapter;
import io.sockeye.adapter.redis.RedisConnection;
import io.sockeye.adapter.redis.RedisNodeDirectory;
import io.sockeye.http.ClusterEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The program of one node. It ends with its standard input, so that none is left when {@link Cluster} has gone. */
public final class Node {
    private static final int KILLED = 137;

    private Node() {}

    /** Takes its name, its port and the URI of Redis. Prints a line when it is ready. */
    public static void main(String[] args) throws IOException {
        String name = args[0];
        SocketIoServer io = create(Integer.parseInt(args[1]), args[2]);
        Room room = new Room(io, name, () -> Runtime.getRuntime().halt(KILLED));
        room.serve();
        io.start();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var unused = clock.scheduleAtFixedRate(room::tellState, 0, 1, TimeUnit.SECONDS);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // what comes means nothing, only the end does
        }
        clock.shutdownNow();
        io.close();
        Runtime.getRuntime().halt(0);
    }

    /** A node's server, not started yet. */
    private static SocketIoServer create(int port, String redisUri) {
        RedisConnection redis = RedisConnection.to(redisUri);
        return SocketIoServer.builder()
                .port(port)
                .http(http -> http.host("127.0.0.1"))
                .pingInterval(Duration.ofSeconds(5)) // so that the page soon notices what is gone
                .pingTimeout(Duration.ofSeconds(5))
                .adapter(RedisAdapter.streams(redis))
                .connectionStateRecovery(ConnectionStateRecovery.defaults())
                .clusterEngine(ClusterEngine.of(RedisNodeDirectory.in(redis).timeToLive(Duration.ofSeconds(3))))
                .handler(new WebPage())
                .build();
    }
}
