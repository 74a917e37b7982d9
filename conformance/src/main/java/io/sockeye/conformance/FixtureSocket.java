package io.sockeye.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sockeye.AckTimeoutException;
import io.sockeye.BroadcastOperator;
import io.sockeye.EmitOperator;
import io.sockeye.Event;
import io.sockeye.EventEmitter;
import io.sockeye.Socket;
import io.sockeye.adapter.RecoveryStats;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The events that the fixture serves to one socket. Confined to the socket's handlers, but for {@link #tick}. */
final class FixtureSocket {
    private static final int FLOW_PER_TICK = 3;

    private final Socket socket;
    private final ScheduledExecutorService timers;
    private final List<Integer> collected = new ArrayList<>();

    /** Guarded by this. */
    private int flowed;
    /** The running flow; null while there is none. Guarded by this. */
    private @Nullable ScheduledFuture<?> flow;

    private FixtureSocket(Socket socket, ScheduledExecutorService timers) {
        this.socket = socket;
        this.timers = timers;
    }

    static void serve(Socket socket, ScheduledExecutorService timers) {
        FixtureSocket served = new FixtureSocket(socket, timers);
        served.serveEmits();
        served.serveRooms();
        ScenarioEvents.serve(socket);
        socket.on("info", event -> event.ack().send(served.info()));
        socket.onWithAck("recovered", () -> socket.recovered());
        socket.onWithAck("kept", () -> {
            RecoveryStats stats = socket.namespace().recoveryStats();
            return stats == null ? Map.of() : Map.of("packets", stats.packets(), "bytes", stats.bytes());
        });
        socket.on("stream", event -> {
            served.stream(arg(event, 0, String.class), arg(event, 1, int.class), arg(event, 2, int.class));
            event.ack().send();
        });
        socket.on("silence", () -> {});
        socket.on("fail", () -> {
            throw new IllegalStateException("the handler of 'fail' fails");
        });
        socket.on("kick", Target.class, Boolean.class, served::kick);
        socket.on("collect", Integer.class, number -> served.collected.add(number));
        socket.onWithAck("collected", () -> served.collected);
        socket.onWithAck("flow", Boolean.class, served::flow);
        socket.onDisconnect(reason -> served.flow(false));
    }

    private void serveEmits() {
        socket.on("echo", event -> {
            if (event.ack().requested()) {
                event.ack().send(event.args().toArray());
            } else {
                socket.emit("echo", event.args().toArray());
            }
        });
        socket.on("emit", event -> {
            Target target = arg(event, 0, Target.class);
            recipients(target).emit(name(event, 1), behind(event, 2));
            event.ack().send();
        });
        socket.on("burst", event -> {
            Target target = arg(event, 0, Target.class);
            int count = arg(event, 1, int.class);
            for (int i = 0; i < count; i++) {
                recipients(target).emit("burst", i, event.args().raw(2));
            }
            event.ack().send();
        });
        socket.on("ask", event -> {
            Duration timeout = Duration.ofMillis(arg(event, 0, long.class));
            var unused = socket.timeout(timeout)
                    .emitWithAck(name(event, 1), behind(event, 2))
                    .arguments()
                    .whenComplete((answer, error) -> answered(event, answer, error));
        });
        socket.on("ask all", event -> {
            Duration timeout = Duration.ofMillis(arg(event, 0, long.class));
            BroadcastOperator all = (BroadcastOperator) recipients(arg(event, 1, Target.class));
            var unused = all.timeout(timeout)
                    .emitWithAck(name(event, 2), behind(event, 3))
                    .thenAccept(answers ->
                            event.ack().send(answers.complete() ? "answered" : "timeout", answers.as(JsonNode.class)));
        });
    }

    private void serveRooms() {
        socket.on("join", JsonNode.class, (rooms, ack) -> {
            if (rooms.isArray()) {
                rooms.forEach(room -> socket.join(room.asString()));
            } else {
                socket.join(rooms.asString());
            }
            ack.send();
        });
        socket.on("leave", String.class, (room, ack) -> {
            socket.leave(room);
            ack.send();
        });
        socket.onWithAck("rooms", () -> new TreeSet<>(socket.rooms()));
        socket.onWithAck("count", () -> socket.namespace().socketCount());
    }

    private Map<String, @Nullable Object> info() {
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("id", socket.id());
        info.put("namespace", socket.namespace().name());
        info.put("transport", socket.transport());
        info.put("auth", socket.handshake().auth());
        info.put("query", socket.handshake().query().get("probe"));
        info.put("header", socket.handshake().headers().get("x-probe"));
        return info;
    }

    private void kick(Target target, Boolean close) {
        if (target.from() == null) {
            socket.disconnect(close);
        } else {
            ((BroadcastOperator) recipients(target)).disconnectSockets(close);
        }
    }

    private void stream(String room, int count, int perSecond) {
        BroadcastOperator everybody = socket.namespace().to(room);
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<@Nullable ScheduledFuture<?>> timer = new AtomicReference<>();
        timer.set(timers.scheduleAtFixedRate(
                () -> {
                    int n = sent.getAndIncrement();
                    ScheduledFuture<?> running = timer.get();
                    if (n < count) {
                        everybody.emit("tick", n);
                    } else if (running != null) {
                        running.cancel(false);
                    }
                },
                0,
                TimeUnit.SECONDS.toMicros(1) / perSecond,
                TimeUnit.MICROSECONDS));
    }

    private synchronized int flow(boolean on) {
        if (flow != null) {
            flow.cancel(false);
            flow = null;
        }
        if (on) {
            flow = timers.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.MILLISECONDS);
        }
        return flowed;
    }

    private synchronized void tick() {
        for (int i = 0; i < FLOW_PER_TICK && flow != null; i++) {
            if (flowed % 4 == 3) {
                socket.emit("flow", flowed, new byte[] {(byte) flowed});
            } else {
                socket.emit("flow", flowed);
            }
            flowed++;
        }
    }

    private EventEmitter recipients(Target target) {
        return recipients(socket, target);
    }

    /** What an emit to the target is made through. */
    static EventEmitter recipients(Socket socket, Target target) {
        boolean isVolatile = Boolean.TRUE.equals(target.isVolatile());
        if (target.from() == null || target.from().equals("self")) {
            EmitOperator self = socket.compress(!Boolean.FALSE.equals(target.compress()));
            return isVolatile ? self.volatileFlag() : self;
        }
        BroadcastOperator operator = target.from().equals("others")
                ? socket.broadcast()
                : socket.namespace().to();
        if (target.to() != null) {
            operator = operator.to(target.to());
        }
        if (target.except() != null) {
            operator = operator.except(target.except());
        }
        if (target.compress() != null) {
            operator = operator.compress(target.compress());
        }
        if (Boolean.TRUE.equals(target.local())) {
            operator = operator.local();
        }
        return isVolatile ? operator.volatileFlag() : operator;
    }

    private static void answered(Event event, @Nullable Arguments answer, @Nullable Throwable error) {
        if (answer != null) {
            List<Object> all = new ArrayList<>(List.of("answered"));
            all.addAll(Arrays.asList(answer.toArray()));
            event.ack().send(all.toArray());
        } else if (error instanceof AckTimeoutException || error instanceof CompletionException) {
            event.ack().send("timeout");
        }
    }

    static <T> T arg(Event event, int index, Class<T> type) {
        return Objects.requireNonNull(event.arg(index, type));
    }

    static String name(Event event, int index) {
        return arg(event, index, String.class);
    }

    static Object[] behind(Event event, int index) {
        Object[] all = event.args().toArray();
        return Arrays.copyOfRange(all, index, all.length);
    }

    /** To whom something is emitted, as the tests ask for it. */
    record Target(
            @Nullable String from,
            @Nullable List<String> to,
            @Nullable List<String> except,

            @JsonProperty("volatile") @Nullable Boolean isVolatile,

            @Nullable Boolean compress,
            @Nullable Boolean local) {}
}
