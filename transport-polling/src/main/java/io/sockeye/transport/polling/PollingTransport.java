package io.sockeye.transport.polling;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's long-polling transport (Engine.IO v4, HTTP long-polling): at most one GET waits for packets, and at most one
 * POST brings some.
 *
 * <p>States: <em>open</em>; <em>closing</em> once {@link #close} found no poll to tell and waits for one; <em>closed</em>.
 *
 * <p>Confined to its session's event loop. Requests may live on other loops; what they tell is handed over.
 */
final class PollingTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(PollingTransport.class);
    private static final byte[] EMPTY = {};

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final EventLoop eventLoop;
    private final TransportConfig config;
    private final PayloadFormat format;
    private @Nullable Listener listener; // null until the engine has set it
    private State state = State.OPEN;
    private @Nullable HttpExchange poll; // null unless a GET waits
    private @Nullable DataRequest post; // null unless a POST is being read or held back
    private boolean readingPaused;
    private EncodedPacket farewell = EncodedPacket.CLOSE; // what a pending poll gets at the end
    private EventLoop.@Nullable Cancellable closeTimeout; // null unless closing

    PollingTransport(EventLoop eventLoop, TransportConfig config, PayloadFormat format) {
        this.eventLoop = eventLoop;
        this.config = config;
        this.format = format;
    }

    @Override
    public String name() {
        return PollingTransportFactory.NAME;
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public void listener(Listener listener) {
        this.listener = listener;
    }

    @Override
    public boolean writable() {
        return poll != null && state == State.OPEN;
    }

    /** Answers the pending poll with everything that is queued. */
    @Override
    public void send(Queue<EncodedPacket> queue) {
        if (!writable() || queue.isEmpty()) {
            return;
        }
        boolean compressible = false;
        for (EncodedPacket packet : queue) {
            compressible |= packet.isCompressible();
        }
        PayloadFormat.Answer answer = format.encode(queue);
        while (queue.poll() != null) {
            // taken
        }
        answerPoll(answer, compressible);
    }

    @Override
    public void pauseReading() {
        readingPaused = true;
    }

    @Override
    public void resumeReading() {
        readingPaused = false;
        if (post != null) {
            post.proceed();
        }
    }

    @Override
    public void onRequest(HttpExchange exchange) {
        if (state == State.CLOSED) {
            exchange.respond(400, HttpFields.create(), EMPTY);
            return;
        }
        switch (exchange.method()) {
            case "GET" -> onPoll(exchange);
            case "POST" -> onPost(exchange);
            default -> exchange.respond(405, HttpFields.of("Allow", "GET, POST"), EMPTY);
        }
    }

    @Override
    public void close() {
        if (state != State.OPEN) {
            return;
        }
        moveTo(State.CLOSING);
        if (post != null) {
            post.proceed();
        }
        if (poll != null) {
            answerPoll(format.encode(List.of(EncodedPacket.CLOSE)), /* compressible= */ false);
            closed();
        } else {
            closeTimeout = eventLoop.schedule(this::closed, config.closeTimeoutNanos());
        }
    }

    /** There is no connection to drop; whoever waits is told as by {@link #discard}. */
    @Override
    public void abort() {
        discard();
    }

    @Override
    public void discard() {
        if (state == State.CLOSED) {
            return;
        }
        moveTo(State.CLOSED);
        if (closeTimeout != null) {
            closeTimeout.cancel();
        }
        if (poll != null) {
            answerPoll(format.encode(List.of(farewell)), /* compressible= */ false);
        }
        if (post != null) {
            post.proceed();
        }
    }

    /** Runs the task on this transport's loop: now when there, else soon. Any thread. */
    void onLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    // What the POST that is being read reports.

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean readingPaused() {
        return readingPaused;
    }

    PayloadFormat format() {
        return format;
    }

    void onPacket(EnginePacket packet) {
        if (packet instanceof EnginePacket.Close) {
            onClosePacket();
        } else if (listener != null) {
            listener.onPacket(packet);
        }
    }

    /** The transport broke. The listener may still answer the pending poll; if it does not, that is told of the end. */
    void fail(Failure kind, String description) {
        if (state == State.CLOSED) {
            return;
        }
        if (listener != null) {
            listener.onError(kind, description);
        }
        discard();
    }

    void onPostDone(DataRequest done) {
        if (post == done) {
            post = null;
        }
    }

    /** The headers of an answer in the reference's order, those of the request's connection aside. */
    static HttpFields headers(HttpExchange exchange, String contentType) {
        HttpFields headers = HttpFields.of("Content-Type", contentType);
        String userAgent = exchange.header("User-Agent");
        if (userAgent != null && (userAgent.contains(";MSIE") || userAgent.contains("Trident/"))) {
            headers.add("X-XSS-Protection", "0"); // these browsers see script injection where there is none
        }
        return headers;
    }

    private void onPoll(HttpExchange exchange) {
        if (poll != null) {
            // Engine.IO v4, HTTP long-polling: one GET at a time.
            fail(Failure.TRANSPORT_ERROR, "overlap from client");
            exchange.respond(400, HttpFields.create(), EMPTY);
            return;
        }
        poll = exchange;
        exchange.onAbort(() -> onLoop(() -> onPollAborted(exchange)));
        if (state == State.CLOSING) {
            answerPoll(format.encode(List.of(EncodedPacket.NOOP, EncodedPacket.CLOSE)), /* compressible= */ false);
            closed();
        } else if (listener != null) {
            listener.onWritable();
        }
    }

    private void onPollAborted(HttpExchange exchange) {
        if (poll == exchange) {
            poll = null;
            fail(Failure.TRANSPORT_ERROR, "poll connection closed prematurely");
        }
    }

    private void onPost(HttpExchange exchange) {
        if (post != null) {
            // Engine.IO v4, HTTP long-polling: one POST at a time.
            post.refuse();
            fail(Failure.TRANSPORT_ERROR, "data request overlap from client");
            exchange.respond(400, HttpFields.create(), EMPTY);
            return;
        }
        boolean octets = PayloadFormat.OCTETS.equals(exchange.header("Content-Type"));
        if (octets && !format.takesOctets()) {
            // Revision 3 sent binary payloads; revision 4 has base64 in text only.
            fail(Failure.TRANSPORT_ERROR, "invalid content");
            exchange.respond(400, HttpFields.create(), EMPTY);
        } else {
            post = new DataRequest(this, exchange, octets);
            exchange.readBody(config.maxPayload(), post);
        }
    }

    /** The client ends the session: a pending poll has nothing to be told. */
    private void onClosePacket() {
        farewell = EncodedPacket.NOOP;
        if (listener != null) {
            listener.onClose();
        }
        discard();
    }

    private void closed() {
        moveTo(State.CLOSED);
        if (closeTimeout != null) {
            closeTimeout.cancel();
        }
        if (listener != null) {
            listener.onClose();
        }
    }

    private void answerPoll(PayloadFormat.Answer answer, boolean compressible) {
        HttpExchange exchange = poll;
        if (exchange == null) {
            return;
        }
        poll = null;
        HttpFields headers = headers(exchange, answer.contentType());
        ContentCoding coding = compressible && answer.body().length >= config.httpCompressionThreshold()
                ? ContentCoding.negotiate(exchange.headers().joined("Accept-Encoding"))
                : ContentCoding.IDENTITY;
        if (coding != ContentCoding.IDENTITY) {
            headers.add("Content-Encoding", coding.text());
        }
        headers.add("cache-control", "no-store");
        exchange.respond(200, headers, coding.encode(answer.body()));
    }

    private void moveTo(State next) {
        log.trace("polling: {} to {}", state, next);
        state = next;
    }
}
