package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.Transport;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one client, over whichever transport it currently uses (Engine.IO v4, and v3 where it is allowed).
 *
 * <p>States: <em>open</em> from the handshake on, <em>closing</em> after {@link #close} while queued packets are sent and
 * the client is told, <em>closed</em> once the listener has been told. In the last two nothing is sent or delivered any more.
 *
 * <p>Threads: a session belongs to one event loop for life, and its state is touched there only. Methods say where they
 * may be called; those for any thread hand over to the loop. The one thing shared is the count of bytes on their way to the
 * loop, an atomic one, so that {@link #send} can say on any thread, at once, whether it accepts a packet.
 *
 * <p>Order: a thread either is the session's event loop or is not, for ever. On the loop, calls take effect within the call;
 * all others go through one queue per loop. So what one thread sends, executes, pauses or closes takes effect in the order
 * of its calls. Of calls by different threads the order is that of their hand-overs; a call made on the loop overtakes what
 * others have handed over and the loop has not taken yet.
 */
public final class EngineSession {
    private static final Logger log = LoggerFactory.getLogger(EngineSession.class);
    private static final int WRITABLE_BELOW = 64 * 1024;

    /** What a session is up to; see the class comment. */
    public enum State {
        /** Packets flow both ways. */
        OPEN,
        /** The server is ending the session; what was queued before is being sent. */
        CLOSING,
        /** Over. */
        CLOSED
    }

    /** Learns what arrives in a session. Called on the session's event loop; must not block. */
    public interface Listener {
        /** A text message: UTF-8 bytes that are never written to again, so that the listener may keep the array. */
        void onMessage(byte[] array, int offset, int length);

        /** A binary message. The array belongs to the listener. */
        void onBinary(byte[] data);

        /**
         * The transport has taken all that was queued, after a time in which it could not. Not called when a flush leaves
         * nothing behind.
         */
        default void onDrain() {}

        /** The session has moved to a better transport, over which it is from now on. */
        default void onUpgrade(String transport) {}

        /**
         * The session is over. Called once, and nothing after it.
         *
         * @param description what happened, where the reason leaves it open; a fixed text
         */
        void onClose(CloseReason reason, @Nullable String description);
    }

    /** Work for {@link #offLoop} that learns when it could not be begun. */
    public interface Errand extends Runnable {
        /** The threads are busy, or gone. On the session's event loop, or within the call that gave it to them. */
        void refused(Throwable reason);
    }

    private final String id;
    private final int protocol;
    private final HandshakeRequest request;
    private final EngineServer server;
    private final EngineLoop loop;
    private final Outbound outbound = new Outbound(this);
    private final Heartbeat heartbeat = new Heartbeat(this);
    private final Inbound inbound = new Inbound(this, heartbeat);

    // Confined to the loop.
    private State state = State.OPEN;
    private Transport transport;
    private Listener listener = Unheard.INSTANCE;
    private @Nullable Upgrade upgrade; // null unless a client is trying a better transport
    private boolean readingPaused;
    private boolean transportClosing; // whether the end is up to the transport, in state CLOSING

    EngineSession(
            EngineServer server,
            EngineLoop loop,
            String id,
            int protocol,
            HandshakeRequest request,
            Transport transport) {
        this.server = server;
        this.loop = loop;
        this.id = id;
        this.protocol = protocol;
        this.request = request;
        this.transport = transport;
    }

    /** The identifier, 20 characters of the URL-safe base64 alphabet. A secret: who has it can take the session over. */
    public String id() {
        return id;
    }

    /** The Engine.IO protocol's revision, the same for life: 4, or 3 with {@link EngineServerBuilder#allowEio3}. */
    public int protocol() {
        return protocol;
    }

    /** The request that opened the session. */
    public HandshakeRequest request() {
        return request;
    }

    /** The loop that the session belongs to. The same for life, also over an upgrade. */
    public EventLoop eventLoop() {
        return loop.eventLoop;
    }

    /** The current transport: {@code polling} or {@code websocket}. Exact on the event loop, elsewhere perhaps outdated. */
    public String transportName() {
        return transport.name();
    }

    /** The state. Exact on the event loop, elsewhere perhaps outdated. */
    public State state() {
        return state;
    }

    /** Sets who is told of what arrives. On the event loop only. Default: nobody, messages are dropped. */
    public void listener(Listener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Whether the transport would take a packet now: a poll is pending, or the connection's buffer is not full; and the
     * session is open, and less than 64 KiB are queued already for the turn's end. For packets that are worth sending only
     * at once. On the event loop only.
     */
    public boolean writable() {
        return state == State.OPEN && transport.writable() && outbound.queuedBytes() < WRITABLE_BELOW;
    }

    /**
     * What the packets count that were accepted and have not been taken by the transport: their bytes, and 64 more for each,
     * which is about what the objects around them take. From any thread.
     */
    public long queuedBytes() {
        return outbound.queuedBytes();
    }

    /**
     * Queues a packet, to be sent at the end of the loop's turn. From any thread.
     *
     * @return whether the packet is accepted: false once the session is closing, and when it does not fit the send queue
     *     (see {@link OverflowPolicy}). An accepted packet is sent unless the connection ends first, or the policy drops it
     */
    public boolean send(EncodedPacket packet) {
        return outbound.send(packet);
    }

    /** Queues a packet that is kept elsewhere anyway: the send queue's limit is not for it. On the event loop only. */
    public void sendKept(EncodedPacket packet) {
        outbound.sendKept(packet);
    }

    /**
     * Runs a task on the session's event loop, in order with what the calling thread sends. For work on many sessions of
     * one loop, such as a broadcast: one task for all of them costs one hand-over, and what it sends is flushed once per
     * session. From any thread; on the loop itself the task runs within the call. Exceptions are logged.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
     */
    public void execute(Runnable task) {
        loop.execute(Objects.requireNonNull(task, "task"));
    }

    /**
     * Takes work that must not run on the event loop to other threads. What one turn of the loop gives it, for whichever
     * session, is started with one wake-up and run by one thread, one after the other, or by more of them as soon as
     * one blocks; and what is sent meanwhile wakes the loop once. The executor it answers is for any thread; given work elsewhere than
     * on the loop, it passes that on at once. To be called on the event loop.
     *
     * @param threads run the work; must not run it within the call, and have threads left when some of the work blocks
     */
    public Executor offLoop(Executor threads) {
        return loop.offLoop(threads);
    }

    /**
     * Runs a task on the session's event loop after a delay, by the loop's shared timers: up to 16 ms early. On the event
     * loop only, and so is calling it off. The end of the session does not call it off.
     */
    public EventLoop.Cancellable schedule(Runnable task, Duration delay) {
        TaskTimer timer = new TaskTimer(task);
        loop.timers.arm(timer, delay.toNanos());
        return () -> loop.timers.cancel(timer);
    }

    /**
     * Stops delivering messages until {@link #resumeReading}; what the client sends waits at the client. A few packets that
     * were read already may still come. Heartbeats go on, and a missing pong ends nothing meanwhile. From any thread.
     */
    public void pauseReading() {
        signal(EngineLoop.Signal.PAUSE_READING);
    }

    /** Goes on after {@link #pauseReading}. A client that owes a pong has {@code pingTimeout} from now. From any thread. */
    public void resumeReading() {
        signal(EngineLoop.Signal.RESUME_READING);
    }

    /**
     * Ends the session in order: packets sent before by this thread are flushed, the client is told, and the listener
     * learns {@link CloseReason#FORCED_CLOSE}. Where a client takes more than {@code pingTimeout} for either (30 s, if that
     * is longer), the connection is dropped. From any thread; idempotent.
     */
    public void close() {
        signal(EngineLoop.Signal.CLOSE);
    }

    /**
     * Ends the session at once: the connection is dropped with all that is queued, and the listener learns the reason
     * within the call, or, off the loop, soon. From any thread; idempotent.
     */
    public void abort(CloseReason reason, @Nullable String description) {
        if (loop.inLoop()) {
            finish(reason, description, /* abort= */ true);
        } else {
            loop.execute(() -> finish(reason, description, /* abort= */ true));
        }
    }

    /** For the log. Names the session by the end of its identifier, which opens nothing. */
    @Override
    public String toString() {
        return "session …" + id.substring(Math.max(0, id.length() - 6));
    }

    // What the session's collaborators use. Confined to the loop.

    EngineConfig config() {
        return server.config();
    }

    TimerWheel timers() {
        return loop.timers;
    }

    EngineLoop loop() {
        return loop;
    }

    EngineCounters counters() {
        return server.counters();
    }

    Transport transport() {
        return transport;
    }

    Outbound outbound() {
        return outbound;
    }

    Listener listener() {
        return listener;
    }

    boolean readingPaused() {
        return readingPaused;
    }

    /** Greets the client and begins to listen (Engine.IO v4, Handshake). */
    void open(EncodedPacket handshake, @Nullable EncodedPacket initialPacket) {
        log.debug("{}: open over {}", this, transport.name());
        transport.listener(inbound);
        outbound.sendControl(handshake);
        if (initialPacket != null) {
            outbound.sendControl(initialPacket);
        }
        heartbeat.start();
    }

    /** Passes on a further request of the session. */
    void onRequest(HttpExchange exchange) {
        transport.onRequest(exchange);
    }

    void onSignal(EngineLoop.Signal signal) {
        switch (signal) {
            case CLOSE -> closeInOrder();
            case OVERFLOW -> abort(CloseReason.FORCED_CLOSE, "send queue overflow");
            case PAUSE_READING -> setReadingPaused(true);
            case RESUME_READING -> setReadingPaused(false);
        }
    }

    /** The loop's turn ends. */
    void flush() {
        outbound.flush();
        if (state == State.CLOSING && outbound.isEmpty() && !transportClosing) {
            closeTransport();
        }
    }

    void onDrain() {
        if (state == State.OPEN) {
            tell(listener::onDrain);
        }
    }

    void onTransportClosed() {
        boolean ours = state == State.CLOSING && transportClosing;
        end(ours ? CloseReason.FORCED_CLOSE : CloseReason.TRANSPORT_CLOSE, null);
    }

    /** Ends the session; the client is told if its transport can do so now. */
    void end(CloseReason reason, @Nullable String description) {
        finish(reason, description, /* abort= */ false);
    }

    /** Lets the client try a better transport (Engine.IO v4, Upgrade): one at a time, and only while it polls. */
    void offerUpgrade(Transport probe) {
        if (state == State.CLOSED || upgrade != null || !server.spansRequests(transport)) {
            log.debug("{}: not open to an upgrade", this);
            probe.discard();
            return;
        }
        upgrade = new Upgrade(this, probe);
        upgrade.start();
    }

    /** The client is done with trying: a new transport takes over, or, when null, the session stays where it is. */
    void onUpgradeDone(@Nullable Transport next) {
        upgrade = null;
        if (next == null) {
            return;
        }
        log.debug("{}: upgraded from {} to {}", this, transport.name(), next.name());
        counters().upgraded();
        Transport old = transport;
        transport = next;
        next.listener(inbound);
        if (readingPaused) {
            next.pauseReading();
        }
        old.discard();
        tell(() -> listener.onUpgrade(next.name()));
        if (transportClosing) {
            next.close();
        } else {
            heartbeat.renew();
            outbound.onWritable();
        }
    }

    /** Does it now, or hands it over. Any thread. */
    void signal(EngineLoop.Signal signal) {
        if (loop.inLoop()) {
            onSignal(signal);
        } else {
            loop.handOver(this, signal);
        }
    }

    private void setReadingPaused(boolean paused) {
        if (readingPaused == paused || state != State.OPEN) {
            return;
        }
        readingPaused = paused;
        log.trace("{}: reading {}", this, paused ? "paused" : "resumed");
        if (paused) {
            transport.pauseReading();
        } else {
            heartbeat.renew();
            transport.resumeReading();
        }
    }

    private void closeInOrder() {
        if (state != State.OPEN) {
            return;
        }
        moveTo(State.CLOSING);
        outbound.refuse();
        heartbeat.closeWithin(config().transport().closeTimeoutNanos());
        if (readingPaused) {
            readingPaused = false;
            transport.resumeReading(); // what comes is ignored; the client's farewell may be behind it
        }
        if (outbound.isEmpty()) {
            closeTransport();
        }
    }

    private void closeTransport() {
        transportClosing = true;
        heartbeat.closeWithin(2 * config().transport().closeTimeoutNanos()); // in case the transport forgets
        transport.close();
    }

    private void finish(CloseReason reason, @Nullable String description, boolean abort) {
        if (state == State.CLOSED) {
            return;
        }
        if (!abort) {
            outbound.flushEarly(); // what this turn's packets in front of the end have caused
            if (state == State.CLOSED) {
                return;
            }
        }
        moveTo(State.CLOSED);
        log.debug("{}: closed, {}, {}", this, reason, description);
        outbound.refuse();
        heartbeat.stop();
        if (upgrade != null) {
            upgrade.abandon();
        }
        outbound.clear();
        if (abort) {
            transport.abort();
        } else {
            transport.discard();
        }
        server.onClosed(this, reason);
        tell(() -> listener.onClose(reason, description));
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.error("{}: the session's listener failed", this, e);
        }
    }

    private void moveTo(State next) {
        log.trace("{}: {} to {}", this, state, next);
        state = next;
    }
}
