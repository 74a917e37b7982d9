package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MailboxTest {
    /** What the executor was given and has not run. */
    private final Queue<Runnable> submitted = new ArrayDeque<>();

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Mailbox.Source source = new Mailbox.Source() {
        @Override
        public void pauseReading() {
            log.add("pause");
        }

        @Override
        public void resumeReading() {
            log.add("resume");
        }

        @Override
        public void rejected(Throwable reason) {
            log.add("rejected");
        }
    };
    private final Mailbox mailbox = new Mailbox(submitted::add, /* burst= */ 4, source, /* limit= */ 8);

    @AfterEach
    void nothingIsLeft() {
        assertThat(submitted).isEmpty();
    }

    @Test
    void burstIsDrainedInOneGoAndInOrder() {
        add("a", "b", "c");

        assertThat(submitted).hasSize(1);
        submitted.remove().run();
        assertThat(log).containsExactly("a", "b", "c");
    }

    @Test
    void longBurstLetsOthersRunInBetween() {
        add("1", "2", "3", "4", "5", "6");

        submitted.remove().run();
        assertThat(log).containsExactly("1", "2", "3", "4");
        assertThat(submitted).hasSize(1);

        submitted.remove().run();
        assertThat(log).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void taskAddedByATaskRunsBehindTheOthers() {
        mailbox.add(() -> add("late"));
        add("early");

        submitted.remove().run();
        assertThat(log).containsExactly("early", "late");
    }

    @Test
    void failingTaskStopsNothing() {
        mailbox.add(() -> {
            throw new AssertionError("on purpose");
        });
        add("next");

        submitted.remove().run();
        assertThat(log).containsExactly("next");
    }

    @Test
    void readingStopsWhenTooManyWaitAndGoesOnWhenHalfAreDone() {
        for (int i = 0; i < 9; i++) {
            add("t");
        }
        assertThat(log).containsExactly("pause");

        add("t");
        assertThat(log).containsExactly("pause");

        submitted.remove().run(); // 4 of 10 done
        assertThat(log).containsExactly("pause", "t", "t", "t", "t");
        submitted.remove().run(); // 8 of 10 done
        assertThat(log.subList(5, log.size())).containsExactly("t", "t", "t", "t", "resume");
        submitted.remove().run();
        assertThat(log).endsWith("resume", "t", "t");
    }

    @Test
    void largeTaskCountsAsSeveral() {
        addHeavy(5);
        addHeavy(5);
        assertThat(log).isEmpty();
        add("a");
        assertThat(log).containsExactly("pause");
        Mailbox.Hold[] hold = new Mailbox.Hold[1];
        mailbox.add(() -> hold[0] = mailbox.hold());
        submitted.remove().run(); // the last of them holds
        assertThat(log).containsExactly("pause", "heavy", "heavy", "a", "resume");
        hold[0].release(() -> log.add("goes on"));
        submitted.remove().run();
        addHeavy(8);
        add("b");
        assertThat(log).endsWith("goes on", "pause");
        submitted.remove().run();
        assertThat(log).endsWith("pause", "heavy", "b", "resume");
    }

    private void addHeavy(int weight) {
        mailbox.add(new Mailbox.Task() {
            @Override
            void run() {
                log.add("heavy");
            }

            @Override
            int weight() {
                return weight;
            }
        });
    }

    @Test
    void taskThatHoldsKeepsTheOthersWaitingUntilItGoesOn() {
        Mailbox.Hold[] hold = new Mailbox.Hold[1];
        mailbox.add(() -> {
            log.add("holds");
            hold[0] = mailbox.hold();
        });
        add("a");
        submitted.remove().run();
        add("b");
        assertThat(log).containsExactly("holds");
        assertThat(submitted).isEmpty();

        hold[0].release(() -> log.add("goes on"));
        hold[0].release(() -> log.add("twice"));
        assertThat(submitted).hasSize(1);
        submitted.remove().run();
        assertThat(log).containsExactly("holds", "goes on", "a", "b");
        add("c");
        submitted.remove().run();
        assertThat(log).endsWith("b", "c");
    }

    @Test
    void holdThatIsReleasedBeforeItsTaskReturnsHoldsNothing() {
        mailbox.add(() -> mailbox.hold().release(() -> log.add("goes on")));
        add("a");
        submitted.remove().run();
        assertThat(log).containsExactly("goes on", "a");
    }

    @Test
    void taskThatGoesOnMayHoldAgain() {
        Mailbox.Hold[] hold = new Mailbox.Hold[1];
        mailbox.add(() -> hold[0] = mailbox.hold());
        add("a");
        submitted.remove().run();
        hold[0].release(() -> hold[0] = mailbox.hold());
        submitted.remove().run();
        assertThat(log).isEmpty();
        hold[0].release(() -> log.add("goes on"));
        submitted.remove().run();
        assertThat(log).containsExactly("goes on", "a");
    }

    @Test
    void heldMailboxPausesReadingWhenTooManyWait() {
        Mailbox.Hold[] hold = new Mailbox.Hold[1];
        mailbox.add(() -> hold[0] = mailbox.hold());
        submitted.remove().run();
        add("1", "2", "3", "4", "5", "6", "7");
        assertThat(log).isEmpty();
        add("8");
        assertThat(log).containsExactly("pause");
        hold[0].release(() -> {});
        while (!submitted.isEmpty()) {
            submitted.remove().run();
        }
        assertThat(log).contains("resume").endsWith("8");
    }

    @Test
    void holdsThatAreReleasedElsewhereLoseNothingAndKeepTheOrder() throws Exception {
        int tasks = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(2);
        ExecutorService deciding = Executors.newSingleThreadExecutor();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(tasks);
        Mailbox holding = new Mailbox(pool, 16, source, Integer.MAX_VALUE);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            holding.add(() -> {
                Mailbox.Hold hold = holding.hold();
                deciding.execute(() -> hold.release(() -> {
                    seen.add(number);
                    done.countDown();
                }));
            });
        }
        done.await();
        pool.shutdown();
        deciding.shutdown();
        assertThat(seen).isEqualTo(IntStream.range(0, tasks).boxed().toList());
    }

    @Test
    void tasksThatTheExecutorRejectedRunWithTheNextOneItTakes() {
        AtomicInteger refusals = new AtomicInteger(2);
        Mailbox rejected = new Mailbox(
                task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new RejectedExecutionException();
                    }
                    submitted.add(task);
                },
                4,
                source,
                8);
        rejected.add(() -> log.add("first"));
        rejected.add(() -> log.add("second"));
        assertThat(log).containsExactly("rejected", "rejected");

        rejected.add(() -> log.add("third"));
        rejected.add(() -> log.add("fourth"));
        assertThat(submitted).hasSize(1);
        submitted.remove().run();
        assertThat(log).containsExactly("rejected", "rejected", "first", "second", "third", "fourth");
    }

    @Test
    void executorThatFailsIsTakenForOneThatRejects() {
        Queue<Throwable> failures = new ArrayDeque<>(
                List.of(new OutOfMemoryError("unable to create native thread"), new IllegalStateException("closed")));
        Mailbox failing = new Mailbox(
                task -> {
                    Throwable failure = failures.poll();
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    if (failure instanceof RuntimeException exception) {
                        throw exception;
                    }
                    submitted.add(task);
                },
                4,
                source,
                8);
        failing.add(() -> log.add("first"));
        failing.add(() -> log.add("second"));
        failing.add(() -> log.add("third"));
        submitted.remove().run();
        assertThat(log).containsExactly("rejected", "rejected", "first", "second", "third");
    }

    @Test
    void inlineMailboxRunsAtOnceAndNeverWithinItself() {
        Mailbox inline = new Mailbox(Runnable::run, Integer.MAX_VALUE, source, 8);

        inline.add(() -> {
            log.add("outer begins");
            inline.add(() -> log.add("inner"));
            log.add("outer ends");
        });

        assertThat(log).containsExactly("outer begins", "outer ends", "inner");
    }

    @Test
    void manyProducersLoseNothingAndKeepTheirOrder() throws Exception {
        int producers = 4;
        int each = 50_000;
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<List<Integer>> seen = IntStream.range(0, producers)
                .mapToObj(i -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(producers * each);
        Mailbox.Source ignored = new Mailbox.Source() {
            @Override
            public void pauseReading() {}

            @Override
            public void resumeReading() {}

            @Override
            public void rejected(Throwable reason) {}
        };
        Mailbox shared = new Mailbox(pool, 64, ignored, 128);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            List<Integer> mine = seen.get(p);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int number = i;
                    shared.add(() -> {
                        if (running.incrementAndGet() > 1) {
                            overlaps.incrementAndGet();
                        }
                        mine.add(number);
                        running.decrementAndGet();
                        done.countDown();
                    });
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        done.await();
        pool.shutdown();
        assertThat(overlaps).hasValue(0);
        List<Integer> all = IntStream.range(0, each).boxed().toList();
        assertThat(seen).allSatisfy(mine -> assertThat(mine).isEqualTo(all));
    }

    private void add(String... names) {
        for (String name : names) {
            mailbox.add(() -> log.add(name));
        }
    }
}
