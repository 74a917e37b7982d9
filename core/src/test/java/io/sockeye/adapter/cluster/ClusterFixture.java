package io.sockeye.adapter.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Nodes of a cluster within the test, and the one clock they share. When a test is over it fails if something was logged that was
 * not expected, and, once the adapters are closed, if a timer or a pending question is left.
 */
final class ClusterFixture implements BeforeEachCallback, AfterEachCallback {
    private static final Duration STEP = Duration.ofMillis(10);

    final InProcessCluster cluster = InProcessCluster.byHand();
    final Map<String, TestNode> nodes = new LinkedHashMap<>();
    private final List<Timer> timers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private long nowNanos = -7_000_000_000L;

    /** A task that waits for the clock. Compared by identity. */
    private static final class Timer {
        final @Nullable TestNode node; // null for a client's
        final Runnable task;
        final long due;

        Timer(@Nullable TestNode node, Runnable task, long due) {
            this.node = node;
            this.task = task;
            this.due = due;
        }
    }

    /** A new node. */
    TestNode node(String name) {
        return node(name, ClusterSettings.defaults());
    }

    TestNode node(String name, ClusterSettings settings) {
        TestNode node = new TestNode(this, name);
        nodes.put(name, node);
        node.adapter = ClusterAdapter.factory(cluster.node(name), settings).create(node);
        settle();
        return node;
    }

    /** The node's process ends, as if by SIGKILL. */
    void kill(String name) {
        cluster.kill(name);
        TestNode dead = nodes.remove(name);
        timers.removeIf(timer -> timer.node == dead);
    }

    /** Like {@link #schedule}, for what is not the adapter's. */
    void scheduleForClient(Runnable task, Duration delay) {
        timers.add(new Timer(null, task, nowNanos + delay.toNanos()));
    }

    LocalNamespace.Scheduled schedule(TestNode node, Runnable task, Duration delay) {
        Timer timer = new Timer(node, task, nowNanos + delay.toNanos());
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    long nanoTime() {
        return nowNanos;
    }

    /** What crosses over from now on, each message once per receiver. */
    List<ClusterMessage> crossed() {
        List<ClusterMessage> crossed = new ArrayList<>();
        cluster.rule((from, to, message) -> {
            crossed.add(message);
            return InProcessCluster.Fate.ARRIVES;
        });
        return crossed;
    }

    void settle() {
        cluster.settle();
    }

    /** Moves the clock. */
    void advance(Duration duration) {
        long target = nowNanos + duration.toNanos();
        settle();
        while (nowNanos < target) {
            long step = Math.min(STEP.toNanos(), target - nowNanos);
            nowNanos += step;
            cluster.advance(Duration.ofNanos(step));
            for (Timer timer : List.copyOf(timers)) {
                if (timer.due <= nowNanos && timers.remove(timer)) {
                    timer.task.run();
                }
            }
            settle();
        }
    }

    /** A node's process stands still for that long, and then goes on where it stood. */
    void standStill(String name, Duration duration) {
        TestNode node = nodes.get(name);
        List<Timer> its = timers.stream().filter(timer -> timer.node == node).toList();
        timers.removeAll(its);
        cluster.hang(name);
        advance(duration);
        cluster.heal(name);
        its.forEach(timer -> timer.task.run());
        settle();
    }

    static SocketPacket.Event event(String name, Object... args) {
        return new SocketPacket.Event("/", SocketPacket.NO_ID, name, Arguments.of(args));
    }

    static BroadcastOptions to(String... rooms) {
        return BroadcastOptions.DEFAULT.to(List.of(rooms));
    }

    static <T> T now(CompletableFuture<T> future) {
        assertThat(future).isCompleted();
        return future.join();
    }

    void expectLogged(String... messages) {
        List<String> actual = logged.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
        logged.list.clear();
        assertThat(actual).containsExactly(messages);
    }

    void discardLog() {
        logged.list.clear();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.sockeye.adapter");
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logged.start();
        logger.addAppender(logged);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.sockeye.adapter");
        try {
            if (context.getExecutionException().isEmpty()) {
                settle();
                expectLogged();
                for (TestNode node : nodes.values()) {
                    assertThat(node.adapter.clusterStats().pendingRequests())
                            .as("questions left of %s", node.name)
                            .isZero();
                    node.adapter.close();
                    List.copyOf(node.clients.values()).forEach(TestNode.Client::leave);
                    assertThat(node.rooms().names()).isEqualTo(Set.of());
                    assertThat(timers).noneMatch(timer -> timer.node == node);
                }
            }
        } finally {
            logger.detachAppender(logged);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
