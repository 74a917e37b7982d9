package io.sockeye.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.LocalRooms.Group;
import io.sockeye.adapter.LocalRooms.Recipients;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class LocalRoomsTest {
    /** Sockets are strings here, grouped by their first letter. */
    private final LocalRooms<String> rooms = LocalRooms.groupedBy(socket -> socket.charAt(0));

    @Test
    void socketIsInItsOwnRoomOnly() {
        add("a1");

        assertThat(rooms.roomsOf("a1")).containsExactly("a1");
        assertThat(receivers(Set.of("a1"), Set.of())).containsExactly("a1");
        assertThat(rooms.names()).isEmpty();
    }

    @Test
    void noRoomsMeansEverybody() {
        add("a1", "a2", "b1");

        assertThat(receivers(Set.of(), Set.of())).containsExactly("a1", "a2", "b1");
        assertThat(rooms.sockets(Set.of(), Set.of())).containsExactlyInAnyOrder("a1", "a2", "b1");
    }

    @Test
    void eachSocketReceivesOnceHoweverManyRoomsItIsIn() {
        add("a1", "a2", "b1");
        rooms.join("a1", List.of("x", "y"));
        rooms.join("b1", List.of("y"));

        assertThat(receivers(Set.of("x", "y", "a1"), Set.of())).containsExactly("a1", "b1");
        assertThat(rooms.sockets(Set.of("x", "y"), Set.of("a1"))).containsExactly("b1");
    }

    @Test
    void exceptTakesOutRoomsAndSingleSockets() {
        add("a1", "a2", "b1");
        rooms.join("a1", List.of("x"));

        assertThat(receivers(Set.of(), Set.of("x", "b1"))).containsExactly("a2");
        assertThat(receivers(Set.of("x"), Set.of("a1"))).isEmpty();
        assertThat(receivers(Set.of(), Set.of("no such room"))).containsExactly("a1", "a2", "b1");
    }

    @Test
    void recipientsAreGroupedAndInOrderOfJoining() {
        add("a1", "b1", "a2");
        rooms.join("a2", List.of("x"));
        rooms.join("b1", List.of("x"));
        rooms.join("a1", List.of("x"));

        assertThat(rooms.recipients(Set.of("x"), Set.of()).groups())
                .containsExactlyInAnyOrder(new Group<>('a', List.of("a2", "a1")), new Group<>('b', List.of("b1")));
    }

    @Test
    void changesShowInTheNextBroadcast() {
        add("a1", "a2");
        rooms.join("a1", List.of("x"));
        assertThat(receivers(Set.of("x"), Set.of())).containsExactly("a1");

        rooms.join("a2", List.of("x"));
        assertThat(receivers(Set.of("x"), Set.of())).containsExactly("a1", "a2");

        rooms.leave("a1", "x");
        assertThat(receivers(Set.of("x"), Set.of())).containsExactly("a2");

        rooms.remove("a2");
        assertThat(receivers(Set.of("x"), Set.of())).isEmpty();
        assertThat(receivers(Set.of(), Set.of())).containsExactly("a1");
    }

    @Test
    void unchangedRoomIsNotCopiedAgain() {
        add("a1");
        rooms.join("a1", List.of("x"));

        assertThat(rooms.recipients(Set.of("x"), Set.of())).isSameAs(rooms.recipients(Set.of("x"), Set.of()));
        assertThat(rooms.recipients(Set.of(), Set.of())).isSameAs(rooms.recipients(Set.of(), Set.of()));
    }

    @Test
    void roomNamedAfterASocketHoldsItAndWhoeverJoined() {
        add("a1", "a2");
        rooms.join("a2", List.of("a1"));

        assertThat(receivers(Set.of("a1"), Set.of())).containsExactly("a1", "a2");

        rooms.leave("a1", "a1");
        assertThat(receivers(Set.of("a1"), Set.of())).containsExactly("a2");
        assertThat(rooms.roomsOf("a1")).isEmpty();

        rooms.join("a1", List.of("a1"));
        assertThat(receivers(Set.of("a1"), Set.of())).containsExactly("a1", "a2");
    }

    @Test
    void emptyRoomsAreForgotten() {
        add("a1", "a2");
        rooms.join("a1", List.of("x", "y"));
        rooms.join("a2", List.of("y"));

        rooms.leave("a1", "x");
        assertThat(rooms.names()).containsExactly("y");

        rooms.remove("a1");
        rooms.remove("a2");
        assertThat(rooms.names()).isEmpty();
        assertThat(rooms.size()).isZero();
    }

    @Test
    void joiningAfterRemovalHasNoEffect() {
        add("a1");
        rooms.remove("a1");
        rooms.join("a1", List.of("x"));
        rooms.leave("a1", "x");
        rooms.remove("a1");

        assertThat(rooms.names()).isEmpty();
        assertThat(rooms.roomsOf("a1")).isEmpty();
        assertThat(rooms.socket("a1")).isNull();
    }

    @Test
    void idInUseIsRefused() {
        add("a1");

        assertThatThrownBy(() -> add("a1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void agreesWithAPlainModelUnderRandomOperations() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeMap<String, TreeSet<String>> model = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            String id = "" + (char) ('a' + random.nextInt(3)) + random.nextInt(6);
            String room = random.nextInt(8) == 0 ? id : "room" + random.nextInt(5);
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (!model.containsKey(id)) {
                        rooms.add(id, id);
                        model.put(id, new TreeSet<>(Set.of(id)));
                    }
                }
                case 1 -> {
                    rooms.remove(id);
                    model.remove(id);
                }
                case 2, 3 -> {
                    rooms.join(id, List.of(room));
                    model.computeIfPresent(id, (k, joined) -> {
                        joined.add(room);
                        return joined;
                    });
                }
                default -> {
                    rooms.leave(id, room);
                    model.computeIfPresent(id, (k, joined) -> {
                        joined.remove(room);
                        return joined;
                    });
                }
            }
            Set<String> to = random.nextBoolean() ? Set.of() : Set.of(room, "room" + random.nextInt(5) + "x");
            Set<String> except = random.nextBoolean() ? Set.of() : Set.of("room1", id);
            TreeSet<String> expected = new TreeSet<>();
            model.forEach((socket, joined) -> {
                boolean chosen = to.isEmpty() || to.stream().anyMatch(joined::contains);
                if (chosen && except.stream().noneMatch(joined::contains)) {
                    expected.add(socket);
                }
            });
            assertThat(new TreeSet<>(receivers(to, except)))
                    .as("seed %s, step %s", seed, i)
                    .isEqualTo(expected);
        }
    }

    @Test
    void concurrentJoinsAndRemovalsLeaveNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                long seed = t;
                done.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    start.await();
                    for (int i = 0; i < 20_000; i++) {
                        String id = "s" + random.nextInt(4);
                        switch (random.nextInt(4)) {
                            case 0 -> addQuietly(id);
                            case 1 -> rooms.remove(id);
                            case 2 -> rooms.leave(id, "x");
                            default -> rooms.join(id, List.of("x", "y"));
                        }
                        rooms.recipients(Set.of("x"), Set.of("y"));
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        for (int i = 0; i < 4; i++) {
            rooms.remove("s" + i);
        }
        assertThat(rooms.names()).isEmpty();
        assertThat(receivers(Set.of(), Set.of())).isEmpty();
    }

    private void add(String... ids) {
        for (String id : ids) {
            rooms.add(id, id);
        }
    }

    private void addQuietly(String id) {
        try {
            rooms.add(id, id);
        } catch (IllegalStateException inUse) {
            assertThat(inUse).hasMessage("socket id is in use");
        }
    }

    private List<String> receivers(Set<String> to, Set<String> except) {
        Recipients<String> recipients = rooms.recipients(to, except);
        List<String> all = new ArrayList<>();
        recipients.groups().forEach(group -> all.addAll(group.sockets()));
        assertThat(recipients.size()).isEqualTo(all.size());
        return all;
    }
}
