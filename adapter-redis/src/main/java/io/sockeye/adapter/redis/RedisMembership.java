package io.sockeye.adapter.redis;

import io.lettuce.core.SetArgs;
import io.sockeye.http.NodeAddress;
import io.sockeye.http.NodeDirectory;
import io.sockeye.http.NodeTags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in a {@link RedisNodeDirectory}: keeps the node's key alive, and looks up those of others.
 *
 * <p>Thread-safe: the key is looked after on the link's executor.
 */
final class RedisMembership implements NodeDirectory.Membership {
    private static final Logger log = LoggerFactory.getLogger(RedisMembership.class);
    private static final long RETRY_MILLIS = 50;
    private static final long LEAVE_SECONDS = 1;

    private final RedisConnection redis;
    private final RedisLink link;
    private final RedisNodeDirectory.Settings settings;
    private final byte[] value;
    private final NodeLookups lookups;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile String tag = NodeTags.random();
    private volatile @Nullable Future<?> refreshing; // null until announced

    RedisMembership(RedisConnection redis, RedisLink link, RedisNodeDirectory.Settings settings, NodeAddress address) {
        this.redis = redis;
        this.link = link;
        this.settings = settings;
        this.value = (address + " " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        this.lookups = new NodeLookups(this::read, settings.refreshNanos(), System::nanoTime);
    }

    /** Claims a tag, and keeps it from then on. Tries again until the deadline. */
    CompletableFuture<?> announce(long deadlineNanos) {
        CompletableFuture<?> announced = new CompletableFuture<>();
        tryToAnnounce(deadlineNanos, announced);
        return announced;
    }

    private void tryToAnnounce(long deadlineNanos, CompletableFuture<?> announced) {
        claim().whenComplete((done, failure) -> {
            if (failure == null) {
                refreshing = link.executor()
                        .scheduleWithFixedDelay(
                                this::refresh, settings.refreshNanos(), settings.refreshNanos(), TimeUnit.NANOSECONDS);
                announced.complete(null);
            } else if (System.nanoTime() - deadlineNanos >= 0 || left.get()) {
                announced.completeExceptionally(failure);
            } else {
                var unused = link.executor()
                        .schedule(() -> tryToAnnounce(deadlineNanos, announced), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Takes a tag that nobody has, the present one if possible. */
    private CompletionStage<Boolean> claim() {
        SetArgs ifFree = SetArgs.Builder.nx().px(settings.timeToLive().toMillis());
        return link.command(commands -> commands.set(key(tag), value, ifFree)).thenCompose(answer -> {
            if ("OK".equals(answer)) {
                return CompletableFuture.completedFuture(true);
            }
            tag = NodeTags.random();
            return claim();
        });
    }

    /** Prolongs the key's life, and makes it again where it has vanished. */
    private void refresh() {
        String mine = tag;
        CompletionStage<Boolean> refreshed = link.command(commands -> commands.get(key(mine)))
                .thenCompose(found -> {
                    if (left.get()) {
                        return CompletableFuture.completedFuture(true);
                    }
                    if (found == null) {
                        return claim();
                    }
                    if (Arrays.equals(found, value)) {
                        return link.command(commands -> commands.pexpire(key(mine), settings.timeToLive()));
                    }
                    log.warn("the tag {} has got to another node while Redis was out of reach", mine);
                    return claim();
                });
        refreshed.whenComplete((done, failure) -> {
            if (failure != null) {
                log.debug("this node's key cannot be refreshed", failure);
            }
        });
        lookups.tidy();
    }

    private CompletionStage<@Nullable NodeAddress> read(String other) {
        return link.command(commands -> commands.get(key(other))).thenApply(RedisMembership::address);
    }

    /** The address that a key's value begins with. */
    private static @Nullable NodeAddress address(byte @Nullable [] found) {
        if (found == null) {
            return null;
        }
        String text = new String(found, StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        return NodeAddress.parse(space < 0 ? text : text.substring(0, space));
    }

    private String key(String of) {
        return settings.prefix() + of;
    }

    @Override
    public String tag() {
        return tag;
    }

    @Override
    public CompletionStage<@Nullable NodeAddress> find(String other) {
        return lookups.find(other);
    }

    @Override
    public void close() {
        if (!left.compareAndSet(false, true)) {
            return;
        }
        Future<?> refreshed = refreshing;
        if (refreshed != null) {
            refreshed.cancel(/* mayInterruptIfRunning= */ false);
            withdraw();
        }
        redis.release();
    }

    private void withdraw() {
        String mine = key(tag);
        CompletableFuture<?> gone = link.command(commands -> commands.get(mine))
                .thenCompose(found -> Arrays.equals(found, value)
                        ? link.command(commands -> commands.del(mine))
                        : CompletableFuture.completedFuture(0L))
                .toCompletableFuture();
        try {
            gone.get(LEAVE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("this node's key could not be removed; it vanishes by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
