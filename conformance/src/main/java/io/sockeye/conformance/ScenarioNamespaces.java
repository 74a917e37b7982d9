package io.sockeye.conformance;

import io.sockeye.ConnectError;
import io.sockeye.Event;
import io.sockeye.EventHandler;
import io.sockeye.Socket;
import io.sockeye.SocketHandler;
import io.sockeye.SocketIoServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * The namespaces whose middleware and listeners the scenarios compare; {@code conformance/README.md} says what they do. The
 * handlers of one socket run one at a time.
 */
final class ScenarioNamespaces {
    private ScenarioNamespaces() {}

    static void addTo(SocketIoServer io, SocketHandler serve) {
        addMembers(io, serve);
        var keyed = io.of((name, auth) -> name.startsWith("/keyed-")
                && auth.size() == 1
                && Objects.requireNonNull(auth.get(0, JsonNode.class))
                        .path("key")
                        .asString("")
                        .equals("k"));
        keyed.use(socket -> socket.data().put("child", socket.namespace().name()));
        keyed.onConnection(serve);
        io.of("/greeting").onConnection(socket -> {
            socket.emit("hello", 1);
            socket.emit("hello", 2, new byte[] {2});
            socket.join("greeted");
            socket.to("greeted").emit("arrived", socket.handshake().auth("name"));
            socket.emit("hello", 3);
            serve.handle(socket);
        });
        io.of("/checked").onConnection(socket -> {
            check(socket);
            serve.handle(socket);
        });
        io.of("/any").onConnection(socket -> {
            listenToAny(socket);
            serve.handle(socket);
        });
    }

    private static void addMembers(SocketIoServer io, SocketHandler serve) {
        io.of("/members").use(socket -> {
            String user = socket.handshake().auth("user");
            socket.data().put("user", user == null ? "anonymous" : user);
        });
        io.of("/members").use(socket -> {
            if (Objects.equals(socket.data().get("user", String.class), "banned")) {
                throw new ConnectError("banned", Map.of("until", Arrays.asList(5, null)));
            }
        });
        io.of("/members").onConnection(serve);
    }

    private static void check(Socket socket) {
        List<String> seen = new ArrayList<>();
        socket.use(event -> seen.add("first " + event.name()));
        socket.use(event -> {
            seen.add("second " + event.name() + " " + event.args().size());
            if (event.name().equals("forbidden")) {
                throw new IllegalStateException("no such thing");
            }
        });
        socket.onError((event, error) -> socket.emit("refused", error.getMessage()));
        socket.on("forbidden", () -> socket.emit("must not be seen"));
        socket.onWithAck("seen", () -> List.copyOf(seen));
    }

    private static void listenToAny(Socket socket) {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        EventHandler removed = event -> seen.add("never");
        socket.onAny(event -> seen.add("any " + counted(event)));
        socket.onAny(removed);
        socket.offAny(removed);
        socket.prependAny(event -> seen.add("before " + event.name()));
        socket.onAnyOutgoing(event -> sent.add(counted(event)));
        socket.on("seen", event -> event.ack().send(List.copyOf(seen), List.copyOf(sent)));
    }

    private static String counted(Event event) {
        return event.name() + " " + event.args().size();
    }
}
