package io.sockeye.adapter.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one stream, for any number of namespaces, from the time on when it was first asked to: over a connection of its own, which
 * blocks until there is something to read. After a break it goes on where it was.
 *
 * <p>The state is confined to the executor of the link; entries arrive on the thread of Lettuce's that reads them, in their order.
 */
final class StreamReader {
    private static final Logger log = LoggerFactory.getLogger(StreamReader.class);

    private static final long RETRY_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 5_000; // beyond the time for which Redis blocks

    private static final String NONE = "0-0"; // before every entry
    private static final byte[] MARK = "1".getBytes(StandardCharsets.US_ASCII);

    private final RedisLink link;
    private final String stream;
    private final XReadArgs readArgs;
    private final long answerMillis;
    private final boolean marks;
    private final Map<String, Sink> sinks = new ConcurrentHashMap<>();
    private final CompletableFuture<String> started = new CompletableFuture<>();
    private final KeptWire<Wire.Commands> wire;

    private int turn; // grows when reading begins anew, which ends the reading before
    private @Nullable String last; // the id of the last entry that was read; null before the first
    private boolean saidTrouble;

    /** Takes the entries of one namespace. On the reading thread, which must not be held up. */
    @FunctionalInterface
    interface Sink {
        /**
         * Entries up to that id were dropped before they could be read, or the whole stream was. On the executor, while nothing is
         * read.
         */
        default void lostUpTo(String id) {}

        /**
         * An entry.
         *
         * @param id its id
         * @param fields as in {@link StreamsDriver}
         */
        void entry(String id, Map<String, byte[]> fields);
    }

    StreamReader(RedisLink link, String stream, StreamsSettings.Values settings, boolean marks) {
        this.link = link;
        this.stream = stream;
        long blockMillis = settings.blockTime().toMillis();
        this.readArgs = XReadArgs.Builder.block(blockMillis).count(settings.readCount());
        this.marks = marks;
        this.answerMillis = blockMillis + PATIENCE_MILLIS;
        this.wire = link.blocking(new KeptWire.Listener<>() {
            @Override
            public void up(Wire.Commands commands) {
                begin(commands.async());
            }

            @Override
            public void down(@Nullable Throwable why) {
                turn++;
            }
        });
    }

    /** Hands on the entries of a namespace from now on. */
    void add(String namespace, Sink sink) {
        sinks.put(namespace, sink);
    }

    /** Hands on no more entries of a namespace. */
    void remove(String namespace, Sink sink) {
        sinks.remove(namespace, sink);
    }

    /** Completes when reading has begun, with the id behind which it has. */
    CompletableFuture<String> started() {
        return started;
    }

    /** Ends reading. */
    void close() {
        link.executor().execute(() -> turn++);
        link.giveBack(wire);
    }

    private void begin(RedisClusterAsyncCommands<String, byte[]> redis) {
        int during = ++turn;
        String from = last;
        CompletionStage<List<StreamMessage<String, byte[]>>> oldest =
                redis.xrange(stream, Range.unbounded(), Limit.from(1));
        redis.xrevrange(stream, Range.unbounded(), Limit.from(1))
                .thenCombine(oldest, (newest, first) -> List.of(newest, first))
                .whenComplete((ends, failure) -> link.executor().execute(() -> {
                    if (during != turn) {
                        return;
                    }
                    if (failure != null) {
                        later(redis, during, failure);
                        return;
                    }
                    String end = idOf(ends.get(0));
                    String first = idOf(ends.get(1));
                    if (from == null && marks && end.equals(NONE)) {
                        mark(redis, during);
                        return;
                    }
                    if (from == null) {
                        startBehind(end);
                    } else if (StreamIds.compare(end, from) < 0) {
                        last = end; // Redis has come back without its data, and has begun anew
                        sinks.values().forEach(sink -> sink.lostUpTo(end));
                    } else if (StreamIds.compare(first, from) > 0) {
                        String before = StreamIds.before(first);
                        sinks.values().forEach(sink -> sink.lostUpTo(before));
                    }
                    read(redis, during);
                }));
    }

    /**
     * Begins behind an entry that says nothing. It is read over, by the reference too, and clients that got nothing yet can
     * go on from behind it: the reference looks for the entry that a client names.
     */
    private void mark(RedisClusterAsyncCommands<String, byte[]> redis, int during) {
        redis.xadd(stream, "sockeye", MARK)
                .whenComplete((id, failure) -> link.executor().execute(() -> {
                    if (during == turn) {
                        startBehind(failure == null ? id : NONE);
                        read(redis, during);
                    }
                }));
    }

    private void startBehind(String id) {
        last = id;
        started.complete(id);
    }

    private static String idOf(List<StreamMessage<String, byte[]>> entries) {
        return entries.isEmpty() ? NONE : entries.get(0).getId();
    }

    private void read(RedisClusterAsyncCommands<String, byte[]> redis, int during) {
        @SuppressWarnings("unchecked") // one stream
        Future<?> ignored = redis.xread(readArgs, StreamOffset.from(stream, String.valueOf(last)))
                .toCompletableFuture()
                .copy()
                .orTimeout(answerMillis, TimeUnit.MILLISECONDS)
                .whenComplete((entries, failure) -> {
                    List<StreamMessage<String, byte[]>> read = failure != null || entries == null ? List.of() : entries;
                    read.forEach(this::entry);
                    link.executor().execute(() -> {
                        if (during != turn) {
                            return;
                        }
                        if (failure != null) {
                            later(redis, during, failure);
                            return;
                        }
                        saidTrouble = false;
                        if (!read.isEmpty()) {
                            last = read.get(read.size() - 1).getId();
                        }
                        read(redis, during);
                    });
                });
    }

    private void entry(StreamMessage<String, byte[]> entry) {
        Map<String, byte[]> fields = entry.getBody();
        byte[] namespace = fields == null ? null : fields.get("nsp");
        if (namespace != null) {
            Sink sink = sinks.get(new String(namespace, StandardCharsets.UTF_8));
            if (sink != null) {
                sink.entry(entry.getId(), fields);
            }
        }
    }

    private void later(RedisClusterAsyncCommands<String, byte[]> redis, int during, Throwable failure) {
        if (failure instanceof java.util.concurrent.TimeoutException) {
            wire.replace(); // and begin anew with a new connection
            return;
        }
        if (!saidTrouble) {
            saidTrouble = true;
            log.warn(
                    "{}: the stream {} cannot be read: {}. Keeps trying",
                    link.description(),
                    stream,
                    failure.toString());
        }
        Future<?> ignored = link.executor()
                .schedule(
                        () -> {
                            if (during == turn) {
                                begin(redis);
                            }
                        },
                        RETRY_MILLIS,
                        TimeUnit.MILLISECONDS);
    }
}
