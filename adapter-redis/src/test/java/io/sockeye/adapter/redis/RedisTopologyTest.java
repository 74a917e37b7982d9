package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.sockeye.SocketIoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two servers, joined through each way in which a Redis may be built and guarded. */
class RedisTopologyTest {
    private static final long PATIENCE_SECONDS = 40;

    private final List<RedisServer> redis = new ArrayList<>();
    private final List<SocketIoServer> servers = new ArrayList<>();
    private final List<RedisConnection> connections = new ArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        servers.forEach(SocketIoServer::close);
        for (RedisConnection connection : connections) {
            connection.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        redis.forEach(RedisServer::close);
    }

    private void join(AdapterKind kind, Supplier<RedisConnection> connect) {
        for (String name : List.of("one", "two")) {
            RedisConnection connection = connect.get();
            connections.add(connection);
            SocketIoServer io = SocketIoServer.builder()
                    .port(0)
                    .http(http -> http.host("127.0.0.1"))
                    .adapter(kind.factory(connection, "topology"))
                    .build();
            io.of("/").onServerSide("hello", String.class, text -> heard.add(name + " " + text));
            servers.add(io);
        }
        assertTheyHearEachOther("first");
    }

    private void assertTheyHearEachOther(String text) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).untilAsserted(() -> {
            heard.clear();
            assertThat(servers.get(0).serverSideEmit("hello", text)).isTrue();
            assertThat(heard.poll(2, TimeUnit.SECONDS)).isEqualTo("two " + text);
            assertThat(servers.get(1).of("/").serverCount().join()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "SHARDED_DYNAMIC", "STREAMS"})
    void serversAreJoinedThroughARedisCluster(AdapterKind kind) throws Exception {
        int[] starts = {0, 5461, 10923, 16384};
        for (int i = 0; i < 3; i++) {
            redis.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
        }
        for (int i = 0; i < 3; i++) {
            try (RedisClient client =
                    RedisClient.create(RedisURI.create(redis.get(i).uri()))) {
                var commands = client.connect().sync();
                commands.clusterSetConfigEpoch(i + 1L);
                commands.clusterMeet("127.0.0.1", redis.get(0).port());
                commands.clusterAddSlots(
                        IntStream.range(starts[i], starts[i + 1]).toArray());
                int index = i;
                if (index == 2) {
                    await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                            .until(() -> commands.clusterInfo().contains("cluster_state:ok")
                                    && commands.clusterInfo().contains("cluster_known_nodes:3"));
                }
            }
        }
        join(
                kind,
                () -> RedisConnection.toCluster(redis.get(0).uri(), redis.get(1).uri()));
    }

    @Test
    void serversFollowTheMasterThatSentinelsName() throws Exception {
        RedisServer master = RedisServer.start();
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(master.port()));
        redis.add(master);
        redis.add(replica);
        int port = RedisServer.freePort();
        Path configuration = Files.writeString(folder.resolve("sentinel.conf"), """
                port %d
                sentinel monitor mymaster 127.0.0.1 %d 1
                sentinel down-after-milliseconds mymaster 1000
                sentinel failover-timeout mymaster 5000
                """.formatted(port, master.port()));
        redis.add(RedisServer.startAt(port, List.of(configuration.toString(), "--sentinel")));
        try (RedisClient client = RedisClient.create(RedisURI.create("redis://127.0.0.1:" + port))) {
            var sentinel = client.connectSentinel().sync();
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .until(() -> sentinel.replicas("mymaster").size() == 1);
        }
        join(AdapterKind.CLASSIC, () -> RedisConnection.to("redis-sentinel://127.0.0.1:" + port + "#mymaster"));

        master.kill();
        assertTheyHearEachOther("after the failover");
    }

    @Test
    void serversAreJoinedThroughARedisWithTlsAndUsers() throws Exception {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem");
        int port = RedisServer.freePort();
        Path configuration = Files.writeString(folder.resolve("redis.conf"), """
                port 0
                tls-port %d
                tls-cert-file %s
                tls-key-file %s
                tls-auth-clients no
                user default off
                user sockeye on >secret &topology* +publish +subscribe +unsubscribe +psubscribe +punsubscribe +pubsub +ping
                """.formatted(
                        port, folder.resolve("cert.pem"), folder.resolve("key.pem")));
        redis.add(RedisServer.startAt(port, List.of(configuration.toString())));
        RedisURI uri = RedisURI.create("rediss://sockeye:secret@127.0.0.1:" + port);
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .sslOptions(SslOptions.builder()
                        .trustManager(folder.resolve("cert.pem").toFile())
                        .build())
                .build());
        try (client) {
            join(AdapterKind.CLASSIC, () -> RedisConnection.of(client, uri));
            servers.forEach(SocketIoServer::close);
            for (RedisConnection connection : connections) {
                connection.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(client.connect().sync().ping())
                    .as("the client is not shut down")
                    .isEqualTo("PONG");
        }
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output.txt")))
                .isZero();
    }
}
