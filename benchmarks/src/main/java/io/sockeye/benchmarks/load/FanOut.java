package io.sockeye.benchmarks.load;

import io.sockeye.benchmarks.load.Script.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Messages to many: {@code --to all} broadcasts to every client, {@code --to rooms} to rooms of {@code --room} clients,
 * each client being in {@code --rooms-each} of them. Members take turns in sending. A room's next message is sent once the
 * last member has received the one before, and {@code --active} rooms are at work at a time. {@code --sizes} are the
 * lengths of payloads, in the order in which they are used; where rooms overlap there can be only one, for their members
 * hear them in no fixed order.
 *
 * <p>An operation is a message; a delivery is a message that reached a member, the sender included. Latencies are those of
 * the last member. Confined to the load's thread.
 */
final class FanOut implements Scenario {
    private static final long JOIN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Bench bench;
    private final List<Member> members = new ArrayList<>();
    private final List<Room> rooms = new ArrayList<>();
    private int nextRoom;
    private int outside;

    FanOut(Bench bench) {
        this.bench = bench;
    }

    @Override
    public void run() {
        Settings settings = bench.settings();
        Crew crew = new Crew(bench);
        crew.grow(settings.number("clients", 1000));
        for (WebSocketClient client : crew.clients()) {
            members.add(new Member(client));
        }
        if (settings.text("to", "all").equals("all")) {
            rooms.add(new Room(members, script(FanOut::broadcast)));
            members.forEach(member -> member.client.listener(member));
        } else {
            furnishRooms(Math.min(settings.number("room", 20), members.size()), settings.number("rooms-each", 1));
        }
        rooms.forEach(Room::settleIn);
        int active = Math.min(settings.number("active", rooms.size()), rooms.size());
        for (int i = 0; i < active; i++) {
            startNextRoom();
        }
        bench.measureSteadyLoad();
    }

    /** Makes rooms, neighbours in the list having no member in common, and waits until all members are in theirs. */
    private void furnishRooms(int size, int roomsEach) {
        for (int layer = 0; layer < roomsEach; layer++) {
            int shift = layer * size / roomsEach;
            for (int first = 0; first + size <= members.size(); first += size) {
                String name = "room-" + rooms.size();
                Room room = new Room(new ArrayList<>(), script(payload -> toRoom(name, payload)));
                for (int i = 0; i < size; i++) {
                    Member member = members.get((first + shift + i) % members.size());
                    room.members.add(member);
                    member.client.send(Frames.fromClient("42[\"join\",\"" + name + "\"]"));
                }
                rooms.add(room);
            }
        }
        // The answer to what is sent last says that everything before it is done.
        Script barrier = new Script(List.of(new Operation(
                Frames.fromClient("42[\"message\",\"in\"]"), Frames.fromServer("42[\"message-back\",\"in\"]"))));
        outside = members.size();
        for (Member member : members) {
            member.client.listener(member);
            member.client.follow(barrier, /* timed= */ 0);
            member.client.ask(1);
        }
        bench.loop().runUntil(() -> outside == 0, "clients join rooms", JOIN_TIMEOUT_NANOS);
    }

    private Script script(Function<String, Operation> operation) {
        List<Operation> operations = new ArrayList<>();
        for (String size : bench.settings().text("sizes", "64").split(",", -1)) {
            operations.add(operation.apply(Payload.text(Integer.parseInt(size), operations.size())));
        }
        return new Script(operations);
    }

    private void startNextRoom() {
        Room room;
        do {
            room = rooms.get(nextRoom);
            nextRoom = (nextRoom + 1) % rooms.size();
        } while (room.members.stream().anyMatch(member -> member.hears != null));
        room.start();
    }

    private static Operation broadcast(String payload) {
        String packet = "42[\"broadcast\"," + payload + "]";
        return new Operation(Frames.fromClient(packet), Frames.fromServer(packet));
    }

    private static Operation toRoom(String name, String payload) {
        return new Operation(
                Frames.fromClient("42[\"to-room\",\"" + name + "\"," + payload + "]"),
                Frames.fromServer("42[\"room-msg\"," + payload + "]"));
    }

    /** A client in its rooms. */
    private final class Member implements WebSocketClient.Listener {
        private final WebSocketClient client;

        /** The room whose message is under way to this member; null when there is none. */
        private @Nullable Room hears;

        Member(WebSocketClient client) {
            this.client = client;
        }

        @Override
        public void onJoined(WebSocketClient sameClient) {
            throw new IllegalStateException("joined twice");
        }

        @Override
        public void onAnswers(WebSocketClient sameClient, int count) {
            if (hears == null) {
                outside--;
                return;
            }
            hears.onDelivery();
        }
    }

    /** Members that hear the same messages, one at a time. */
    private final class Room {
        private final List<Member> members;
        private final Script script;
        private int operation;
        private int sender;
        private int missing;
        private long sentAt;

        Room(List<Member> members, Script script) {
            this.members = members;
            this.script = script;
        }

        void settleIn() {
            members.forEach(member -> member.client.follow(script, /* timed= */ 0));
        }

        void start() {
            for (Member member : members) {
                member.hears = this;
                member.client.await();
            }
            missing = members.size();
            sentAt = System.nanoTime();
            members.get(sender).client.say(script, operation);
            sender = (sender + 1) % members.size();
            operation = (operation + 1) % script.operations();
        }

        void onDelivery() {
            if (--missing > 0) {
                return;
            }
            members.forEach(member -> member.hears = null);
            bench.tally().latency(System.nanoTime() - sentAt);
            bench.tally().deliveries(members.size());
            bench.tally().operations(1);
            startNextRoom();
        }
    }
}
