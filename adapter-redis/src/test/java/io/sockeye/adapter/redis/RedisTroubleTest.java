package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.cluster.ClusterDriver;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of messages between two nodes while their Redis is in trouble. */
class RedisTroubleTest {
    private static final long PATIENCE_SECONDS = 40;

    private final RedisServer redis = RedisServer.start();
    private final List<Node> nodes = new ArrayList<>();

    /** The drivers. */
    enum Kind {
        CLASSIC {
            @Override
            ClusterDriver.Factory factory(RedisConnection redis) {
                return ClassicDriver.factory(redis, new ClassicSettings().values());
            }
        },
        SHARDED {
            @Override
            ClusterDriver.Factory factory(RedisConnection redis) {
                return ShardedDriver.factory(redis, new ShardedSettings().values());
            }
        },
        STREAMS {
            @Override
            ClusterDriver.Factory factory(RedisConnection redis) {
                StreamsSettings settings = new StreamsSettings().blockTime(Duration.ofMillis(500));
                return StreamsDriver.factory(redis, settings.values());
            }
        };

        abstract ClusterDriver.Factory factory(RedisConnection redis);
    }

    /** A driver and what it has told. */
    private static final class Node implements ClusterDriver.Receiver {
        private final RedisConnection connection;
        private final ClusterDriver driver;
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        Node(RedisConnection connection, Kind kind) {
            this.connection = connection;
            this.driver = kind.factory(connection).connect("/", this);
        }

        @Override
        public void received(String uid, ClusterMessage message) {
            if (message instanceof ClusterMessage.Broadcast broadcast) {
                told.add(broadcast.packet().name());
            }
        }

        @Override
        public void disconnected() {
            told.add("disconnected");
        }

        @Override
        public void connected() {
            told.add("connected");
        }

        boolean emit(String name) {
            SocketPacket.Event event =
                    new SocketPacket.Event("/", SocketPacket.NO_ID, name, Arguments.of("x".repeat(100)));
            return driver.publish(new ClusterMessage.Broadcast(event, BroadcastOptions.DEFAULT, null));
        }

        String next() throws InterruptedException {
            return told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Node node(Kind kind) throws InterruptedException {
        return node(kind, RedisConnection.to(redis.uri()));
    }

    private Node node(Kind kind, RedisConnection connection) throws InterruptedException {
        Node node = new Node(connection, kind);
        nodes.add(node);
        assertThat(node.next()).isEqualTo("connected");
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        nodes.forEach(node -> node.driver.close());
        for (Node node : nodes) {
            node.connection.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void subscriptionsReturnWhenRedisIsStartedAgain(Kind kind) throws Exception {
        Node one = node(kind);
        Node two = node(kind);
        assertThat(one.emit("before")).isTrue();
        assertThat(two.next()).isEqualTo("before");

        redis.kill();
        assertThat(one.next()).isEqualTo("disconnected");
        assertThat(two.next()).isEqualTo("disconnected");
        redis.startAgain();
        assertThat(one.next()).isEqualTo("connected");
        assertThat(two.next()).isEqualTo("connected");
        await().untilAsserted(() -> {
            assertThat(one.emit("after")).isTrue();
            assertThat(two.told.poll(1, TimeUnit.SECONDS)).isEqualTo("after");
        });
        assertThat(two.driver.nodeCount().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasValue(2);
    }

    @Test
    void aStreamIsReadFromWhereTheConnectionBroke() throws Exception {
        Node one = node(Kind.STREAMS);
        Node two = node(Kind.STREAMS);
        one.emit("1");
        assertThat(two.next()).isEqualTo("1");

        clientOf(
                redis.uri(),
                commands -> commands.clientKill(KillArgs.Builder.typeNormal().skipme()));
        for (int i = 2; i < 50; i++) {
            assertThat(one.emit(String.valueOf(i))).isTrue();
        }
        List<String> numbers = new ArrayList<>();
        while (!numbers.contains("49")) {
            String next = two.next();
            if (!numbers.contains(next) && !next.endsWith("connected")) {
                numbers.add(next);
            }
        }
        assertThat(numbers).hasSize(48).isSortedAccordingTo(Comparator.comparing(Integer::valueOf));
    }

    @ParameterizedTest
    @EnumSource
    void aRedisThatDoesNotAnswerHoldsNobodyUp(Kind kind) throws Exception {
        Node one = node(kind, RedisConnection.to(redis.uri()).maxPendingBytes(20_000));
        Node two = node(kind);

        redis.pause();
        int taken = 0;
        while (one.emit("n" + taken)) {
            taken++;
        }
        assertThat(taken).isBetween(20, 100);
        assertThat(one.connection.stats().refused()).isEqualTo(1);
        assertThat(one.connection.stats().pendingBytes()).isLessThanOrEqualTo(20_000);
        assertThat(one.next()).isEqualTo("disconnected");
        redis.resume();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .untilAsserted(() -> assertThat(one.emit("after")).isTrue());
        String seen = two.next();
        while (!"after".equals(seen)) {
            assertThat(seen).isNotNull();
            seen = two.next();
        }
    }

    @Test
    void aRedisThatRefusesMessagesIsTriedNowAndThen() throws Exception {
        Node one = node(Kind.STREAMS);
        Node two = node(Kind.STREAMS);
        clientOf(redis.uri(), commands -> commands.configSet("maxmemory", "1"));

        await().untilAsserted(() -> assertThat(one.emit("refused")).isFalse());
        assertThat(one.connection.stats().lost()).isPositive();
        assertThat(one.connection.stats().refused()).isPositive();
        clientOf(redis.uri(), commands -> commands.configSet("maxmemory", "0"));
        await().untilAsserted(() -> assertThat(one.emit("taken")).isTrue());
        assertThat(two.next()).isEqualTo("taken");
    }

    @Test
    void aRedisThatComesLaterIsFound() throws Exception {
        redis.kill();
        Node node = new Node(RedisConnection.to(redis.uri()), Kind.CLASSIC);
        nodes.add(node);
        assertThat(node.emit("held back")).isTrue();
        redis.startAgain();
        assertThat(node.next()).isEqualTo("connected");
    }

    @Test
    void rubbishOnTheChannelsIsCountedAndIgnored() throws Exception {
        Node one = node(Kind.CLASSIC);
        Node two = node(Kind.CLASSIC);
        clientOf(redis.uri(), commands -> {
            commands.publish("socket.io#/#", "rubbish");
            commands.publish("socket.io-request#/#", "{\"type\":5}");
            commands.publish("socket.io-request#/#", "{\"type\":");
            commands.publish("socket.io-response#/#", "");
        });
        one.emit("after");
        assertThat(two.next()).isEqualTo("after");
        assertThat(two.connection.stats().malformed()).isEqualTo(4);
    }

    private static void clientOf(String uri, Consumer<RedisCommands<String, String>> action) {
        try (RedisClient client = RedisClient.create(RedisURI.create(uri))) {
            action.accept(client.connect().sync());
        }
    }
}
