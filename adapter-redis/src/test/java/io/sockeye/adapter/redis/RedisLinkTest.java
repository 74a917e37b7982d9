package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisLinkTest {
    private static final long PATIENCE_SECONDS = 20;

    private final RedisServer redis = RedisServer.start();
    private RedisConnection connection = RedisConnection.to(redis.uri());
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @AfterEach
    void stopRedis() throws Exception {
        connection.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        redis.close();
    }

    @Test
    void messagesArriveAtWhoeverHasSubscribed() throws Exception {
        RedisLink link = connection.use();
        subscribe(link);
        assertThat(next()).isEqualTo("up");

        assertThat(link.publishing().publish(new Text("news", "one"))).isTrue();
        assertThat(next()).isEqualTo("news: one");
        assertThat(link.publishing().publish(new Text("pattern-1", "two"))).isTrue();
        assertThat(next()).isEqualTo("pattern-1: two");
        connection.release();
    }

    @Test
    void subscribersAreCounted() throws Exception {
        RedisLink link = connection.use();
        subscribe(link);
        assertThat(next()).isEqualTo("up");
        assertThat(link.publishing().publish(new Text("news", "the connection for commands stands, too")))
                .isTrue();
        assertThat(next()).isEqualTo("news: the connection for commands stands, too");

        assertThat(count(link, "news")).isEqualTo(1);
        assertThat(count(link, "other")).isZero();
        connection.release();
    }

    @Test
    void whatIsPublishedBeforeTheConnectionStandsIsHeldBack() throws Exception {
        RedisLink listening = connection.use();
        subscribe(listening);
        assertThat(next()).isEqualTo("up");

        RedisConnection other = RedisConnection.to(redis.uri());
        RedisLink link = other.use();
        for (int i = 0; i < 100; i++) {
            assertThat(link.publishing().publish(new Text("news", String.valueOf(i))))
                    .isTrue();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(next()).isEqualTo("news: " + i);
        }
        other.release();
        other.closing().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        connection.release();
    }

    @Test
    void subscriptionsReturnByThemselvesWhenRedisDoes() throws Exception {
        RedisLink link = connection.use();
        subscribe(link);
        assertThat(next()).isEqualTo("up");

        redis.kill();
        assertThat(next()).isEqualTo("down");
        assertThat(link.publishing().publish(new Text("news", "held back"))).isTrue();
        redis.startAgain();
        assertThat(next()).isIn("up", "news: held back"); // which connection comes first is open
        assertThat(link.publishing().publish(new Text("news", "after"))).isTrue();
        assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        connection.release();
    }

    @Test
    void whatIsBeyondTheBoundIsRefused() throws Exception {
        redis.kill();
        connection = RedisConnection.to(redis.uri()).maxPendingBytes(10);
        RedisLink link = connection.use();

        assertThat(link.publishing().publish(new Text("c", "12345"))).isTrue();
        assertThat(link.publishing().publish(new Text("c", "123456"))).isFalse();
        assertThat(link.publishing().publish(new Text("c", "1234"))).isTrue();
        assertThat(connection.stats()).isEqualTo(new RedisStats(0, 1, 0, 9, 0, 0));
        connection.release();
    }

    @Test
    void whatIsHeldBackForTooLongIsDropped() throws Exception {
        redis.kill();
        connection = RedisConnection.to(redis.uri()).heldBackTimeout(Duration.ZERO);
        RedisLink link = connection.use();
        assertThat(link.publishing().publish(new Text("news", "lost"))).isTrue();

        redis.startAgain();
        subscribe(link);
        assertThat(next()).isEqualTo("up");
        while (link.command(RedisClusterAsyncCommands::ping)
                .toCompletableFuture()
                .isCompletedExceptionally()) {
            Thread.onSpinWait();
        }
        assertThat(link.publishing().publish(new Text("news", "kept"))).isTrue();
        assertThat(next()).isEqualTo("news: kept");
        assertThat(connection.stats().lost()).isEqualTo(1);
        connection.release();
    }

    @Test
    void commandsFailAtOnceWhileThereIsNoConnection() {
        redis.kill();
        RedisLink link = connection.use();

        assertThatThrownBy(() -> link.command(RedisClusterAsyncCommands::ping)
                        .toCompletableFuture()
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("Redis at 127.0.0.1:" + redis.port() + " cannot be reached");
        connection.release();
    }

    @Test
    void aConnectionCanBeUsedAgainAfterItsLastUse() throws Exception {
        connection.use();
        connection.release();

        RedisLink link = connection.use();
        subscribe(link);
        assertThat(next()).isEqualTo("up");
        connection.release();
    }

    private void subscribe(RedisLink link) {
        Subscriptions.Group group = link.subscriptions().group(new Subscriptions.Listener() {
            @Override
            public void up() {
                seen.add("up");
            }

            @Override
            public void down() {
                seen.add("down");
            }
        });
        Wire.Sink sink = (channel, payload) -> seen.add(channel + ": " + new String(payload, StandardCharsets.UTF_8));
        group.add(ChannelKind.CHANNEL, "news", sink);
        group.add(ChannelKind.PATTERN, "pattern-*", sink);
        group.open();
    }

    private String next() throws InterruptedException {
        return seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static long count(RedisLink link, String channel) throws Exception {
        return link.subscribers(ChannelKind.CHANNEL, channel)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Text for a channel, as many bytes as it has characters. */
    private record Text(String channel, String text) implements Publishing.Outgoing {
        @Override
        public int size() {
            return text.length();
        }

        @Override
        public RedisFuture<?> send(RedisClusterAsyncCommands<String, byte[]> redis) {
            return redis.publish(channel, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
