package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.ManualEventLoop;
import io.sockeye.fixture.ManualLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wheel with ticks of 10 ms, which goes around once in 40.96 s. */
class TimerWheelTest {
    private static final long TICK = Duration.ofMillis(10).toNanos();

    private final ManualLoops loops = new ManualLoops();
    private final ManualEventLoop loop = loops.create("wheel");
    private final TimerWheel wheel = new TimerWheel(loop, TICK);
    private final List<String> expired = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(expired).isEmpty();
        assertThat(wheel.size()).isZero();
        loops.assertIdle();
    }

    @Test
    void timerFallsDueInItsTickAndOnce() {
        arm(new Named("a"), 105);
        loops.advanceMillis(99);
        expectExpired();
        loops.advanceMillis(1);
        expectExpired("a");
        loops.advanceMillis(100_000);
    }

    @Test
    void shortestDelayWaitsForTheNextTick() {
        loops.advanceMillis(5);
        arm(new Named("a"), 0);
        loops.advanceMillis(4);
        expectExpired();
        loops.advanceMillis(1);
        expectExpired("a");
    }

    @Test
    void cancelledTimerDoesNotFallDue() {
        Named timer = new Named("a");
        arm(timer, 100);
        wheel.cancel(timer);
        wheel.cancel(timer);
        assertThat(loop.scheduled()).as("nothing to wake up for").isZero();
        loops.advanceMillis(200);
    }

    @Test
    void timerArmedAgainCountsFromThen() {
        Named timer = new Named("a");
        arm(timer, 100);
        loops.advanceMillis(50);
        arm(timer, 100);
        loops.advanceMillis(90);
        expectExpired();
        loops.advanceMillis(10);
        expectExpired("a");
    }

    @Test
    void earlierTimerMovesTheWakeUpForward() {
        arm(new Named("late"), 1000);
        arm(new Named("early"), 100);
        assertThat(loop.scheduled()).isEqualTo(1);
        loops.advanceMillis(100);
        expectExpired("early");
        assertThat(loop.scheduled()).isEqualTo(1);
        loops.advanceMillis(900);
        expectExpired("late");
    }

    @Test
    void timersOfOneBucketKeepTheirTurns() {
        arm(new Named("first"), 1_000);
        arm(new Named("second"), 1_000 + 40_960);
        arm(new Named("third"), 1_000 + 2 * 40_960);
        loops.advanceMillis(1_000);
        expectExpired("first");
        loops.advanceMillis(40_950);
        expectExpired();
        loops.advanceMillis(10);
        expectExpired("second");
        loops.advanceMillis(40_960);
        expectExpired("third");
    }

    @Test
    void loopThatOversleptCatchesUp() {
        arm(new Named("a"), 100);
        arm(new Named("b"), 50_000);
        arm(new Named("c"), 200_000);
        Named early = new Named("early");
        arm(early, 300_000);
        wheel.cancel(early);
        loops.jumpMillis(150_000);
        assertThat(expired).containsExactlyInAnyOrder("a", "b");
        expired.clear();
        loops.advanceMillis(50_000);
        expectExpired("c");
    }

    @Test
    void onlyTimersFallDueOnALoopThatOverslept() {
        arm(new Named("a"), 100);
        arm(new Named("b"), 110);
        loops.jumpMillis(150);
        assertThat(expired).containsExactlyInAnyOrder("a", "b");
        expired.clear();
        arm(new Named("c"), 100);
        loops.advanceMillis(100);
        expectExpired("c");
    }

    @Test
    void timerMayArmAndCancelOthersWhenItFallsDue() {
        Named victim = new Named("victim");
        Named again = new Named("again");
        Timer killer = new Timer() {
            @Override
            void expire() {
                expired.add("killer");
                wheel.cancel(victim);
                wheel.arm(again, Duration.ofMillis(30).toNanos());
            }
        };
        wheel.arm(victim, Duration.ofMillis(100).toNanos());
        wheel.arm(killer, Duration.ofMillis(90).toNanos());
        loops.advanceMillis(90);
        expectExpired("killer");
        loops.advanceMillis(30);
        expectExpired("again");
    }

    @Test
    void timerDueInTheSameTickCanStillBeCancelled() {
        List<Timer> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(new Timer() {
                @Override
                void expire() {
                    expired.add("one");
                    both.forEach(wheel::cancel);
                }
            });
        }
        both.forEach(timer -> wheel.arm(timer, Duration.ofMillis(50).toNanos()));
        loops.advanceMillis(50);
        expectExpired("one");
    }

    @Test
    void timerThatFailsDoesNotStopTheOthers() {
        arm(new Named("a"), 50);
        wheel.arm(
                new Timer() {
                    @Override
                    void expire() {
                        throw new IllegalStateException("broken");
                    }
                },
                Duration.ofMillis(50).toNanos());
        arm(new Named("b"), 50);
        loops.advanceMillis(50);
        assertThat(expired).containsExactlyInAnyOrder("a", "b");
        expired.clear();
    }

    @Test
    void manyTimersFallDueInTheirTicksWhateverHappensBetween() {
        Random random = new Random(42);
        List<Checked> timers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            timers.add(new Checked());
        }
        for (int round = 0; round < 20_000; round++) {
            Checked timer = timers.get(random.nextInt(timers.size()));
            if (random.nextInt(4) == 0) {
                timer.dueNanos = Long.MAX_VALUE;
                wheel.cancel(timer);
            } else {
                long delay = random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(500);
                timer.dueNanos = loop.nanoTime() + Duration.ofMillis(delay).toNanos();
                wheel.arm(timer, Duration.ofMillis(delay).toNanos());
            }
            loops.advanceMillis(random.nextInt(20));
            for (Checked each : timers) {
                assertThat(each.dueNanos).as("not overdue").isGreaterThanOrEqualTo(loop.nanoTime() - TICK);
            }
        }
        timers.forEach(wheel::cancel);
    }

    private void arm(Timer timer, long delayMillis) {
        wheel.arm(timer, Duration.ofMillis(delayMillis).toNanos());
    }

    private void expectExpired(String... names) {
        assertThat(expired).containsExactly(names);
        expired.clear();
    }

    /** Writes down that it fell due. */
    private final class Named extends Timer {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        void expire() {
            expired.add(name);
        }
    }

    /** Knows when it is due, and that it is not early. */
    private final class Checked extends Timer {
        private long dueNanos = Long.MAX_VALUE;

        @Override
        void expire() {
            assertThat(loop.nanoTime()).isBetween(dueNanos - TICK, dueNanos + TICK);
            dueNanos = Long.MAX_VALUE;
        }
    }
}
