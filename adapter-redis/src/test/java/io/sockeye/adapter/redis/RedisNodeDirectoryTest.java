package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.sockeye.SocketIoServer;
import io.sockeye.http.ClusterEngine;
import io.sockeye.http.NodeAddress;
import io.sockeye.http.NodeDirectory.Membership;
import io.sockeye.testsupport.RawClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes that find each other through a real Redis. */
class RedisNodeDirectoryTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeAddress ONE = new NodeAddress("10.0.0.1", 3000);
    private static final NodeAddress TWO = new NodeAddress("fd00::2", 3000);

    private static RedisServer server;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        redis = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        server.close();
    }

    @AfterEach
    void forget() {
        redis.flushall();
    }

    private static RedisNodeDirectory directory() {
        return RedisNodeDirectory.in(RedisConnection.to(server.uri()));
    }

    private static @Nullable NodeAddress find(Membership member, String tag) {
        return member.find(tag)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void nodesFindEachOtherUntilTheyLeave() {
        Membership one = directory().join(ONE);
        Membership two = directory().join(TWO);
        assertThat(find(one, two.tag())).isEqualTo(TWO);
        assertThat(find(two, one.tag())).isEqualTo(ONE);
        assertThat(find(two, "...")).isNull();
        assertThat(redis.get("sockeye:node:" + one.tag())).startsWith("10.0.0.1:3000 ");
        assertThat(redis.pttl("sockeye:node:" + one.tag())).isBetween(1L, 15_000L);
        one.close();
        one.close();
        assertThat(redis.keys("*")).containsExactly("sockeye:node:" + two.tag());
        two.close();
        assertThat(redis.keys("*")).isEmpty();
    }

    @Test
    void clustersWithOtherKeysDoNotMeet() {
        Membership one = directory().join(ONE);
        Membership two = directory().keyPrefix("other:").join(TWO);
        assertThat(find(two, one.tag())).isNull();
        assertThat(redis.keys("other:*")).containsExactly("other:" + two.tag());
        one.close();
        two.close();
    }

    @Test
    void keyOfALivingNodeStaysAndComesBack() {
        Membership one = directory().timeToLive(Duration.ofMillis(300)).join(ONE);
        String key = "sockeye:node:" + one.tag();
        redis.flushall();
        await().atMost(SOON).until(() -> redis.get(key) != null);
        redis.pexpire(key, 10_000);
        await().atMost(SOON).until(() -> redis.pttl(key) <= 300);
        one.close();
    }

    @Test
    void nodeThatHasLostItsTagTakesAnother() {
        Membership one = directory().timeToLive(Duration.ofMillis(300)).join(ONE);
        String lost = one.tag();
        redis.set("sockeye:node:" + lost, "10.0.0.9:3000 somebody");
        await().atMost(SOON).until(() -> !one.tag().equals(lost));
        await().atMost(SOON).until(() -> redis.get("sockeye:node:" + one.tag()) != null);
        one.close();
        assertThat(redis.keys("*")).containsExactly("sockeye:node:" + lost);
    }

    @Test
    void nodeThatDiesIsForgotten() {
        Membership two = directory().timeToLive(Duration.ofMillis(300)).join(TWO);
        redis.set("sockeye:node:abc", "10.0.0.9:3000 dead", SetArgs.Builder.px(200));
        assertThat(find(two, "abc")).isEqualTo(new NodeAddress("10.0.0.9", 3000));
        await().atMost(SOON).until(() -> find(two, "abc") == null);
        two.close();
    }

    @Test
    void nodesFoundLatelyAreFoundWithoutRedis() {
        try (RedisServer mortal = RedisServer.start()) {
            RedisNodeDirectory directory =
                    RedisNodeDirectory.in(RedisConnection.to(mortal.uri())).timeToLive(Duration.ofMillis(300));
            Membership one = directory.join(ONE);
            Membership two =
                    RedisNodeDirectory.in(RedisConnection.to(mortal.uri())).join(TWO);
            assertThat(find(one, two.tag())).isEqualTo(TWO);
            mortal.kill();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
            while (System.nanoTime() - end < 0) {
                assertThat(find(one, two.tag())).isEqualTo(TWO);
            }
            one.close();
            two.close();
        }
    }

    @Test
    void redisThatCannotBeReachedIsSaidAtTheStart() {
        int port = RedisServer.freePort();
        SocketIoServer node = SocketIoServer.builder()
                .port(0)
                .http(http -> http.host("127.0.0.1"))
                .clusterEngine(ClusterEngine.of(RedisNodeDirectory.in(RedisConnection.to("redis://127.0.0.1:" + port))
                        .joinTimeout(Duration.ofMillis(300))))
                .build();
        assertThatThrownBy(node::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot announce 127.0.0.1:")
                .hasMessageContaining(String.valueOf(port));
        assertThatThrownBy(node::port).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void requestAtTheWrongNodeIsServed() {
        try (SocketIoServer owner = node();
                SocketIoServer other = node();
                RawClient first = RawClient.connect(owner.port());
                RawClient second = RawClient.connect(other.port())) {
            first.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readUntil("\"sid\":\"");
            String sid = first.readUntil("\"").replace("\"", "");
            String target = "/socket.io/?EIO=4&transport=polling&sid=" + sid;
            second.send("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n40")
                    .readUntil("\r\n\r\nok");
            second.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("\r\n\r\n40{\"sid\":\"");
        }
    }

    private static SocketIoServer node() {
        return SocketIoServer.builder()
                .port(0)
                .http(http -> http.host("127.0.0.1").eventLoopThreads(1))
                .clusterEngine(ClusterEngine.of(directory()))
                .build()
                .start();
    }
}
