package io.sockeye.examples.cluster;

import io.sockeye.ConnectError;
import io.sockeye.Socket;
import io.sockeye.SocketIoServer;
import io.sockeye.examples.cluster.Messages.NodeState;
import io.sockeye.examples.cluster.Messages.Receipt;
import io.sockeye.examples.cluster.Messages.Said;
import io.sockeye.examples.cluster.Messages.Say;
import io.sockeye.examples.cluster.Messages.Visitor;
import io.sockeye.examples.cluster.Messages.Welcome;
import io.sockeye.http.ForwarderStats;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What each node serves: visitors with a name, in a room. Nothing here knows that there are several nodes, but for what it shows of
 * them.
 *
 * <p>Thread-safe: all state is that of the sockets.
 */
final class Room {
    private static final int LONGEST_NAME = 20;
    private static final int LONGEST_TEXT = 500;

    private final SocketIoServer io;
    private final String node;
    private final Runnable die;
    private final long startNanos = System.nanoTime();

    /**
     * The room of a node.
     *
     * @param die ends the node's process without another word
     */
    Room(SocketIoServer io, String node, Runnable die) {
        this.io = io;
        this.node = node;
        this.die = die;
    }

    /** Adds the handlers. */
    void serve() {
        io.use(Room::admit);
        io.onConnection(this::welcome);
        io.of("/").onServerSide("kill", String.class, this::kill);
    }

    private static void admit(Socket socket) {
        String name = text(socket, "name");
        String room = text(socket, "room");
        socket.data().put("name", name).put("room", room);
        socket.userId(name);
    }

    private static String text(Socket socket, String field) {
        String text =
                Objects.requireNonNullElse(socket.handshake().auth(field), "").strip();
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw new ConnectError(field + ": 1 to " + LONGEST_NAME + " characters");
        }
        return text;
    }

    private void welcome(Socket socket) {
        String name = data(socket, "name");
        String room = data(socket, "room");
        socket.join("room:" + room); // a recovered socket is there already; twice does no harm
        socket.onWithAck("say", Say.class, say -> say(name, say));
        socket.on("kill", String.class, victim -> {
            kill(victim);
            io.serverSideEmit("kill", victim);
        });
        socket.emit("welcome", new Welcome(node, name, room, socket.recovered()));
    }

    private Receipt say(String from, Say say) {
        if (say.text().isBlank() || say.text().length() > LONGEST_TEXT) {
            return new Receipt(node, "text: 1 to " + LONGEST_TEXT + " characters");
        }
        Said said = new Said(from, node, say.kind(), say.to(), say.text());
        boolean accepted = switch (say.kind()) {
            case "all" -> io.emit("said", said);
            case "room" -> io.to("room:" + say.to()).emit("said", said);
            case "user" -> io.toUser(say.to(), from).emit("said", said);
            default -> throw new IllegalArgumentException("kind: " + say.kind());
        };
        return new Receipt(node, accepted ? null : "other nodes may not have heard it");
    }

    /** Dies if it is this node that is meant. */
    private void kill(String victim) {
        if (victim.equals(node)) {
            die.run();
        }
    }

    /** Tells everybody on every node how this one is. */
    void tellState() {
        List<Visitor> visitors = io.of("/").sockets().stream()
                .map(socket -> new Visitor(socket.id(), data(socket, "name"), data(socket, "room"), socket.transport()))
                .sorted(Comparator.comparing(Visitor::name))
                .toList();
        ForwarderStats forwarded = io.forwarderStats();
        long upSeconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        io.volatileFlag()
                .emit(
                        "node",
                        new NodeState(
                                node,
                                ProcessHandle.current().pid(),
                                upSeconds,
                                forwarded.requests() + forwarded.upgrades(),
                                visitors));
    }

    private static String data(Socket socket, String field) {
        return Objects.requireNonNullElse(socket.data().get(field, String.class), "");
    }
}
