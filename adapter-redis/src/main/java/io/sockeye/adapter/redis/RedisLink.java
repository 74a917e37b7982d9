package io.sockeye.adapter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open way to Redis, shared by everything that uses one {@link RedisConnection}: one connection for commands, one for what is
 * subscribed to, and further ones for commands that block.
 *
 * <p>Says in the log once that Redis is gone, and once that it is back.
 *
 * <p>Thread-safe. The state is confined to the executor.
 */
final class RedisLink {
    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    private static final long MALFORMED_QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long CLOSE_CHECK_MILLIS = 10;
    private static final long CLOSE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Topology topology;
    private final ScheduledExecutorService executor;
    private final Publishing publishing;
    private final Subscriptions subscriptions;
    private final KeptWire<Wire.Commands> commandWire;
    private final KeptWire<Wire.PubSub> pubSubWire;
    private final Set<KeptWire<?>> wires = ConcurrentHashMap.newKeySet();

    /** How many commands wait for their answer. */
    private final AtomicInteger asked = new AtomicInteger();

    private volatile Wire.@Nullable Commands commands; // null while there is no connection
    private @Nullable Future<?> ticks; // null until open
    private boolean commandsUp;
    private boolean pubSubUp;
    private boolean saidGone;
    private long goneAt;
    private boolean saidFull;
    private final LongAdder malformed = new LongAdder();
    private final AtomicLong saidMalformedAt = new AtomicLong(System.nanoTime() - MALFORMED_QUIET_NANOS);

    private RedisLink(Topology topology, RedisConnection.Settings settings) {
        this.topology = topology;
        this.executor = topology.executor();
        this.publishing =
                new Publishing(settings.maxPendingBytes(), settings.heldBackTimeout(), new PublishingTrouble());
        this.subscriptions = new Subscriptions(executor);
        this.commandWire = new KeptWire<>(topology::connectCommands, executor, new CommandListener());
        this.pubSubWire = new KeptWire<>(() -> topology.connectPubSub(subscriptions), executor, new PubSubListener());
    }

    /** Opens one, and begins to connect. */
    static RedisLink open(Topology topology, RedisConnection.Settings settings) {
        RedisLink link = new RedisLink(topology, settings);
        link.executor.execute(link::start);
        return link;
    }

    private void start() {
        goneAt = System.nanoTime();
        wires.add(commandWire);
        wires.add(pubSubWire);
        commandWire.connect();
        pubSubWire.connect();
        ticks = executor.scheduleWithFixedDelay(
                this::tick, KeptWire.TICK_MILLIS, KeptWire.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        wires.forEach(KeptWire::tick);
        publishing.expire();
    }

    /** The bounded way of messages to Redis. */
    Publishing publishing() {
        return publishing;
    }

    /** What is subscribed to. */
    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** An executor that runs one task at a time, on a thread that must not be held up. */
    ScheduledExecutorService executor() {
        return executor;
    }

    /** Counts a message that could not be read, and says so once in a while. */
    void malformed(String namespace, Exception why) {
        malformed.increment();
        long said = saidMalformedAt.get();
        long now = System.nanoTime();
        if (now - said >= MALFORMED_QUIET_NANOS && saidMalformedAt.compareAndSet(said, now)) {
            log.warn(
                    "{}: a message for the namespace {} was ignored, {} so far: {}",
                    description(),
                    namespace,
                    malformed.sum(),
                    why.getMessage());
        }
    }

    /** How many messages could not be read. */
    long malformed() {
        return malformed.sum();
    }

    /** Where Redis is, for the log. */
    String description() {
        return topology.description();
    }

    /**
     * Sends a command that is not held back: it fails at once while there is no connection, and when Redis does not answer for a
     * while.
     */
    <T> CompletionStage<T> command(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        Wire.Commands current = commands;
        if (current == null) {
            return gone();
        }
        asked.incrementAndGet();
        CompletionStage<T> answer = command.apply(current.async());
        return within(answer.whenComplete((value, failure) -> asked.decrementAndGet()));
    }

    /** Whether there is a connection for commands. */
    boolean isUp() {
        return commands != null;
    }

    /** How many have subscribed to a channel; fails like {@link #command}. */
    CompletionStage<Long> subscribers(ChannelKind kind, String channel) {
        Wire.Commands current = commands;
        return current == null ? gone() : within(current.subscribers(kind, channel));
    }

    private static <T> CompletionStage<T> within(CompletionStage<T> answer) {
        return answer.toCompletableFuture().copy().orTimeout(RedisConnection.COMMAND_SECONDS, TimeUnit.SECONDS);
    }

    private <T> CompletionStage<T> gone() {
        return CompletableFuture.failedFuture(new RedisException(description() + " cannot be reached"));
    }

    /** A further connection for commands, for some that block. Told of on the executor; to be closed by {@link #giveBack}. */
    KeptWire<Wire.Commands> blocking(KeptWire.Listener<Wire.Commands> listener) {
        KeptWire<Wire.Commands> wire =
                new KeptWire<>(() -> topology.connectCommands().thenApply(Unasked::new), executor, listener);
        executor.execute(() -> {
            wires.add(wire);
            wire.connect();
        });
        return wire;
    }

    /** Ends what {@link #blocking} has made. */
    void giveBack(KeptWire<Wire.Commands> wire) {
        executor.execute(() -> {
            wires.remove(wire);
            CompletionStage<?> ignored = wire.close();
        });
    }

    /** Ends all connections, as soon as what was published has been sent, or soon after. */
    CompletionStage<?> close() {
        CompletableFuture<?> closed = new CompletableFuture<>();
        publishing.close();
        long deadline = System.nanoTime() + CLOSE_PATIENCE_NANOS;
        executor.execute(() -> closeWhenIdle(deadline, closed));
        return closed;
    }

    private void closeWhenIdle(long deadline, CompletableFuture<?> closed) {
        boolean canDrain = commands != null && deadline - System.nanoTime() > 0;
        if (canDrain && !(publishing.isIdle() && asked.get() == 0)) {
            Future<?> ignored =
                    executor.schedule(() -> closeWhenIdle(deadline, closed), CLOSE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        if (ticks != null) {
            ticks.cancel(/* mayInterruptIfRunning= */ false);
        }
        commands = null;
        publishing.down();
        CompletableFuture<?>[] ended =
                wires.stream().map(wire -> wire.close().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        wires.clear();
        Future<?> ignored = CompletableFuture.allOf(ended).whenComplete((done, failure) -> {
            topology.shutdown();
            closed.complete(null);
        });
    }

    private void decide(boolean broken, @Nullable Throwable why) {
        boolean up = commandsUp && pubSubUp;
        if (up && saidGone) {
            saidGone = false;
            log.info(
                    "{} is back after {} ms: {} messages lost, {} refused so far",
                    description(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - goneAt),
                    publishing.lost(),
                    publishing.refused());
        } else if (!up && !saidGone && broken) {
            saidGone = true;
            goneAt = System.nanoTime();
            log.warn(
                    "{} cannot be reached{}. This node goes on by itself, and keeps trying",
                    description(),
                    why == null ? "" : ": " + rootOf(why));
        }
        if (up) {
            saidFull = false;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private final class CommandListener implements KeptWire.Listener<Wire.Commands> {
        @Override
        public void up(Wire.Commands wire) {
            commands = wire;
            commandsUp = true;
            publishing.up(wire.async());
            decide(/* broken= */ false, null);
        }

        @Override
        public void down(@Nullable Throwable why) {
            commands = null;
            commandsUp = false;
            publishing.down();
            decide(/* broken= */ true, why);
        }
    }

    private final class PubSubListener implements KeptWire.Listener<Wire.PubSub> {
        @Override
        public void up(Wire.PubSub wire) {
            pubSubUp = true;
            subscriptions.up(wire);
            decide(/* broken= */ false, null);
        }

        @Override
        public void down(@Nullable Throwable why) {
            pubSubUp = false;
            subscriptions.down();
            decide(/* broken= */ true, why);
        }
    }

    private final class PublishingTrouble implements Publishing.Trouble {
        @Override
        public void refuses(RedisCommandExecutionException why) {
            log.warn(
                    "{} refuses messages to other nodes: {}. They are dropped until it takes them",
                    description(),
                    why.getMessage());
            if (String.valueOf(why.getMessage()).startsWith("READONLY")) {
                executor.execute(commandWire::replace); // what was the master is a replica now
            }
        }

        @Override
        public void takes() {
            log.info("{} takes messages to other nodes again", description());
        }

        @Override
        public void full() {
            executor.execute(() -> {
                if (!saidFull) {
                    saidFull = true;
                    log.warn(
                            "{} bytes wait for {}, more messages to other nodes are refused",
                            publishing.pendingBytes(),
                            description());
                }
            });
        }
    }

    /** A connection that is not asked for signs of life, because it blocks. */
    private record Unasked(Wire.Commands commands) implements Wire.Commands {
        @Override
        public void onState(StateListener listener) {
            commands.onState(listener);
        }

        @Override
        public CompletionStage<?> ping() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> close() {
            return commands.close();
        }

        @Override
        public RedisClusterAsyncCommands<String, byte[]> async() {
            return commands.async();
        }

        @Override
        public CompletionStage<Long> subscribers(ChannelKind kind, String channel) {
            return commands.subscribers(kind, channel);
        }
    }
}
