package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The timer of a server that is no test. */
final class TimerThreadTest {
    private static final long MILLI = 1_000_000;

    private final TimerThread timer = new TimerThread();
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @Test
    void tasksRunInTheOrderInWhichTheyAreDue() throws InterruptedException {
        timer.schedule(() -> ran.add("later " + Thread.currentThread().getName()), 1_500 * MILLI);
        timer.schedule(() -> ran.add("sooner"), MILLI);
        timer.schedule(() -> ran.add("never"), 1_000 * MILLI).cancel();
        assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("sooner");
        assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("later sockeye-timer");
        timer.close();
    }

    @Test
    void closedTimerRunsNothing() {
        timer.schedule(() -> ran.add("never"), 3_600_000 * MILLI);
        timer.close();
        timer.close();
        timer.schedule(() -> ran.add("never"), 0).cancel();
        assertThat(ran).isEmpty();
    }
}
