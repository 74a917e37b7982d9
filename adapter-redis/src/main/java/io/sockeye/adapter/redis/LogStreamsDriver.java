package io.sockeye.adapter.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.LogDriver;
import io.sockeye.adapter.cluster.LogPosition;
import io.sockeye.adapter.cluster.StoredSession;
import io.sockeye.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link StreamsDriver} for connection state recovery: the stream is the log, and sessions stand beside it as those of
 * redis-streams-adapter do.
 *
 * <pre>
 *   XADD socket.io MAXLEN ~ 10000 * uid … nsp / type 3 data … seq 1    the number is ours; the reference reads over it
 *   SET sio:session:pid … PX …                                          {@link SessionCodec}
 * </pre>
 *
 * <p>Thread-safe.
 */
final class LogStreamsDriver extends StreamsDriver implements LogDriver {
    private static final int PAGE = 500;
    private static final long TAKE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TICK_MILLIS = 250;

    /** Writes a session unless it is another owner's: KEYS[1]; the owner's prefix, the session, its life in milliseconds. */
    private static final String UPDATE = "local kept = redis.call('GET', KEYS[1]) "
            + "if not kept then return 0 end "
            + "if string.sub(kept, 1, string.len(ARGV[1])) ~= ARGV[1] then return 1 end "
            + "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 2";

    private final LogDriver.Receiver receiver;
    private final byte[] ownPrefix;
    private @Nullable Future<?> ticks; // null until started

    private LogStreamsDriver(
            RedisConnection connection,
            StreamsSettings.Values settings,
            StreamReaders readers,
            String namespace,
            LogDriver.Receiver receiver) {
        super(connection, settings, readers, namespace, randomHex(UID_DIGITS), receiver);
        this.receiver = receiver;
        this.ownPrefix = SessionCodec.prefix(uid());
    }

    /** Connects namespaces. */
    static LogDriver.Factory logFactory(RedisConnection connection, StreamsSettings.Values settings) {
        StreamReaders readers = new StreamReaders(settings, /* marks= */ true);
        return (namespace, receiver) -> {
            LogStreamsDriver driver = new LogStreamsDriver(connection, settings, readers, namespace, receiver);
            driver.start();
            driver.startTicks();
            return driver;
        };
    }

    private void startTicks() {
        ticks = link.executor()
                .scheduleWithFixedDelay(() -> inTurn(receiver::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    void closing() {
        super.closing();
        Future<?> running = ticks;
        if (running != null) {
            running.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    @Override
    void readingFrom(String id) {
        inTurn(() -> receiver.started(position(id)));
    }

    @Override
    void lostUpTo(String id) {
        inTurn(() -> receiver.gap(position(id)));
    }

    @Override
    void entry(String id, Map<String, byte[]> fields) {
        inTurn(() -> receiver.logged(entryOf(codec, id, fields)));
    }

    private LogDriver.Entry entryOf(ClusterCodec reading, String id, Map<String, byte[]> fields) {
        Supplier<@Nullable ClusterMessage> content = () -> {
            try {
                return message(reading, fields);
            } catch (ProtocolException e) {
                link.malformed(namespace, e);
                return null;
            }
        };
        return new LogDriver.Entry(position(id), text(fields, "uid"), sequence(fields), content);
    }

    private static long sequence(Map<String, byte[]> fields) {
        String text = text(fields, "seq");
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static long position(String id) {
        int dash = id.indexOf('-');
        return LogPosition.of(Long.parseLong(id, 0, dash, 10), Long.parseLong(id, dash + 1, id.length(), 10));
    }

    private static String id(long position) {
        return LogPosition.millis(position) + "-" + LogPosition.number(position);
    }

    @Override
    public Draft draft(ClusterMessage message) {
        return new Drafted(ClusterCodec.typeOf(message), data(message, settings.onlyPlaintext()));
    }

    @Override
    public boolean append(Draft draft, long sequence) {
        Drafted drafted = (Drafted) draft;
        return send(
                new StreamsDriver.Entry(stream, addArgs, uid(), namespace, drafted.type(), drafted.data(), sequence));
    }

    private record Drafted(int type, byte[] data) implements Draft {}

    @Override
    public CompletionStage<Extent> extent() {
        CompletionStage<List<StreamMessage<String, byte[]>>> newest =
                link.command(redis -> redis.xrevrange(stream, Range.unbounded(), Limit.from(1)));
        return link.command(redis -> redis.xrange(stream, Range.unbounded(), Limit.from(1)))
                .thenCombine(newest, (first, last) -> new Extent(onlyPosition(first), onlyPosition(last)));
    }

    private static long onlyPosition(List<StreamMessage<String, byte[]>> entries) {
        return entries.isEmpty() ? 0 : position(entries.get(0).getId());
    }

    @Override
    public CompletionStage<Page> read(long after) {
        Range<String> range = Range.from(Range.Boundary.including(id(after + 1)), Range.Boundary.unbounded());
        return link.command(redis -> redis.xrange(stream, range, Limit.from(PAGE)))
                .thenApply(this::page);
    }

    private Page page(List<StreamMessage<String, byte[]>> entries) {
        ClusterCodec reading = new ClusterCodec(namespace, "");
        List<LogDriver.Entry> ours = new ArrayList<>(entries.size());
        for (StreamMessage<String, byte[]> entry : entries) {
            if (text(entry.getBody(), "nsp").equals(namespace)) {
                ours.add(entryOf(reading, entry.getId(), entry.getBody()));
            }
        }
        boolean end = entries.size() < PAGE;
        return new Page(
                ours, end ? Long.MAX_VALUE : position(entries.get(PAGE - 1).getId()));
    }

    private String key(String pid) {
        return settings.sessionKeyPrefix() + pid;
    }

    @Override
    public CompletionStage<Saved> save(StoredSession session, boolean claim, Duration life) {
        String key = key(session.pid());
        byte[] value = SessionCodec.write(session);
        if (claim) {
            return link.command(redis -> redis.set(key, value, SetArgs.Builder.px(life.toMillis())))
                    .thenApply(done -> Saved.DONE);
        }
        byte[] millis = String.valueOf(life.toMillis()).getBytes(StandardCharsets.US_ASCII);
        return link.command(redis -> redis.<Long>eval(
                        UPDATE, ScriptOutputType.INTEGER, new String[] {key}, ownPrefix, value, millis))
                .thenApply(result -> result == 2 ? Saved.DONE : result == 1 ? Saved.TAKEN : Saved.MISSING);
    }

    @Override
    public CompletionStage<@Nullable StoredSession> take(String pid) {
        CompletableFuture<@Nullable StoredSession> taken = new CompletableFuture<>();
        take(pid, System.nanoTime() + TAKE_NANOS, taken);
        return taken;
    }

    /** A client may come back to a node before Redis can be reached from there, and would lose its session for it. */
    private void take(String pid, long deadlineNanos, CompletableFuture<@Nullable StoredSession> taken) {
        link.command(redis -> redis.getdel(key(pid))).whenComplete((value, failure) -> {
            if (failure == null) {
                taken.complete(value == null ? null : session(value));
            } else if (link.isUp() || deadlineNanos - System.nanoTime() < 0) {
                taken.completeExceptionally(failure);
            } else {
                Future<?> ignored = link.executor()
                        .schedule(() -> take(pid, deadlineNanos, taken), TICK_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private @Nullable StoredSession session(byte[] value) {
        try {
            return SessionCodec.read(value);
        } catch (ProtocolException e) {
            link.malformed(namespace, e);
            return null;
        }
    }

    @Override
    public void remove(String pid) {
        CompletionStage<Long> ignored = link.command(redis -> redis.del(key(pid)));
    }
}
