package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.ManualEventLoop;
import io.sockeye.fixture.ManualLoops;
import io.sockeye.fixture.ThreadLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OffLoopTest {
    private final ManualLoops loops = new ManualLoops();
    private final ManualEventLoop loop = loops.create("loop");
    private final EngineLoop engineLoop = new EngineLoop(loop, 1_000_000);

    /** What threads have been given and have not begun. */
    private final Queue<Runnable> threads = new ArrayDeque<>();

    private final Executor given = threads::add;
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(threads).isEmpty();
        loops.advanceMillis(2);
        loops.assertIdle();
    }

    @Test
    void workOfOneTurnIsBegunByOneThreadAndItsStandByFindsNothingLeft() {
        onLoop("a", "b", "c");

        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(log).containsExactly("a", "b", "c");
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(log).containsExactly("a", "b", "c");
    }

    @Test
    void littleWorkIsBegunTogetherWithWhatComesInMeanwhile() {
        loop.run(() -> add("a"));
        loop.execute(() -> loop.execute(() -> add("b")));
        loops.settle();

        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(log).containsExactly("a", "b");
        threads.remove().run();
    }

    @Test
    void muchWorkWaitsForNoMore() {
        loop.run(() -> {
            for (int i = 0; i < 16; i++) {
                add("a");
            }
        });
        int before = loop.executed();
        loops.settle();

        assertThat(loop.executed()).isEqualTo(before);
        threads.remove().run();
        threads.remove().run();
    }

    @Test
    void workDoesNotWaitForEverForMore() {
        addInEachOfTurns(30);
        loops.settle();

        assertThat(threads).hasSizeBetween(3, 15);
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertThat(log).hasSize(30);
    }

    private void addInEachOfTurns(int turns) {
        loop.run(() -> add("a"));
        if (turns > 1) {
            loop.execute(() -> addInEachOfTurns(turns - 1));
        }
    }

    @Test
    void loneTaskNeedsNoStandBy() {
        onLoop("a");

        threads.remove().run();
        assertThat(log).containsExactly("a");
        assertThat(threads).isEmpty();
    }

    @Test
    void standByGoesOnWhileATaskBlocksAndHasOneItself() {
        loop.run(() -> {
            give(() -> {
                log.add("a blocks");
                threads.remove().run(); // on the stand-by's thread
                log.add("a goes on");
            });
            give(() -> {
                log.add("b blocks");
                threads.remove().run();
                log.add("b goes on");
            });
            add("c");
            add("d");
        });
        loops.settle();

        threads.remove().run();
        assertThat(log).containsExactly("a blocks", "b blocks", "c", "d", "b goes on", "a goes on");
        threads.remove().run();
        assertThat(log).hasSize(6);
    }

    @Test
    void whatABatchHandsOverWakesTheLoopOnce() {
        loop.run(() -> {
            for (String name : List.of("a", "b", "c")) {
                give(() -> engineLoop.execute(() -> log.add(name)));
            }
        });
        loops.settle();

        int before = loop.executed();
        threads.remove().run();
        assertThat(loop.executed()).isEqualTo(before + 1);
        loops.settle();
        assertThat(log).containsExactly("a", "b", "c");
        threads.remove().run();
        assertThat(loop.executed()).isEqualTo(before + 1);
    }

    @Test
    void whatATaskHandsOverBeforeItBlocksReachesTheLoopWhenTheStandByBegins() {
        loop.run(() -> {
            give(() -> {
                engineLoop.execute(() -> log.add("a"));
                loops.settle();
                assertThat(log).isEmpty();
                threads.remove().run();
                loops.settle();
                assertThat(log).containsExactly("b", "a");
            });
            add("b");
        });
        loops.settle();
        threads.remove().run();
    }

    @Test
    void whatATaskHandsOverBeforeItComputesIsSeenWithinTwoMilliseconds() {
        loop.run(() -> {
            give(() -> {
                engineLoop.execute(() -> log.add("a"));
                loops.advanceMillis(2);
                assertThat(log).containsExactly("a");
            });
            add("b");
        });
        loops.settle();
        threads.remove().run();
        threads.remove().run();
        assertThat(log).containsExactly("a", "b");
    }

    @Test
    void whatALaterTaskHandsOverBeforeItComputesIsSeenWithinTwoMilliseconds() {
        loop.run(() -> {
            give(() -> {
                loops.advanceMillis(2); // the loop has looked
                threads.remove().run();
            });
            give(() -> {
                engineLoop.execute(() -> log.add("b"));
                loops.advanceMillis(2);
                assertThat(log).containsExactly("b");
            });
            add("c");
        });
        loops.settle();
        threads.remove().run();
        threads.remove().run();
        assertThat(log).containsExactly("b", "c");
    }

    @Test
    void workGivenElsewhereIsPassedOnAtOnce() {
        add("a");

        threads.remove().run();
        assertThat(log).containsExactly("a");
    }

    @Test
    void errandsLearnThatThereIsNoThreadForThem() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        loop.run(() -> {
            for (String name : List.of("a", "b")) {
                engineLoop.offLoop(full).execute(new EngineSession.Errand() {
                    @Override
                    public void run() {
                        log.add(name);
                    }

                    @Override
                    public void refused(Throwable reason) {
                        log.add(name + " " + reason.getMessage());
                    }
                });
            }
        });
        loops.settle();
        assertThat(log).containsExactly("a full", "b full");
    }

    @Test
    void interruptionOfOneTaskDoesNotReachTheNext() {
        loop.run(() -> {
            give(() -> Thread.currentThread().interrupt());
            give(() -> log.add("interrupted: " + Thread.currentThread().isInterrupted()));
        });
        loops.settle();
        threads.remove().run();
        threads.remove().run();
        assertThat(log).containsExactly("interrupted: false");
    }

    @Test
    void nothingIsLostBetweenRealThreads() throws Exception {
        int turns = 2_000;
        int tasksPerTurn = 5;
        CountDownLatch arrived = new CountDownLatch(turns * tasksPerTurn);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (ThreadLoop real = new ThreadLoop("real")) {
            EngineLoop realLoop = new EngineLoop(real, 1_000_000);
            for (int i = 0; i < turns; i++) {
                real.execute(() -> {
                    for (int n = 0; n < tasksPerTurn; n++) {
                        realLoop.offLoop(pool).execute(() -> realLoop.execute(arrived::countDown));
                    }
                });
            }
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    private void onLoop(String... names) {
        loop.run(() -> {
            for (String name : names) {
                add(name);
            }
        });
        loops.settle();
    }

    private void add(String name) {
        give(() -> log.add(name));
    }

    private void give(Runnable task) {
        engineLoop.offLoop(given).execute(task);
    }
}
