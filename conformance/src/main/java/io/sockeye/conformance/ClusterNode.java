package io.sockeye.conformance;

import io.sockeye.ConnectionStateRecovery;
import io.sockeye.SocketIoServer;
import io.sockeye.SocketIoServerBuilder;
import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.redis.RedisAdapter;
import io.sockeye.adapter.redis.RedisConnection;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One node of a cluster over Redis, which the programs in {@code cluster/} start and kill. What a client asks it to emit, it
 * emits to everybody, or to a room; it joins and leaves as a client says.
 *
 * <p>{@code ClusterNode PORT --redis redis://127.0.0.1:6379 [--adapter recovery]}: {@code classic}, {@code sharded}, {@code streams}, or
 * streams with connection state recovery.
 */
public final class ClusterNode {
    private ClusterNode() {}

    /** Starts it. It serves until it is killed, or gets SIGTERM. */
    public static void main(String[] args) throws InterruptedException {
        Flags flags = new Flags(List.of(args));
        RedisConnection redis = RedisConnection.to(flags.text("--redis", "redis://127.0.0.1:6379"));
        SocketIoServer server = joined(SocketIoServer.builder().port(flags.port()), flags, redis)
                .build();
        server.onConnection(socket -> {
            socket.on("emit", event -> {
                String room = event.args().get(0, String.class);
                Object number = event.args().raw(1);
                if (room == null || room.isEmpty()) {
                    server.emit("n", number);
                } else {
                    server.to(room).emit("n", number);
                }
                event.ack().send();
            });
            socket.on("join", String.class, (room, ack) -> {
                socket.join(room);
                ack.send();
            });
            socket.on("leave", String.class, (room, ack) -> {
                socket.leave(room);
                ack.send();
            });
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.close(Duration.ofSeconds(5))));
        server.start();
        while (!Objects.requireNonNull(server.of("/").clusterStats()).connected()) {
            Thread.sleep(50); // what is emitted from now on reaches this node, too
        }
        new PrintStream(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8).println("listening");
        Thread.currentThread().join();
    }

    private static SocketIoServerBuilder joined(SocketIoServerBuilder builder, Flags flags, RedisConnection redis) {
        String adapter = flags.text("--adapter", "recovery");
        return switch (adapter) {
            case "classic" -> builder.adapter(RedisAdapter.classic(redis));
            case "sharded" -> builder.adapter(RedisAdapter.sharded(redis));
            case "streams" -> builder.adapter(streams(flags, redis));
            case "recovery" ->
                builder.adapter(streams(flags, redis))
                        .connectionStateRecovery(ConnectionStateRecovery.builder()
                                .maxDisconnectionDuration(Duration.ofMinutes(2))
                                .build());
            default ->
                throw new IllegalArgumentException(
                        "--adapter: " + adapter + " (expected: classic, sharded, streams, recovery)");
        };
    }

    private static AdapterFactory streams(Flags flags, RedisConnection redis) {
        return RedisAdapter.streams(
                redis,
                settings -> settings.maxLen(flags.number("--max-len", 100_000))
                        .patience(flags.millis("--patience", 10_000)));
    }
}
