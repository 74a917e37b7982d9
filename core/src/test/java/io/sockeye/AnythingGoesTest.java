package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever clients and the application do, in whatever order: nothing fails, and nothing is left of it. */
final class AnythingGoesTest {
    private static final int CLIENTS = 3;
    private static final int ACTIONS = 40;

    private static final List<String> PACKETS = List.of(
            "40",
            "40/slow,",
            "40/room-1,",
            "40/none,",
            "41",
            "41/slow,",
            "41/room-1,",
            "420[\"x\",1]",
            "42/room-1,[\"x\",{}]",
            "451-[\"x\",{\"_placeholder\":true,\"num\":0}]",
            "430[\"answer\"]",
            "43/room-1,0[]",
            "42[",
            "3",
            "x");

    // New for each try.
    private SocketIoFixture io = new SocketIoFixture();
    private List<TestClient> clients = new ArrayList<>();
    private List<Socket> sockets = new ArrayList<>();
    private List<CompletableFuture<?>> admissions = new ArrayList<>();
    private List<CompletableFuture<?>> answers = new ArrayList<>();

    @Property(tries = 300)
    void nothingIsLeft(@ForAll @Size(max = 60) List<@IntRange(max = CLIENTS * ACTIONS - 1) Integer> steps) {
        io = new SocketIoFixture();
        io.open();
        boolean fine = false;
        try {
            setUp();
            for (int step : steps) {
                act(step % CLIENTS, step / CLIENTS);
            }
            admissions.forEach(admission -> admission.complete(null));
            io.advance(Duration.ofMinutes(2)); // every time-out is over, and every client that answers no ping is gone
            assertThat(answers).allMatch(CompletableFuture::isDone);
            assertThat(io.server().connectionCount()).isZero();
            assertThat(io.server().namespaces()).extracting(Namespace::name).containsExactlyInAnyOrder("/", "/slow");
            for (Socket socket : sockets) {
                assertThat(socket.connected()).isFalse();
                assertThat(socket.rooms()).isEmpty();
                assertThat(socket.outbox().pendingAckCount()).isZero();
            }
            io.discardSent();
            fine = true;
        } finally {
            io.close(fine);
        }
    }

    private void setUp() {
        clients = new ArrayList<>();
        sockets = new ArrayList<>();
        admissions = new ArrayList<>();
        answers = new ArrayList<>();
        io.settings().maxPendingEvents(4);
        io.server().of("/slow").useAsync(socket -> {
            CompletableFuture<Object> decision = new CompletableFuture<>();
            admissions.add(decision);
            sockets.add(socket);
            socket.join("red");
            answers.add(socket.emitWithAck("early").arguments());
            return decision;
        });
        for (Namespace namespace : List.of(io.server().of("/"), io.server().of("/slow"))) {
            namespace.onConnection(this::joined);
        }
        io.server().of(Pattern.compile("/room-\\d")).onConnection(this::joined);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(io.connect(i == 0 ? io.otherLoop : io.loop));
        }
    }

    private void joined(Socket socket) {
        sockets.add(socket);
        socket.join("blue");
        socket.onWithAck("x", () -> 1);
    }

    private void act(int who, int action) {
        TestClient client = clients.get(who);
        if (action < PACKETS.size()) {
            client.receive(PACKETS.get(action));
            return;
        }
        Socket socket = sockets.isEmpty() ? null : sockets.get((who + action) % sockets.size());
        switch (action - PACKETS.size()) {
            case 0 -> client.webSocket().receiveBinary((byte) 1);
            case 1 -> client.webSocket().closeByPeer();
            case 2 -> client.webSocket().breakLine();
            case 3 -> client.webSocket().stall();
            case 4 -> client.webSocket().recover();
            case 5 -> io.runHandlers();
            case 6 -> io.loops.settle();
            case 7 -> io.settle();
            case 8 -> io.advance(Duration.ofSeconds(1));
            case 9 -> io.server().to("red", "blue").emit("all", new byte[] {1});
            case 10 -> answers.add(io.server().timeout(Duration.ofSeconds(3)).emitWithAck("all"));
            case 11 -> io.server().to("blue").disconnectSockets(who == 0);
            case 12 -> io.server().of("/slow").socketsJoin("green");
            case 13 -> admissions.forEach(admission -> admission.complete(null));
            case 14 -> admissions.forEach(admission -> admission.completeExceptionally(new ConnectError("no")));
            case 15 -> clients.set(who, io.connect());
            default -> {
                if (socket != null) {
                    act(socket, action - PACKETS.size() - 16);
                }
            }
        }
    }

    private void act(Socket socket, int action) {
        switch (action) {
            case 0 -> socket.disconnect();
            case 1 -> socket.disconnect(true);
            case 2 -> socket.join("red", "blue");
            case 3 -> socket.leave("blue");
            case 4 -> socket.emit("x", 1);
            case 5 -> socket.volatileFlag().emit("x", new byte[] {2});
            case 6 -> answers.add(socket.emitWithAck("ask").arguments());
            case 7 ->
                answers.add(
                        socket.timeout(Duration.ofSeconds(2)).emitWithAck("ask").arguments());
            default -> socket.to("red").except(Set.of("green")).emit("others");
        }
    }
}
