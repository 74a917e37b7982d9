package io.sockeye.benchmarks.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All connections, and the rooms they are in. Confined to the event loop. */
final class Crowd {
    private static final int TICKS_PER_PING = 50;

    private final List<FloorConnection> everyone = new ArrayList<>();
    private final Map<String, List<FloorConnection>> rooms = new HashMap<>();
    private int nextTick;

    /** Pings each connection once per interval, a few at a time. */
    @SuppressWarnings("FutureReturnValueIgnored") // goes on for as long as the process
    void ping(EventLoop loop, int intervalMillis) {
        long tickNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis) / TICKS_PER_PING;
        loop.scheduleAtFixedRate(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }

    /** Takes a connection in; what is returned is its place. */
    int enter(FloorConnection connection) {
        everyone.add(connection);
        return everyone.size() - 1;
    }

    /** Lets the connection at that place go, and gives the place to the last one. */
    void leave(int place) {
        FloorConnection last = everyone.remove(everyone.size() - 1);
        if (place < everyone.size()) {
            everyone.set(place, last);
            last.moved(place);
        }
    }

    /** Puts a connection into a room, made as needed. */
    void join(String room, FloorConnection connection) {
        rooms.computeIfAbsent(room, name -> new ArrayList<>()).add(connection);
    }

    /** Takes a connection out of a room. */
    void leave(String room, FloorConnection connection) {
        rooms.getOrDefault(room, List.of()).remove(connection);
    }

    /** Sends the frame, which is released, to everyone. */
    void sendToAll(ByteBuf frame) {
        send(everyone, frame);
    }

    /** Sends the frame, which is released, to a room. */
    void sendTo(String room, ByteBuf frame) {
        send(rooms.getOrDefault(room, List.of()), frame);
    }

    private static void send(List<FloorConnection> receivers, ByteBuf frame) {
        for (FloorConnection receiver : receivers) {
            receiver.sendFrame(frame.retainedDuplicate());
        }
        frame.release();
    }

    private void tick() {
        for (int i = nextTick; i < everyone.size(); i += TICKS_PER_PING) {
            everyone.get(i).ping();
        }
        nextTick = (nextTick + 1) % TICKS_PER_PING;
    }
}
