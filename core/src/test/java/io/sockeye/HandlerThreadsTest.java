package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers on threads of their own, which may block. */
final class HandlerThreadsTest {
    private static final int SOCKETS = 50;

    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture(SocketIoFixture.Handlers.ON_THREADS);

    @Test
    void handlerThatBlocksDelaysNobodyElse() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        io.server().onConnection(socket -> {
            socket.on("block", e -> {
                io.tell("blocked");
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                e.ack().send();
            });
            socket.on("ping", e -> e.ack().send("pong"));
        });
        TestClient blocked = connect();
        List<TestClient> others = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            others.add(connect());
        }
        blocked.receive("420[\"block\"]", "421[\"ping\"]");
        io.settleUntil(() -> io.told().contains("blocked"));
        others.forEach(client -> client.receive("420[\"ping\"]"));
        for (TestClient client : others) {
            nextIs(client, "430[\"pong\"]");
        }
        blocked.expect();
        io.expectTold("blocked");
        release.countDown();
        nextIs(blocked, "430[]");
        nextIs(blocked, "431[\"pong\"]");
    }

    @Test
    void middlewareThatBlocksDelaysNobodyElse() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        io.server().of("/slow").use(socket -> {
            io.tell("blocked");
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
        });
        io.server().of("/slow").onConnection(socket -> io.tell("joined"));
        TestClient blocked = io.connect().receive("40/slow,");
        io.settleUntil(() -> io.told().contains("blocked"));
        connect();
        release.countDown();
        io.settleUntil(() -> io.told().contains("joined"));
        io.expectTold("blocked", "joined");
        blocked.joined("/slow");
    }

    @Test
    void handlerMayWaitForAnAcknowledgement() throws InterruptedException {
        io.server()
                .onConnection(socket -> socket.on("ask", e -> {
                    String answer = socket.timeout(Duration.ofMinutes(1))
                            .emitWithAck("question")
                            .as(String.class)
                            .join();
                    Acknowledgements all =
                            io.server().to(socket.id()).emitWithAck("all").join();
                    io.tell(answer + " " + all.as(String.class));
                }));
        TestClient client = connect();
        client.receive("42[\"ask\"]");
        nextIs(client, "420[\"question\"]");
        client.receive("430[\"a\"]");
        nextIs(client, "421[\"all\"]");
        client.receive("431[\"b\"]");
        io.settleUntil(() -> !io.told().isEmpty());
        io.expectTold("a [b]");
    }

    private void nextIs(TestClient client, String packet) throws InterruptedException {
        io.settleUntil(() -> client.webSocket().hasSent());
        assertThat(client.webSocket().next()).isEqualTo(packet);
    }

    @Test
    void eventsOfEachSocketKeepTheirOrderAndRunOneAtATime() throws InterruptedException {
        int events = 200;
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        io.server().onConnection(socket -> {
            AtomicInteger running = new AtomicInteger();
            List<Integer> mine = new ArrayList<>();
            seen.put(socket.id(), mine);
            socket.on("n", Integer.class, n -> {
                overlaps.addAndGet(running.getAndIncrement());
                mine.add(n);
                running.decrementAndGet();
                handled.incrementAndGet();
                io.loops.wake();
            });
        });
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(connect());
        }
        for (int n = 0; n < events; n++) {
            for (TestClient client : clients) {
                client.receive("42[\"n\"," + n + "]");
            }
        }
        io.settleUntil(() -> handled.get() == events * clients.size());
        assertThat(overlaps).hasValue(0);
        List<Integer> inOrder = IntStream.range(0, events).boxed().toList();
        assertThat(seen.values()).hasSize(10).allMatch(inOrder::equals);
    }

    @Test
    void joinsAndLeavesOfManyThreadsWhileSocketsComeAndGoLeaveNothing() throws Exception {
        io.server().onConnection(socket -> {
            Thread other = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    socket.join("a", "b" + i);
                    socket.emit("x");
                    socket.leave("a");
                    io.server().to("a", "b1").emit("y");
                }
                io.tell("done");
            });
            other.start();
        });
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(io.connect(i % 2 == 0 ? io.loop : io.otherLoop).receive("40"));
            io.settle();
        }
        for (int i = 0; i < 10; i++) {
            clients.get(i).webSocket().closeByPeer();
            io.server().to("b1").disconnectSockets(i % 2 == 0);
            io.settle();
        }
        io.settleUntil(() -> io.told().size() == 20);
        io.settle();
        io.expectTold(io.told().toArray(String[]::new));
        clients.forEach(client -> client.webSocket().closeByPeer());
        io.settle();
        assertThat(io.server().of("/").rooms().names()).isEmpty();
        io.discardSent();
    }

    @Test
    void closeWaitsForHandlersThatRun() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        io.server()
                .onConnection(socket -> socket.onDisconnect(reason -> {
                    io.tell("ending");
                    assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                    io.tell("ended");
                }));
        TestClient client = connect();
        CompletableFuture<Void> closed = io.close();
        client.expectClosed();
        io.settleUntil(() -> io.told().contains("ending"));
        Thread later = new Thread(release::countDown);
        later.start();
        io.server().closeResources(Duration.ofSeconds(60));
        io.expectTold("ending", "ended");
        assertThat(closed).isDone();
        later.join();
    }

    /** Opens a connection that has joined the main namespace, whose connection handler has run. */
    private TestClient connect() throws InterruptedException {
        TestClient client = io.connect().receive("40");
        io.settle();
        client.joined("/");
        return client;
    }
}
