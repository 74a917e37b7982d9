package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterSettings;
import io.sockeye.adapter.cluster.LogDriver;
import io.sockeye.adapter.cluster.LogPosition;
import io.sockeye.adapter.cluster.RecoveringClusterAdapter;
import io.sockeye.adapter.cluster.StoredSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker that keeps a log and sessions, and its nodes' ways to it, on which nothing moves unless the test says so. Ways can be
 * cut, and lose the confirmation of what went over them, which is then sent again. For the test's thread.
 */
final class TestLog {
    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long FIRST_MILLIS = 1_795_269_600_000L;
    private static final int PAGE = 3;

    /** What is in the log. */
    final List<LogDriver.Entry> entries = new ArrayList<>();

    /** By private id. */
    final Map<String, StoredSession> sessions = new LinkedHashMap<>();

    /** How many times a session was written. */
    int saves;

    private final List<Node> nodes = new ArrayList<>();
    /** A log that is empty gets an entry that says nothing. */
    private long first = LogPosition.of(FIRST_MILLIS, 0);

    private long last = first;
    private int made;

    /** A node that begins to use the broker. */
    Node node() {
        Node node = new Node("node" + "0".repeat(10) + String.format("%02d", made++));
        nodes.add(node);
        return node;
    }

    /** Lets everything move that can. */
    void settle() {
        boolean moved;
        do {
            moved = false;
            for (Node node : List.copyOf(nodes)) {
                while (node.step()) {
                    moved = true;
                }
            }
        } while (moved);
    }

    /** Lets some things move. */
    void moveSome(Random random, int steps) {
        for (int i = 0; i < steps && !nodes.isEmpty(); i++) {
            Node node = nodes.get(random.nextInt(nodes.size()));
            if (random.nextBoolean()) {
                node.command();
            } else {
                node.read();
            }
        }
    }

    /** Drops the oldest entries but for some. */
    void trimTo(int left) {
        while (entries.size() > left) {
            entries.remove(0);
        }
        first = entries.isEmpty() ? last : entries.get(0).position();
    }

    /** An entry that a node of the reference appends. */
    void appendOfReference(ClusterMessage message) {
        append("reference", 0, message);
    }

    private void append(String uid, long sequence, ClusterMessage message) {
        last = LogPosition.of(FIRST_MILLIS + made, LogPosition.number(last) + 1);
        entries.add(new LogDriver.Entry(last, uid, sequence, () -> message));
    }

    /** Something on its way to the broker. */
    private interface Command {
        /** It is there; runs what its answer brings about. */
        Runnable reach(TestLog log);
    }

    private record Append(String uid, long sequence, ClusterMessage message) implements Command {
        @Override
        public Runnable reach(TestLog log) {
            log.append(uid, sequence, message);
            return () -> {};
        }
    }

    private record Drafted(ClusterMessage message) implements LogDriver.Draft {}

    /** One node's way to the broker. */
    final class Node implements LogDriver {
        private final String uid;
        private final Deque<Command> commands = new ArrayDeque<>();
        private final Deque<Runnable> arrived = new ArrayDeque<>();
        private LogDriver.@Nullable Receiver receiver; // null until the namespace is there
        private long readTo = -1;
        private boolean cut;
        private boolean dead;

        /** How many appends it takes before it refuses them. */
        int room = Integer.MAX_VALUE;

        /** Whether each append is sent twice. */
        boolean repeats;

        Node(String uid) {
            this.uid = uid;
        }

        /** The adapters of the node's namespaces; it has one namespace. */
        AdapterFactory adapters() {
            return RecoveringClusterAdapter.factory(
                    (namespace, to) -> {
                        receiver = to;
                        dead = false;
                        if (!nodes.contains(this)) {
                            nodes.add(this);
                        }
                        return this;
                    },
                    ClusterSettings.defaults(),
                    PATIENCE);
        }

        /** The broker cannot be reached, or can again. */
        void cut(boolean cut) {
            this.cut = cut;
            if (receiver != null) {
                if (cut) {
                    receiver.disconnected();
                } else {
                    receiver.connected();
                }
            }
        }

        /** The node's process has ended: what it has appended last never reaches the broker. */
        void kill() {
            while (commands.stream().anyMatch(command -> !(command instanceof Append))) {
                command();
            }
            dead = true;
            commands.clear();
            arrived.clear();
            nodes.remove(this);
        }

        /** How many commands have not reached the broker. */
        int pending() {
            return commands.size();
        }

        /** Time passes. */
        void ticks(int count) {
            for (int i = 0; i < count && receiver != null; i++) {
                receiver.tick();
            }
        }

        /** Moves one thing; false when there is none. */
        boolean step() {
            boolean commanded = command();
            return read() || commanded;
        }

        /** Has one command reach the broker, and its answer arrive. */
        boolean command() {
            if (cut || dead || commands.isEmpty()) {
                return false;
            }
            commands.remove().reach(TestLog.this).run();
            return true;
        }

        /** Reads one entry, or whatever else has arrived. */
        boolean read() {
            if (cut || dead || receiver == null) {
                return false;
            }
            if (readTo < 0) {
                readTo = last;
                receiver.started(last);
                return true;
            }
            Runnable next = arrived.poll();
            if (next != null) {
                next.run();
                return true;
            }
            for (Entry entry : entries) {
                if (entry.position() > readTo) {
                    readTo = entry.position();
                    receiver.logged(entry);
                    return true;
                }
            }
            return false;
        }

        private <T> CompletionStage<T> ask(Supplier<T> question) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            if (dead) {
                return answer;
            }
            commands.add(log -> {
                T value = question.get();
                return () -> answer.complete(value);
            });
            return answer;
        }

        @Override
        public String uid() {
            return uid;
        }

        @Override
        public Draft draft(ClusterMessage message) {
            return new Drafted(message);
        }

        @Override
        public boolean append(Draft draft, long sequence) {
            if (room <= 0) {
                return false;
            }
            room--;
            for (int i = 0; i < (repeats ? 2 : 1); i++) {
                commands.add(new Append(uid, sequence, ((Drafted) draft).message()));
            }
            return true;
        }

        @Override
        public CompletionStage<Extent> extent() {
            return ask(() -> new Extent(first, last));
        }

        @Override
        public CompletionStage<Page> read(long after) {
            return ask(() -> {
                List<Entry> page = entries.stream()
                        .filter(entry -> entry.position() > after)
                        .limit(PAGE)
                        .toList();
                return new Page(
                        page,
                        page.size() < PAGE ? Long.MAX_VALUE : page.get(PAGE - 1).position());
            });
        }

        @Override
        public CompletionStage<Saved> save(StoredSession session, boolean claim, Duration life) {
            assertThat(life).isPositive();
            return ask(() -> {
                saves++;
                StoredSession kept = sessions.get(session.pid());
                if (!claim && kept == null) {
                    return Saved.MISSING;
                }
                if (!claim && !kept.owner().equals(uid)) {
                    return Saved.TAKEN;
                }
                sessions.put(session.pid(), session);
                return Saved.DONE;
            });
        }

        @Override
        public CompletionStage<@Nullable StoredSession> take(String pid) {
            return ask(() -> sessions.remove(pid));
        }

        @Override
        public void remove(String pid) {
            ask(() -> sessions.remove(pid));
        }

        @Override
        public boolean publish(ClusterMessage message) {
            ask(() -> {
                for (Node node : nodes) {
                    if (node != this && node.receiver != null) {
                        node.arrived.add(() -> node.receiver.received(uid, message));
                    }
                }
                return true;
            });
            return true;
        }

        @Override
        public boolean respond(String to, ClusterMessage.Response response) {
            return true; // nobody asks anything here
        }

        @Override
        public CompletionStage<OptionalInt> nodeCount() {
            return CompletableFuture.completedFuture(OptionalInt.empty());
        }

        @Override
        public void close() {
            while (!cut && command()) {
                // what was published before is still sent
            }
            receiver = null;
            nodes.remove(this);
        }
    }
}
