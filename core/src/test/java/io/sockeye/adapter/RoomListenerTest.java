package io.sockeye.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of rooms, and in which order. */
final class RoomListenerTest {
    private final LocalRooms<String> rooms = LocalRooms.groupedBy(socket -> "loop");
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    private final RoomListener listener = new RoomListener() {
        @Override
        public void created(String room) {
            told.add("+" + room);
        }

        @Override
        public void deleted(String room) {
            told.add("-" + room);
        }

        @Override
        public void watched(String room, Set<String> socketIds) {
            told.add("watched " + room + " " + socketIds);
        }

        @Override
        public void joined(String room, String socketId) {
            told.add(socketId + " joined " + room);
        }

        @Override
        public void left(String room, String socketId) {
            told.add(socketId + " left " + room);
        }
    };

    @Test
    void firstSocketMakesARoomAndTheLastOneEndsIt() {
        rooms.listen(listener);
        rooms.add("a", "a");
        rooms.add("b", "b");
        rooms.join("a", List.of("x", "a", "y"));
        rooms.join("b", List.of("x"));
        rooms.leave("a", "x");
        rooms.leave("a", "a");
        rooms.remove("b");
        rooms.remove("a");
        assertThat(told).containsExactly("+x", "+y", "-x", "-y");
    }

    @Test
    void watchedRoomsAreToldWithTheirSockets() {
        rooms.listen(listener);
        rooms.add("a", "a");
        rooms.add("b", "b");
        rooms.join("a", List.of("x", "y"));
        rooms.watch("x");
        rooms.watch("x");
        rooms.watch("z");
        rooms.join("b", List.of("x", "y", "z"));
        rooms.leave("a", "x");
        rooms.unwatch("x");
        rooms.unwatch("nobody");
        rooms.remove("b");
        assertThat(told)
                .containsExactly(
                        "+x",
                        "+y",
                        "watched x [a]",
                        "watched z []",
                        "b joined x",
                        "+z",
                        "b joined z",
                        "a left x",
                        "-x",
                        "b left z",
                        "-z");
        assertThat(rooms.names()).containsExactly("y");
    }

    @Test
    void nobodyIsToldWithoutAListener() {
        rooms.add("a", "a");
        rooms.join("a", List.of("x"));
        rooms.listen(listener);
        rooms.leave("a", "x");
        assertThat(told).containsExactly("-x");
    }

    @Test
    void changesOfManyThreadsAreToldInTheirOrder() throws InterruptedException {
        rooms.listen(listener);
        rooms.watch("x");
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String id = "s" + t;
            rooms.add(id, id);
            Random random = new Random(t);
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (random.nextBoolean()) {
                        rooms.join(id, List.of("x", "y"));
                    } else {
                        rooms.leave(id, random.nextBoolean() ? "x" : "y");
                    }
                }
                rooms.remove(id);
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Map<String, Boolean> there = new HashMap<>();
        Set<String> members = new HashSet<>();
        for (String change : told) {
            String room = change.substring(change.length() - 1);
            if (change.startsWith("+")) {
                assertThat(there.put(room, true)).isNotEqualTo(true);
            } else if (change.startsWith("-")) {
                assertThat(there.put(room, false)).isTrue();
            } else if (change.contains(" joined ")) {
                assertThat(members.add(change.substring(0, 2))).isTrue();
            } else if (change.contains(" left ")) {
                assertThat(members.remove(change.substring(0, 2))).isTrue();
            }
        }
        assertThat(there).containsOnlyKeys("x", "y").doesNotContainValue(true);
        assertThat(members).isEmpty();
    }
}
