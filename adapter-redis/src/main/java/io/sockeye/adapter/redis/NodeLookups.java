package io.sockeye.adapter.redis;

import io.lettuce.core.RedisException;
import io.sockeye.http.NodeAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has been found out about nodes, so that Redis is asked for each of them now and then only, and by one request at a time.
 * When it does not answer, what it said last counts. Thread-safe.
 */
final class NodeLookups {
    private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORGOTTEN_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long PATIENCE_MILLIS = 1500;

    /** More than these are asked for only by somebody who makes them up. */
    private static final int MOST_AT_ONCE = 1000;

    private final Function<String, CompletionStage<@Nullable NodeAddress>> reader;
    private final long freshNanos;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<@Nullable NodeAddress>> asked = new ConcurrentHashMap<>();

    /**
     * What was found out.
     *
     * @param address null when there was no such node
     * @param atNanos when it was asked for last, with or without success
     */
    private record Known(@Nullable NodeAddress address, long atNanos) {}

    NodeLookups(
            Function<String, CompletionStage<@Nullable NodeAddress>> reader, long freshNanos, LongSupplier nanoClock) {
        this.reader = reader;
        this.freshNanos = freshNanos;
        this.nanoClock = nanoClock;
    }

    /** Where the node with that tag is; null when there is none, a failure when that cannot be known. */
    CompletionStage<@Nullable NodeAddress> find(String tag) {
        Known before = known.get(tag);
        long now = nanoClock.getAsLong();
        if (before != null && now - before.atNanos < (before.address == null ? UNKNOWN_NANOS : freshNanos)) {
            return CompletableFuture.completedFuture(before.address);
        }
        CompletableFuture<@Nullable NodeAddress> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable NodeAddress> other = asked.putIfAbsent(tag, mine);
        if (other != null) {
            return other;
        }
        if (asked.size() > MOST_AT_ONCE) {
            asked.remove(tag);
            mine.completeExceptionally(new RedisException("too many nodes are asked for"));
            return mine;
        }
        var unused = reader.apply(tag)
                .toCompletableFuture()
                .copy()
                .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((found, failure) -> onAnswer(tag, before, mine, found, failure));
        return mine;
    }

    private void onAnswer(
            String tag,
            @Nullable Known before,
            CompletableFuture<@Nullable NodeAddress> waiting,
            @Nullable NodeAddress found,
            @Nullable Throwable failure) {
        NodeAddress address = failure != null && before != null ? before.address : found;
        boolean certain = failure == null || before != null;
        if (certain) {
            known.put(tag, new Known(address, nanoClock.getAsLong()));
        }
        asked.remove(tag);
        if (certain) {
            waiting.complete(address);
        } else {
            waiting.completeExceptionally(failure);
        }
    }

    /** Forgets what nobody asks for any more. */
    void tidy() {
        long now = nanoClock.getAsLong();
        known.values().removeIf(each -> now - each.atNanos >= (each.address == null ? UNKNOWN_NANOS : FORGOTTEN_NANOS));
    }
}
