package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.http.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeLookupsTest {
    private static final NodeAddress NODE = new NodeAddress("10.0.0.1", 3000);
    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

    private final List<String> asked = new ArrayList<>();
    private final List<CompletableFuture<@Nullable NodeAddress>> answers = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1;
    private final NodeLookups lookups = new NodeLookups(this::read, FRESH, () -> now);

    private CompletionStage<@Nullable NodeAddress> read(String tag) {
        asked.add(tag);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    private CompletableFuture<@Nullable NodeAddress> find() {
        return lookups.find("abc").toCompletableFuture();
    }

    private void ask() {
        assertThat(find()).isNotDone();
    }

    private void answer(@Nullable NodeAddress address) {
        answers.get(answers.size() - 1).complete(address);
    }

    private void refuse() {
        answers.get(answers.size() - 1).completeExceptionally(new IllegalStateException("gone"));
    }

    @Test
    void nodeIsAskedForOnceByAllWhoWait() {
        CompletableFuture<@Nullable NodeAddress> one = find();
        CompletableFuture<@Nullable NodeAddress> two = find();
        assertThat(one).isNotDone();
        answer(NODE);
        assertThat(one).isCompletedWithValue(NODE);
        assertThat(two).isCompletedWithValue(NODE);
        assertThat(asked).containsExactly("abc");
    }

    @Test
    void answerIsFreshForAWhile() {
        ask();
        answer(NODE);
        now += FRESH - 1;
        assertThat(find()).isCompletedWithValue(NODE);
        now += 1;
        CompletableFuture<@Nullable NodeAddress> later = find();
        assertThat(later).isNotDone();
        answer(null);
        assertThat(later).isCompletedWithValue(null);
        assertThat(asked).hasSize(2);
    }

    @Test
    void nobodyIsRememberedForASecond() {
        ask();
        answer(null);
        now += TimeUnit.SECONDS.toNanos(1) - 1;
        assertThat(find()).isCompletedWithValue(null);
        now += 1;
        assertThat(find()).isNotDone();
    }

    @Test
    void whatWasKnownCountsWhileRedisDoesNotAnswer() {
        ask();
        answer(NODE);
        now += FRESH;
        CompletableFuture<@Nullable NodeAddress> later = find();
        refuse();
        assertThat(later).isCompletedWithValue(NODE);
        assertThat(find()).isCompletedWithValue(NODE);
        assertThat(asked).hasSize(2);
        now += FRESH;
        assertThat(find()).isNotDone();
    }

    @Test
    void whatWasNeverKnownFailsAndIsAskedForAgain() {
        CompletableFuture<@Nullable NodeAddress> first = find();
        refuse();
        assertThatThrownBy(first::join).hasRootCauseMessage("gone");
        assertThat(find()).isNotDone();
    }

    @Test
    void notMoreThanAThousandAreAskedForAtOnce() {
        for (int i = 0; i < 1000; i++) {
            assertThat(lookups.find("tag " + i).toCompletableFuture()).isNotDone();
        }
        assertThat(find()).isCompletedExceptionally();
        answers.get(0).complete(NODE);
        assertThat(find()).isNotDone();
    }

    @Test
    void whatNobodyAsksForIsForgotten() {
        ask();
        answer(NODE);
        now += TimeUnit.HOURS.toNanos(1);
        lookups.tidy();
        CompletableFuture<@Nullable NodeAddress> later = find();
        refuse();
        assertThat(later).isCompletedExceptionally();
    }
}
