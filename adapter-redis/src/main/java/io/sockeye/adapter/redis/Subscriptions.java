package io.sockeye.adapter.redis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is subscribed to, in groups that are each one namespace's. All of it is subscribed to again whenever there is a new
 * connection.
 *
 * <p>Thread-safe. The state is confined to the executor; the sinks are read by the threads on which messages arrive.
 */
final class Subscriptions implements Wire.AnySink {
    private static final long RETRY_MILLIS = 1_000;

    private final ScheduledExecutorService executor;
    private final Map<ChannelKind, Map<String, Wire.Sink>> sinks = new EnumMap<>(ChannelKind.class);
    private final List<Group> groups = new ArrayList<>();
    private final LongAdder received = new LongAdder();
    private Wire.@Nullable PubSub wire; // null while there is no connection
    private int epoch; // of the connection: grows with each

    /** Learns whether everything that a group names is subscribed to. On the executor. */
    interface Listener {
        /** Everything is subscribed to, for the first time or again. */
        void up();

        /** The connection is broken. Told once per break. */
        void down();
    }

    Subscriptions(ScheduledExecutorService executor) {
        this.executor = executor;
        for (ChannelKind kind : ChannelKind.values()) {
            sinks.put(kind, new ConcurrentHashMap<>());
        }
    }

    /** A new group without names. */
    Group group(Listener listener) {
        return new Group(listener);
    }

    @Override
    public void received(ChannelKind kind, String name, String channel, byte[] payload) {
        Wire.Sink sink = sinksOf(kind).get(name);
        if (sink != null) {
            received.increment();
            sink.received(channel, payload);
        }
    }

    /** How many messages have arrived. */
    long received() {
        return received.sum();
    }

    private Map<String, Wire.Sink> sinksOf(ChannelKind kind) {
        return sinks.getOrDefault(kind, Map.of());
    }

    /** There is a connection, which knows nothing yet. On the executor. */
    void up(Wire.PubSub connected) {
        wire = connected;
        epoch++;
        List.copyOf(groups).forEach(Group::subscribeAll);
    }

    /** There is none any more. On the executor. */
    void down() {
        wire = null;
        epoch++;
        List.copyOf(groups).forEach(Group::down);
    }

    private record Name(ChannelKind kind, String text) {}

    /** What one namespace subscribes to. Thread-safe; its fields are confined to the executor. */
    final class Group {
        private final Listener listener;
        private final Map<Name, Wire.Sink> names = new LinkedHashMap<>();
        private boolean up;

        private Group(Listener listener) {
            this.listener = listener;
        }

        /** Begins to subscribe. To be called once, when the names that belong to it from the start have been added. */
        void open() {
            executor.execute(() -> {
                groups.add(this);
                if (wire != null) {
                    subscribeAll();
                }
            });
        }

        /** Adds a name. */
        void add(ChannelKind kind, String text, Wire.Sink sink) {
            executor.execute(() -> {
                names.put(new Name(kind, text), sink);
                sinksOf(kind).put(text, sink);
                if (up && wire != null) {
                    wire.subscribe(kind, text).whenComplete((done, failure) -> {
                        if (failure != null) {
                            executor.execute(this::subscribeAllLater);
                        }
                    });
                }
            });
        }

        /** Takes a name away. */
        void remove(ChannelKind kind, String text) {
            executor.execute(() -> {
                Wire.Sink sink = names.remove(new Name(kind, text));
                if (sink != null) {
                    forget(kind, text, sink);
                }
            });
        }

        /** Takes all names away. */
        void close() {
            executor.execute(() -> {
                groups.remove(this);
                names.forEach((name, sink) -> forget(name.kind(), name.text(), sink));
                names.clear();
            });
        }

        private void forget(ChannelKind kind, String text, Wire.Sink sink) {
            if (sinksOf(kind).remove(text, sink) && wire != null) {
                wire.unsubscribe(kind, text);
            }
        }

        private void subscribeAll() {
            Wire.PubSub to = wire;
            if (to == null) {
                return;
            }
            int during = epoch;
            CompletableFuture<?>[] all = names.keySet().stream()
                    .map(name -> to.subscribe(name.kind(), name.text()).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            Future<?> ignored = CompletableFuture.allOf(all)
                    .whenComplete((done, failure) -> executor.execute(() -> {
                        if (during != epoch || !groups.contains(this)) {
                            return;
                        }
                        if (failure != null) {
                            subscribeAllLater();
                        } else if (!up) {
                            up = true;
                            listener.up();
                        }
                    }));
        }

        private void subscribeAllLater() {
            int during = epoch;
            Future<?> ignored = executor.schedule(
                    () -> {
                        if (during == epoch && groups.contains(this)) {
                            subscribeAll();
                        }
                    },
                    RETRY_MILLIS,
                    TimeUnit.MILLISECONDS);
        }

        private void down() {
            if (up) {
                up = false;
                listener.down();
            }
        }
    }
}
