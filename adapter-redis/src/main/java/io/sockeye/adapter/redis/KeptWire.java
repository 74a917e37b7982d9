package io.sockeye.adapter.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to Redis. The first one is tried for until it stands; after that Lettuce makes it anew when it breaks.
 * One that stands but gives no sign of life, as when packets are lost on the way, counts as broken, and is given up for a new
 * one after a while.
 *
 * <p>States: <em>connecting</em>, <em>up</em>, <em>down</em>, <em>closed</em>. Confined to the executor.
 */
final class KeptWire<W extends Wire> {
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 3_000;
    /** How often it is asked for a sign of life. */
    static final long TICK_MILLIS = 1_000;

    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(12);

    private final Supplier<? extends CompletionStage<? extends W>> connector;
    private final ScheduledExecutorService executor;
    private final Listener<W> listener;

    private State state = State.CONNECTING;
    private @Nullable W wire; // null while there is none
    private CompletionStage<?> attempt = CompletableFuture.completedFuture(null); // to connect, the last one
    private CompletionStage<?> closing = CompletableFuture.completedFuture(null); // a wire that came too late
    private long retryMillis = FIRST_RETRY_MILLIS;
    private boolean broken; // what Lettuce says of the wire
    private boolean silent; // what the lack of answers says of it
    private long askedAt; // when a sign of life was asked for that has not come
    private boolean asked;

    /** Learns of the connection, on the executor. */
    interface Listener<W> {
        /** It stands, for the first time or again. */
        void up(W wire);

        /** It is broken. */
        void down(@Nullable Throwable why);
    }

    private enum State {
        CONNECTING,
        UP,
        DOWN,
        CLOSED
    }

    KeptWire(
            Supplier<? extends CompletionStage<? extends W>> connector,
            ScheduledExecutorService executor,
            Listener<W> listener) {
        this.connector = connector;
        this.executor = executor;
        this.listener = listener;
    }

    /** Begins to connect. */
    void connect() {
        if (state == State.CLOSED) {
            return;
        }
        CompletionStage<? extends W> made;
        try {
            made = connector.get();
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        attempt = made.handleAsync(
                (connected, failure) -> {
                    if (failure != null) {
                        failed(failure);
                    } else {
                        connected(connected);
                    }
                    return connected;
                },
                executor);
    }

    private void failed(Throwable failure) {
        if (state == State.CLOSED) {
            return;
        }
        listener.down(failure);
        Future<?> ignored = executor.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    }

    private void connected(W connected) {
        if (state == State.CLOSED) {
            closing = connected.close();
            return;
        }
        wire = connected;
        retryMillis = FIRST_RETRY_MILLIS;
        broken = false;
        silent = false;
        asked = false;
        connected.onState(new Wire.StateListener() {
            @Override
            public void connected() {
                executor.execute(() -> broken(connected, false));
            }

            @Override
            public void disconnected() {
                executor.execute(() -> broken(connected, true));
            }
        });
        decide();
    }

    private void broken(W of, boolean value) {
        if (of == wire) {
            if (value) {
                asked = false; // the answer to an old question says nothing about a new connection
            } else {
                silent = false;
            }
            broken = value;
            decide();
        }
    }

    private void decide() {
        if (state == State.CLOSED || wire == null) {
            return;
        }
        State next = broken || silent ? State.DOWN : State.UP;
        if (next != state) {
            state = next;
            if (next == State.UP) {
                listener.up(wire);
            } else {
                listener.down(null);
            }
        }
    }

    /** Asks for a sign of life; to be called every {@link #TICK_MILLIS}. */
    void tick() {
        W current = wire;
        if (current == null || state == State.CLOSED || broken) {
            return;
        }
        long now = System.nanoTime();
        if (!asked) {
            asked = true;
            askedAt = now;
            current.ping().whenComplete((pong, failure) -> executor.execute(() -> answered(current, failure)));
            if (state == State.UP) {
                current.tend();
            }
        } else if (now - askedAt > GIVEN_UP_NANOS) {
            replace();
        } else if (now - askedAt > SILENT_NANOS && !silent) {
            silent = true;
            decide();
        }
    }

    private void answered(W of, @Nullable Throwable failure) {
        if (of == wire && asked) {
            asked = false;
            if (failure == null && silent) {
                silent = false;
                decide();
            }
        }
    }

    /** Gives the connection up for a new one. */
    void replace() {
        W old = wire;
        if (old == null || state == State.CLOSED) {
            return;
        }
        wire = null;
        if (state == State.UP) {
            listener.down(null);
        }
        state = State.CONNECTING;
        CompletionStage<?> ignored = old.close();
        connect();
    }

    /** Ends it. Completes when nothing of it is left. */
    CompletionStage<?> close() {
        state = State.CLOSED;
        W old = wire;
        wire = null;
        return old == null ? attempt.thenCompose(made -> closing) : old.close();
    }
}
