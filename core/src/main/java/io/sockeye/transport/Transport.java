package io.sockeye.transport;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import java.util.Queue;

/**
 * One client's connection as the engine sees it: packets in, packets out.
 *
 * <p>States: <em>open</em> from creation, <em>closing</em> after {@link #close}, <em>closed</em> once the listener has
 * been told. The listener is told of the end exactly once, by {@code onClose} or {@code onError}, and of nothing after it.
 *
 * <p>Confined to its session's event loop: every method is called there, and the listener is called there.
 */
public interface Transport {

    /** The value of the {@code transport} query parameter: {@code websocket} or {@code polling}. */
    String name();

    /** The loop this transport is confined to; the session made for it lives there too. */
    EventLoop eventLoop();

    /** Sets who is told of what arrives. Replaced when an upgrade hands the transport from the probe to the session. */
    void listener(Listener listener);

    /**
     * Whether {@link #send} would take a packet now: a poll is pending, or the connection's buffer is not full. Never once
     * the transport is closing or closed, except that a transport that tells of its end by {@link Listener#onError} while
     * it can still send may say so until that call returns; the session then sends what it was about to.
     */
    boolean writable();

    /**
     * Takes packets from the head of the queue, as many as it can, and sends them in that order in as few writes as it
     * can. What it leaves stays queued until {@link Listener#onWritable}. A packet's {@linkplain
     * EncodedPacket#attachments() attachments} go right behind it.
     */
    void send(Queue<EncodedPacket> queue);

    /** Stops delivering packets to the listener until {@link #resumeReading}; what arrives meanwhile waits at the peer. */
    void pauseReading();

    /** Goes on after {@link #pauseReading}. */
    void resumeReading();

    /**
     * Answers a further request of the session. Only for transports that span several requests.
     *
     * @throws UnsupportedOperationException when one connection is all there is
     */
    default void onRequest(HttpExchange exchange) {
        throw new UnsupportedOperationException(name());
    }

    /**
     * Ends the transport after what {@link #send} has taken is written: the WebSocket is closed without a status code, a
     * pending poll gets a close packet, and where none is pending the next one within
     * {@link TransportConfig#closeTimeoutNanos} does (Engine.IO v4, Disconnection). The listener learns {@code onClose}
     * when that is done, perhaps within the call. Must not wait for the peer without a limit. Works while reading is paused.
     * Idempotent.
     */
    void close();

    /**
     * Ends the transport at once: the connection is dropped with what was not written yet. The listener hears nothing more.
     * Idempotent.
     */
    void abort();

    /**
     * Retires the transport because its session has ended or has moved to another transport: like {@link #close}, but a
     * poll that is not pending is not waited for, and the listener hears nothing more. Later requests are refused by the
     * engine. Idempotent, and without effect on a transport that has ended already.
     */
    void discard();

    /** Learns what arrives on a transport. Called on the transport's event loop. */
    interface Listener {
        /** A packet has arrived. */
        void onPacket(EnginePacket packet);

        /** {@link Transport#writable} has become true. */
        void onWritable();

        /** The connection ended in order: the peer closed it, or {@link Transport#close} is done. */
        void onClose();

        /**
         * The connection broke.
         *
         * @param kind whether the peer broke the protocol's rules or the line failed
         * @param description a fixed text that says what happened
         */
        void onError(Failure kind, String description);
    }

    /** Listens while nobody else does. */
    enum Nobody implements Listener {
        /** The only one. */
        INSTANCE;

        @Override
        public void onPacket(EnginePacket packet) {}

        @Override
        public void onWritable() {}

        @Override
        public void onClose() {}

        @Override
        public void onError(Failure kind, String description) {}
    }

    /** Why a transport broke. */
    enum Failure {
        /** The line failed or the transport's own rules were broken: the session closes with "transport error". */
        TRANSPORT_ERROR,
        /** A packet could not be decoded: the session closes with "parse error". */
        PARSE_ERROR
    }
}
