package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OneAtATimeTest {
    private final OneAtATime turns = new OneAtATime();
    private final List<String> ran = new ArrayList<>();

    @Test
    void whatComesMeanwhileRunsAfterwards() {
        turns.run(() -> {
            turns.run(() -> ran.add("second"));
            ran.add("first");
        });
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void taskThatFailsHoldsUpNone() {
        turns.run(() -> {
            turns.run(() -> ran.add("second"));
            throw new IllegalStateException("expected by the test");
        });
        turns.run(() -> ran.add("third"));
        assertThat(ran).containsExactly("second", "third");
    }
}
