package io.sockeye.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderedCallsTest {
    private final OrderedCalls calls = new OrderedCalls();
    private final List<String> made = new ArrayList<>();

    @Test
    void whatIsAddedMeanwhileIsMadeAfterwards() {
        calls.add(() -> {
            calls.add(() -> made.add("third"));
            calls.make();
            made.add("first");
        });
        calls.add(() -> made.add("second"));
        calls.make();
        assertThat(made).containsExactly("first", "second", "third");
    }

    @Test
    void callThatFailsHoldsUpNone() {
        calls.add(() -> {
            throw new IllegalStateException("expected by the test");
        });
        calls.add(() -> made.add("second"));
        calls.make();
        calls.add(() -> made.add("third"));
        calls.make();
        assertThat(made).containsExactly("second", "third");
    }
}
