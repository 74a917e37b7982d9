package io.sockeye.conformance;

import static java.util.function.Predicate.not;

import io.sockeye.BroadcastOperator;
import io.sockeye.Event;
import io.sockeye.EventHandler;
import io.sockeye.Handshake;
import io.sockeye.RemoteSocket;
import io.sockeye.Socket;
import io.sockeye.protocol.socketio.RawArgument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The events of one socket that the scenarios need beside those of {@link FixtureSocket}. Confined to the socket's handlers. */
final class ScenarioEvents {
    private final Socket socket;
    private final Map<String, EventHandler> listeners = new HashMap<>();

    private ScenarioEvents(Socket socket) {
        this.socket = socket;
    }

    static void serve(Socket socket) {
        ScenarioEvents served = new ScenarioEvents(socket);
        served.serveData();
        served.serveOthers();
        served.serveListeners();
        served.serveOddities();
    }

    private void serveData() {
        socket.on("set data", String.class, JsonNode.class, (name, value, ack) -> {
            socket.data().put(name, value);
            ack.send();
        });
        socket.onWithAck("data", () -> socket.data());
        socket.onWithAck("handshake", this::handshake);
    }

    private void serveOthers() {
        socket.on("fetch", FixtureSocket.Target.class, (target, ack) -> {
            List<Map<String, Object>> found = new ArrayList<>();
            for (RemoteSocket each : others(target).fetchSockets().join()) {
                found.add(Map.of(
                        "id", each.id(),
                        "rooms", new TreeSet<>(each.rooms()),
                        "data", each.data(),
                        "auth", each.handshake().auth()));
            }
            ack.send(found);
        });
        socket.on("tell", event -> {
            for (RemoteSocket each : others(FixtureSocket.arg(event, 0, FixtureSocket.Target.class))
                    .fetchSockets()
                    .join()) {
                each.emit(FixtureSocket.name(event, 1), FixtureSocket.behind(event, 2));
            }
            event.ack().send();
        });
        socket.on("move", FixtureSocket.Target.class, String[].class, String[].class, (target, join, leave, ack) -> {
            if (join.length > 0) {
                others(target).socketsJoin(join);
            }
            if (leave.length > 0) {
                others(target).socketsLeave(leave);
            }
            ack.send();
        });
        socket.on("server side", event -> {
            socket.namespace().serverSideEmit(FixtureSocket.name(event, 0), FixtureSocket.behind(event, 1));
            event.ack().send();
        });
        socket.on("watch", String.class, (room, ack) -> {
            socket.onDisconnecting(reason ->
                    socket.namespace().to(room).except(socket.id()).emit("leaving", reason.text(), roomsWithoutOwn()));
            socket.onDisconnect(reason -> socket.namespace().to(room).emit("left", reason.text(), roomsWithoutOwn()));
            ack.send();
        });
    }

    private void serveListeners() {
        socket.on("listen", String.class, (name, ack) -> {
            EventHandler listener = event -> socket.emit("heard", with(name, event));
            listeners.put(name, listener);
            socket.on(name, listener);
            ack.send();
        });
        socket.on("listen once", String.class, (name, ack) -> {
            socket.once(name, event -> socket.emit("heard once", with(name, event)));
            ack.send();
        });
        socket.on("unlisten", String.class, (name, ack) -> {
            socket.off(name, Objects.requireNonNull(listeners.get(name)));
            ack.send();
        });
    }

    private void serveOddities() {
        socket.on("reserved", String.class, (name, ack) -> {
            try {
                socket.emit(name);
                ack.send("sent");
            } catch (IllegalArgumentException e) {
                ack.send(e.getMessage());
            }
        });
        socket.on("ack twice", event -> {
            event.ack().send("first");
            event.ack().send("second");
        });
        socket.on("last words", int.class, boolean.class, (count, close) -> {
            for (int i = 0; i < count; i++) {
                socket.emit("word", i);
            }
            socket.disconnect(close);
        });
        socket.on("kinds", event -> {
            List<String> kinds = new ArrayList<>();
            for (Object arg : event.args().toArray()) {
                kinds.add(kind(Objects.requireNonNull(((RawArgument) arg).as(JsonNode.class))));
            }
            event.ack().send(kinds);
        });
    }

    private BroadcastOperator others(FixtureSocket.Target target) {
        return (BroadcastOperator) FixtureSocket.recipients(socket, target);
    }

    private List<String> roomsWithoutOwn() {
        return socket.rooms().stream().filter(not(socket.id()::equals)).sorted().toList();
    }

    private Map<String, @Nullable Object> handshake() {
        Handshake handshake = socket.handshake();
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        for (String parameter : List.of("EIO", "transport", "probe")) {
            query.put(parameter, handshake.query().get(parameter));
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("secure", handshake.secure());
        shown.put("xdomain", handshake.crossDomain());
        shown.put(
                "issuedNow",
                Duration.between(handshake.issued(), Instant.now()).abs().toMinutes() == 0);
        shown.put("address", handshake.address().getAddress().getHostAddress());
        shown.put("path", handshake.url().split("\\?", -1)[0]);
        shown.put("query", query);
        return shown;
    }

    private static Object[] with(String name, Event event) {
        List<Object> args = new ArrayList<>(List.of(name));
        args.addAll(List.of(event.args().toArray()));
        return args.toArray();
    }

    /** What JavaScript calls it. */
    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BINARY -> "binary";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case NUMBER -> "number";
            case STRING -> "string";
            default -> "object";
        };
    }
}
