package io.sockeye.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void quantilesAreExactForShortDurations() {
        for (int i = 1; i <= 50; i++) {
            histogram.record(i);
        }
        assertThat(histogram.quantile(0.5)).isEqualTo(25);
        assertThat(histogram.quantile(0.98)).isEqualTo(49);
        assertThat(histogram.quantile(1)).isEqualTo(50);
    }

    @Test
    void quantilesOfLongDurationsAreWithinASixtyFourth() {
        for (long nanos = 1; nanos < Long.MAX_VALUE / 3; nanos *= 3) {
            histogram.clear();
            histogram.record(nanos);
            assertThat(histogram.quantile(0.5)).isCloseTo(nanos, Percentage.withPercentage(100.0 / 64));
            assertThat(histogram.quantile(0.5)).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void theLongestDurationHasABucket() {
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.quantile(1)).isCloseTo(Long.MAX_VALUE, within(Long.MAX_VALUE / 64));
    }

    @Test
    void withoutDurationsThereIsNoQuantile() {
        assertThat(histogram.quantile(0.5)).isZero();
        assertThat(histogram.total()).isZero();
    }
}
