package io.sockeye.benchmarks.jmh;

import io.sockeye.adapter.LocalRooms;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The index of rooms, with sockets in rooms of 20. Confined to the benchmark's thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoomsBenchmark {
    private static final int ROOM_SIZE = 20;
    private static final int LOOPS = 4;

    /** How many sockets there are. */
    @Param({"100", "10000"})
    public int sockets;

    private LocalRooms<Integer> rooms = LocalRooms.groupedBy(socket -> socket % LOOPS);
    private int next;

    /** Fills the rooms. */
    @Setup
    public void fill() {
        rooms = LocalRooms.groupedBy(socket -> socket % LOOPS);
        for (int i = 0; i < sockets; i++) {
            rooms.add(id(i), i);
            rooms.join(id(i), List.of("room-" + i / ROOM_SIZE));
        }
    }

    /** Who gets a message to a room. */
    @Benchmark
    public LocalRooms.Recipients<Integer> recipientsOfRoom() {
        next = (next + 1) % (sockets / ROOM_SIZE);
        return rooms.recipients(Set.of("room-" + next), Set.of());
    }

    /** Who gets a broadcast. */
    @Benchmark
    public LocalRooms.Recipients<Integer> recipientsOfAll() {
        return rooms.recipients(Set.of(), Set.of());
    }

    /** A socket that comes, joins a room, and goes. */
    @Benchmark
    public int comeJoinAndGo() {
        rooms.add("passing-by", sockets);
        rooms.join("passing-by", List.of("room-0"));
        rooms.remove("passing-by");
        return rooms.size();
    }

    private static String id(int socket) {
        return "socket-" + socket;
    }
}
