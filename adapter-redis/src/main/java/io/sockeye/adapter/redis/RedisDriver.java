package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.ClusterDriver;
import io.sockeye.protocol.ProtocolException;
import java.security.SecureRandom;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the drivers have in common: they publish within the bound of their {@link RedisConnection}, subscribe, and hand on what
 * they can read.
 *
 * <p>Thread-safe.
 */
abstract class RedisDriver implements ClusterDriver {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    final String namespace;
    final RedisLink link;

    private final RedisConnection connection;
    private final String uid;
    private final Receiver receiver;
    private final OneAtATime receiving = new OneAtATime();
    private final Subscriptions.Group subscriptions;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Completes when everything is subscribed to; a new one behind each break. */
    private volatile CompletableFuture<Boolean> subscribed = new CompletableFuture<>();

    RedisDriver(RedisConnection connection, String namespace, String uid, Receiver receiver) {
        this.connection = connection;
        this.link = connection.use();
        this.namespace = namespace;
        this.uid = uid;
        this.receiver = receiver;
        this.subscriptions = link.subscriptions().group(new Subscriptions.Listener() {
            @Override
            public void up() {
                subscribed.complete(true);
                receiving.run(receiver::connected);
            }

            @Override
            public void down() {
                subscribed = new CompletableFuture<>();
                receiving.run(receiver::disconnected);
            }
        });
    }

    /** A random text of letters and digits. */
    static String randomText(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** A random number of that many hexadecimal digits. */
    static String randomHex(int digits) {
        StringBuilder text = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            text.append(Character.forDigit(RANDOM.nextInt(16), 16));
        }
        return text.toString();
    }

    @Override
    public final String uid() {
        return uid;
    }

    /** Reads a message. */
    interface Reading {
        /**
         * Reads it.
         *
         * @return null when it is not for us
         */
        @Nullable Incoming read(byte[] payload) throws ProtocolException;
    }

    /** Subscribes to what belongs to this namespace from the start. */
    final void listen(ChannelKind kind, String name, Reading reading) {
        subscriptions.add(kind, name, (channel, payload) -> take(reading, payload));
    }

    /** Subscribes no more. */
    final void ignore(ChannelKind kind, String name) {
        subscriptions.remove(kind, name);
    }

    /** Begins to receive. */
    final void open() {
        subscriptions.open();
    }

    /** Does something with the receiver, in its turn. */
    final void inTurn(Runnable task) {
        receiving.run(task);
    }

    /** Takes a message in, in its turn. */
    final void take(Reading reading, byte[] payload) {
        receiving.run(() -> {
            Incoming incoming;
            try {
                incoming = reading.read(payload);
            } catch (ProtocolException | RuntimeException e) { // Lettuce is not to suffer
                link.malformed(namespace, e);
                return;
            }
            if (incoming != null) {
                receiver.received(incoming.uid(), incoming.message());
            }
        });
    }

    final boolean send(Publishing.Outgoing message) {
        return !closed.get() && link.publishing().publish(message);
    }

    /** Counts subscribers, once we are among them. */
    final CompletionStage<OptionalInt> count(ChannelKind kind, String channel) {
        return subscribed
                .copy()
                .orTimeout(RedisConnection.COMMAND_SECONDS, TimeUnit.SECONDS)
                .thenCompose(done -> link.subscribers(kind, channel))
                .thenApply(count -> OptionalInt.of((int) Math.min(Integer.MAX_VALUE, count)));
    }

    @Override
    public final void close() {
        if (closed.compareAndSet(false, true)) {
            closing();
            subscriptions.close();
            connection.release();
        }
    }

    /** What a kind of driver ends beside its subscriptions. */
    void closing() {}
}
