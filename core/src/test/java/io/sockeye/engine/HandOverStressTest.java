package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.TestExchange;
import io.sockeye.fixture.ThreadLoop;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Real threads send to sessions of two real loops, by all the ways there are. */
class HandOverStressTest {
    private static final int SESSIONS_PER_LOOP = 3;
    private static final int THREADS = 4;
    private static final int PACKETS_PER_SENDER = 10_000;
    private static final int SENDERS_PER_SESSION = THREADS + 1; // the loop's own thread is one too

    private final Queue<EngineSession> sessions = new ConcurrentLinkedQueue<>();
    private final Queue<Picky> transports = new ConcurrentLinkedQueue<>();
    private final CountDownLatch arrived =
            new CountDownLatch(2 * SESSIONS_PER_LOOP * SENDERS_PER_SESSION * PACKETS_PER_SENDER);

    @Test
    void nothingIsLostAndEachSendersPacketsComeInOrder() throws Exception {
        EngineServer server = EngineServer.builder()
                .transports(new PickyFactory())
                .sendQueueLimit(Integer.MAX_VALUE)
                .onSession(sessions::add)
                .build();
        try (ThreadLoop one = new ThreadLoop("one");
                ThreadLoop two = new ThreadLoop("two")) {
            openSessions(server, one, two);
            List<Thread> threads = startSenders();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(arrived.await(30, TimeUnit.SECONDS))
                    .as("everything arrives")
                    .isTrue();
            assertThat(server.close().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isNull();
            assertThat(server.sessions()).isZero();
        }
        assertThat(transports)
                .allSatisfy(transport -> assertThat(transport.faults).isEmpty());
        assertThat(sessions)
                .allSatisfy(session -> assertThat(session.queuedBytes()).isZero());
    }

    private void openSessions(EngineServer server, ThreadLoop... loops) throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(loops.length * SESSIONS_PER_LOOP);
        for (ThreadLoop loop : loops) {
            for (int i = 0; i < SESSIONS_PER_LOOP; i++) {
                loop.execute(() -> {
                    server.handle(new TestExchange(loop, "GET", "/?EIO=4&transport=picky").upgrade());
                    opened.countDown();
                });
            }
        }
        assertThat(opened.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private List<Thread> startSenders() {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int sender = i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                sendAll(sender);
            });
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    /** Sends directly, by tasks, and lets the loops' threads send on their own account. */
    private void sendAll(int sender) {
        for (int n = 0; n < PACKETS_PER_SENDER; n++) {
            for (EngineSession session : sessions) {
                EncodedPacket packet = EncodedPacket.text(sender + ":" + n);
                if (n % 7 == 0) {
                    session.execute(() -> session.send(packet));
                } else {
                    session.send(packet);
                }
                if (sender == 0) {
                    EncodedPacket own = EncodedPacket.text(THREADS + ":" + n);
                    session.eventLoop().execute(() -> session.send(own));
                }
            }
        }
    }

    /** Makes the transports of this test. */
    private final class PickyFactory implements TransportFactory {
        @Override
        public String name() {
            return "picky";
        }

        @Override
        public boolean upgradesConnection() {
            return true;
        }

        @Override
        public void open(
                HttpExchange exchange, TransportConfig config, EventLoop sessionLoop, Consumer<Transport> opened) {
            Picky transport = new Picky(sessionLoop);
            transports.add(transport);
            opened.accept(transport);
        }
    }

    /** A transport that takes a few packets, then none for a while, and checks each sender's numbers. */
    private final class Picky implements Transport {
        private final EventLoop loop;
        private final Map<Integer, Integer> nextOf = new HashMap<>();
        private final Queue<String> faults = new ConcurrentLinkedQueue<>();
        private @Nullable Listener listener;
        private boolean full;
        private boolean closed;

        Picky(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void send(Queue<EncodedPacket> queue) {
            for (int i = 0; i < 100 && !queue.isEmpty(); i++) {
                check(queue.remove());
            }
            full = true;
            loop.execute(() -> {
                full = false;
                if (listener != null && !closed) {
                    listener.onWritable();
                }
            });
        }

        private void check(EncodedPacket packet) {
            String text =
                    new String(packet.array(), packet.packetOffset(), packet.packetLength(), StandardCharsets.UTF_8);
            if (text.startsWith("4")) {
                String[] parts = text.substring(1).split(":", -1);
                int sender = Integer.parseInt(parts[0]);
                int number = Integer.parseInt(parts[1]);
                int expected = nextOf.merge(sender, 1, Integer::sum) - 1;
                if (number != expected || !loop.inEventLoop()) {
                    faults.add(text + " instead of " + expected);
                }
                arrived.countDown();
            }
        }

        @Override
        public String name() {
            return "picky";
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public void listener(Listener listener) {
            this.listener = listener;
        }

        @Override
        public boolean writable() {
            return !full && !closed;
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close() {
            closed = true;
            if (listener != null) {
                listener.onClose();
            }
        }

        @Override
        public void abort() {
            closed = true;
        }

        @Override
        public void discard() {
            closed = true;
        }
    }
}
