package io.sockeye;

import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.LogDriver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of clients on three nodes that are killed and started again, against what each of them must have seen: the log, as
 * far as it concerns them, each entry once and in order, whatever node they come back to.
 */
final class ClusterRecoveryModelTest {
    private static final List<String> ROOMS = List.of("red", "blue", "green");
    private static final int STEPS = 1_200;

    private final TestLog log = new TestLog();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Subject> subjects = new ArrayList<>();
    private final Map<String, Set<Subject>> recipients = new HashMap<>();

    /** A process, with its server. */
    private final class Node {
        SocketIoFixture io = new SocketIoFixture();
        TestLog.Node broker = log.node();

        Node(boolean repeats) {
            broker.repeats = repeats;
            io.open();
            io.settings()
                    .connectionStateRecovery(ConnectionStateRecovery.defaults())
                    .adapter(broker.adapters());
            io.server().of("/");
            log.settle();
        }

        void end() {
            io.close(/* nothingMayBeLeft= */ false);
        }
    }

    private static final class Subject {
        final ReturningClient client;
        final Set<String> rooms = new HashSet<>();
        Node node;
        boolean away;

        Subject(Node node) {
            this.node = node;
            this.client = new ReturningClient(node.io);
        }
    }

    @AfterEach
    void endNodes() {
        nodes.forEach(Node::end);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void eachClientSeesTheLogOnceAndInOrderOnWhateverNode(long seed) {
        Random random = new Random(seed);
        boolean repeats = seed % 3 == 0;
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(repeats));
        }
        for (int i = 0; i < 5; i++) {
            Subject subject = new Subject(any(nodes, random));
            subject.client.dial(subject.node.io.loop);
            settle();
            subject.client.read();
            subjects.add(subject);
        }
        settle();
        for (int step = 0; step < STEPS; step++) {
            Subject subject = any(subjects, random);
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> broadcast("e" + step, random);
                case 4 -> emitTo(subject, "d" + step);
                case 5 -> changeRooms(subject, random);
                case 6 -> changeRoomsByRooms(random);
                case 7 -> subject.client.read(random.nextInt(4));
                case 8 -> lose(subject, random);
                case 9 -> comeBack(subject, random);
                case 10 -> comeBackHalfway(subject, random);
                case 11 -> {
                    if (random.nextInt(8) == 0) {
                        kill(random, repeats);
                    }
                }
                default -> log.moveSome(random, random.nextInt(12));
            }
        }
        settle();
        for (Subject subject : subjects) {
            comeBack(subject, random);
        }
        settle();
        for (Subject subject : subjects) {
            subject.client.read();
            subject.client.expect(owed(subject));
        }
    }

    /** The log, as far as it is for one. */
    private String[] owed(Subject subject) {
        List<String> owed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (LogDriver.Entry entry : log.entries) {
            if (entry.content().get() instanceof ClusterMessage.Broadcast broadcast) {
                String name = broadcast.packet().name();
                if (recipients.get(name).contains(subject) && seen.add(name)) {
                    owed.add("\"" + name + "\"");
                }
            }
        }
        return owed.toArray(String[]::new);
    }

    private void settle() {
        for (int i = 0; i < 3; i++) {
            log.settle();
            nodes.forEach(node -> node.io.settle());
        }
    }

    private void broadcast(String name, Random random) {
        List<String> to = some(random);
        List<String> except = random.nextInt(3) == 0 ? some(random) : List.of();
        any(nodes, random)
                .io
                .server()
                .to(to.toArray(String[]::new))
                .except(except.toArray(String[]::new))
                .emit(name);
        Set<Subject> named = new HashSet<>();
        for (Subject subject : subjects) {
            if ((to.isEmpty() || to.stream().anyMatch(subject.rooms::contains))
                    && except.stream().noneMatch(subject.rooms::contains)) {
                named.add(subject);
            }
        }
        recipients.put(name, named);
    }

    private void emitTo(Subject subject, String name) {
        any(nodes, random(name))
                .io
                .server()
                .to(String.valueOf(subject.client.sid()))
                .emit(name);
        recipients.put(name, Set.of(subject));
    }

    private static Random random(String name) {
        return new Random(name.hashCode());
    }

    /** While nothing is under way, so that it is clear what is before and what behind. */
    private void changeRooms(Subject subject, Random random) {
        settle();
        if (subject.away || subject.node.io.server().of("/").socket(String.valueOf(subject.client.sid())) == null) {
            return;
        }
        String room = any(ROOMS, random);
        if (subject.rooms.remove(room)) {
            subject.client.socket().leave(room);
        } else {
            subject.rooms.add(room);
            subject.client.socket().join(room);
        }
        settle();
    }

    /** Of everybody who is in another room, here or away. */
    private void changeRoomsByRooms(Random random) {
        settle();
        String of = any(ROOMS, random);
        String room = any(ROOMS, random);
        BroadcastOperator those = any(nodes, random).io.server().to(of);
        boolean joins = random.nextBoolean();
        if (joins) {
            those.socketsJoin(room);
        } else {
            those.socketsLeave(room);
        }
        for (Subject subject : subjects) {
            if (subject.rooms.contains(of)) {
                boolean ignored = joins ? subject.rooms.add(room) : subject.rooms.remove(room);
            }
        }
        settle();
    }

    private void lose(Subject subject, Random random) {
        subject.client.read(random.nextInt(4));
        subject.client.drop();
        subject.away = true;
    }

    private void comeBack(Subject subject, Random random) {
        dial(subject, random);
        settle();
        subject.client.read().expectRecovered(true);
        subject.away = false;
    }

    /** What it is sent is under way, and so is perhaps its session. */
    private void comeBackHalfway(Subject subject, Random random) {
        dial(subject, random);
        log.moveSome(random, random.nextInt(20));
        subject.client.read(random.nextInt(4));
        subject.away = false;
    }

    private void dial(Subject subject, Random random) {
        if (!subject.away && random.nextBoolean()) {
            subject.client.drop(); // else the server believes in the connection before
        }
        settleCommands();
        subject.node = any(nodes, random);
        subject.client
                .moveTo(subject.node.io)
                .dial(random.nextBoolean() ? subject.node.io.loop : subject.node.io.otherLoop);
    }

    /** What nodes have written down arrives before the client is anywhere else. */
    private void settleCommands() {
        for (Node node : nodes) {
            while (node.broker.command()) {
                // all of them
            }
        }
    }

    /** The sudden end of a process, and a new one in its place. */
    private void kill(Random random, boolean repeats) {
        int index = random.nextInt(nodes.size());
        Node node = nodes.get(index);
        node.broker.kill();
        for (Subject subject : subjects) {
            if (subject.node == node) {
                subject.client.read(random.nextInt(4));
                subject.client.gone();
                subject.away = true;
            }
        }
        node.end();
        nodes.set(index, new Node(repeats));
    }

    private List<String> some(Random random) {
        return ROOMS.stream().filter(room -> random.nextInt(3) == 0).toList();
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
