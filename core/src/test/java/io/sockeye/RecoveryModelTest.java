package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.ManualEventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of clients against what each of them must have seen, and broadcasts by several threads at once. */
final class RecoveryModelTest {
    private static final List<String> ROOMS = List.of("red", "blue", "green");
    private static final int STEPS = 1_500;
    private static final int THREADS = 4;
    private static final int PER_THREAD = 500;

    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    /** A client, and what was emitted to it so far and it has not been asked for. */
    private final class Subject {
        final ReturningClient client = new ReturningClient(io);
        final List<String> rooms = new ArrayList<>();
        final Deque<String> owed = new ArrayDeque<>();
        boolean away;

        boolean isIn(List<String> names) {
            return names.stream().anyMatch(rooms::contains);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachClientSeesWhatWasForItOnceAndInOrder(long seed) {
        io.settings().connectionStateRecovery(ConnectionStateRecovery.defaults());
        Random random = new Random(seed);
        List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Subject subject = new Subject();
            subject.client.connect(loop(random));
            subjects.add(subject);
        }
        for (int step = 0; step < STEPS; step++) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> broadcast(subjects, "e" + step, random);
                case 4 -> emitTo(subject, "d" + step);
                case 5 -> changeRooms(subject, random);
                case 6 -> subject.client.read(random.nextInt(4));
                case 7 -> lose(subject, random);
                case 8 -> comeBack(subject, random);
                default -> comeBackHalfway(subject, random);
            }
        }
        for (Subject subject : subjects) {
            subject.client.connect(loop(random)).expectRecovered(true);
            subject.client.expect(
                    subject.owed.stream().map(name -> "\"" + name + "\"").toArray(String[]::new));
        }
        io.discardSent();
    }

    private void broadcast(List<Subject> subjects, String name, Random random) {
        List<String> to = some(random);
        List<String> except = random.nextInt(3) == 0 ? some(random) : List.of();
        io.server()
                .to(to.toArray(String[]::new))
                .except(except.toArray(String[]::new))
                .emit(name);
        for (Subject subject : subjects) {
            if ((to.isEmpty() || subject.isIn(to)) && !subject.isIn(except)) {
                subject.owed.add(name);
            }
        }
    }

    private void emitTo(Subject subject, String name) {
        io.server().to(String.valueOf(subject.client.sid())).emit(name);
        subject.owed.add(name);
    }

    private void changeRooms(Subject subject, Random random) {
        if (subject.away) {
            return;
        }
        io.settle();
        String room = ROOMS.get(random.nextInt(ROOMS.size()));
        if (subject.rooms.remove(room)) {
            subject.client.socket().leave(room);
        } else {
            subject.rooms.add(room);
            subject.client.socket().join(room);
        }
    }

    private void lose(Subject subject, Random random) {
        subject.client.read(random.nextInt(4)).drop();
        subject.away = true;
    }

    private void comeBack(Subject subject, Random random) {
        subject.client.connect(loop(random)).expectRecovered(true);
        subject.away = false;
    }

    /** What it is sent is under way. */
    private void comeBackHalfway(Subject subject, Random random) {
        subject.client.dial(loop(random)).read(random.nextInt(4));
        subject.away = false;
    }

    private ManualEventLoop loop(Random random) {
        return random.nextBoolean() ? io.loop : io.otherLoop;
    }

    private static List<String> some(Random random) {
        return ROOMS.stream().filter(room -> random.nextInt(3) == 0).toList();
    }

    @Test
    void offsetsHaveTheOrderInWhichThreadsSend() throws InterruptedException {
        io.settings().connectionStateRecovery(ConnectionStateRecovery.defaults());
        Random random = new Random(1);
        List<ReturningClient> clients = List.of(new ReturningClient(io), new ReturningClient(io));
        clients.get(0).connect(io.loop);
        clients.get(1).connect(io.otherLoop);
        CountDownLatch done = new CountDownLatch(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads.add(new Thread(() -> {
                for (int n = 0; n < PER_THREAD; n++) {
                    io.server().emit(number + "-" + n);
                }
                done.countDown();
                io.loops.wake();
            }));
        }
        threads.forEach(Thread::start);
        int emittedByLoop = 0;
        while (done.getCount() > 0) {
            ReturningClient client = clients.get(random.nextInt(2));
            client.read(random.nextInt(10));
            String ofLoop = THREADS + "-" + emittedByLoop++;
            io.loop.run(() -> io.server().emit(ofLoop)); // must not overtake what the threads have handed over
            if (random.nextBoolean()) {
                client.drop();
            }
            client.connect(random.nextBoolean() ? io.loop : io.otherLoop).expectRecovered(true);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        clients.forEach(client -> client.connect().expectRecovered(true));
        io.discardSent();
        List<String> seen = clients.get(0).seen();
        assertThat(seen).hasSize(THREADS * PER_THREAD + emittedByLoop).doesNotHaveDuplicates();
        assertThat(clients.get(1).seen()).isEqualTo(seen);
        for (int i = 0; i <= THREADS; i++) {
            String prefix = "\"" + i + "-";
            List<String> ofOne =
                    seen.stream().filter(name -> name.startsWith(prefix)).toList();
            assertThat(ofOne).hasSize(i < THREADS ? PER_THREAD : emittedByLoop);
            for (int n = 0; n < ofOne.size(); n++) {
                assertThat(ofOne.get(n)).isEqualTo(prefix + n + "\"");
            }
        }
    }
}
