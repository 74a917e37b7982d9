package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of the main namespace over WebSocket. Confined to the load's thread.
 *
 * <p>States: <em>upgrading</em>, <em>opening</em> (Engine.IO v4, Handshake), <em>joining</em> (Socket.IO v5, Connection to
 * a namespace), <em>joined</em>, <em>leaving</em>, <em>gone</em>.
 */
final class WebSocketClient extends Link {
    private static final String REQUEST = String.join(
            "\r\n",
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    /** Each message is compressed on its own, so that the same one always has the same bytes (RFC 7692, 7.1.1). */
    private static final String OFFER = "Sec-WebSocket-Extensions: "
            + "permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";

    /** What belongs to that key (RFC 6455, 1.3), in lower case. */
    private static final String ACCEPT = "\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n";

    private static final ByteBuffer UPGRADE = prepared((REQUEST + "\r\n").getBytes(US_ASCII));
    private static final ByteBuffer UPGRADE_WITH_DEFLATE = prepared((REQUEST + OFFER + "\r\n").getBytes(US_ASCII));
    private static final ByteBuffer JOIN = prepared(Frames.fromClient("40"));
    private static final ByteBuffer PONG = prepared(Frames.fromClient("3"));
    private static final ByteBuffer FRAME_PONG = prepared(Frames.fromClient(Frames.PONG, new byte[0]));
    private static final ByteBuffer LEAVE =
            prepared(Frames.join(Frames.fromClient("41"), Frames.fromClient(Frames.CLOSE, new byte[0])));

    private static final int HANDSHAKE_BYTES = 4 * 1024;
    private static final int HEARING_BYTES = 256 * 1024;

    private final Tally tally;
    private final boolean deflate;
    private final ByteBuffer join;
    private final AnswerCheck answers = new AnswerCheck(this::onPing);
    private Listener listener;
    private State state = State.UPGRADING;
    private String greeting = "";

    /** What has arrived of the handshake, or for the hearer; null when frames are not taken apart. */
    private @Nullable ByteBuffer incomplete;

    /** Takes frames as they are; null when they are compared with the script. */
    private @Nullable Consumer<ServerFrame> hearer;

    /** What {@link #ask} sends; null until {@link #follow}. */
    private @Nullable Script script;

    private int nextToAsk;

    /** When each of the operations in flight was sent; empty when that is not measured here. */
    private long[] sentAt = {};

    private long sent;
    private long answered;

    WebSocketClient(Listener listener, Tally tally) {
        this(listener, tally, /* deflate= */ false);
    }

    /** @param deflate whether messages are to be compressed */
    WebSocketClient(Listener listener, Tally tally, boolean deflate) {
        this(listener, tally, deflate, JOIN);
    }

    /** @param join the frame that asks to join the namespace */
    WebSocketClient(Listener listener, Tally tally, ByteBuffer join) {
        this(listener, tally, /* deflate= */ false, join);
    }

    private WebSocketClient(Listener listener, Tally tally, boolean deflate, ByteBuffer join) {
        this.listener = listener;
        this.tally = tally;
        this.deflate = deflate;
        this.join = join;
    }

    /** Sets who is told from now on. */
    void listener(Listener itsListener) {
        listener = itsListener;
    }

    /**
     * Sets the script that answers are compared with, from its first operation on.
     *
     * @param timed how many operations will be in flight at most, to measure how long each takes; 0 to not measure
     */
    void follow(Script itsScript, int timed) {
        hearer = null;
        incomplete = null;
        script = itsScript;
        nextToAsk = 0;
        answers.follow(itsScript);
        sentAt = new long[timed];
    }

    /** Hands frames to the hearer, until there is a script to compare them with. */
    void hear(Consumer<ServerFrame> itsHearer) {
        hear(itsHearer, HEARING_BYTES);
    }

    /** The same, where no more than that many bytes arrive at once. */
    void hear(Consumer<ServerFrame> itsHearer, int bytes) {
        hearer = itsHearer;
        incomplete = ByteBuffer.allocate(bytes);
    }

    /** The packet that let it into the namespace; empty before. */
    String greeting() {
        return greeting;
    }

    /** Sends the next operations of the script, and awaits their answers. */
    void ask(int count) {
        if (script == null) {
            throw new IllegalStateException("no script");
        }
        if (sentAt.length > 0) {
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                sentAt[(int) (sent++ % sentAt.length)] = now;
            }
        }
        answers.await(count);
        send(script.outgoing(nextToAsk, count));
        nextToAsk = (nextToAsk + count) % script.operations();
    }

    /** Sends an operation of a script without awaiting the answer. */
    void say(Script itsScript, int operation) {
        send(itsScript.outgoing(operation, 1));
    }

    /** Awaits the answer to an operation that this or another client is about to say. */
    void await() {
        answers.await(1);
    }

    /** Leaves the namespace and the connection in good order; the listener is told when the server has closed it. */
    void leave() {
        state = State.LEAVING;
        send(LEAVE.duplicate());
    }

    @Override
    void onConnected() {
        incomplete = ByteBuffer.allocate(HANDSHAKE_BYTES);
        send((deflate ? UPGRADE_WITH_DEFLATE : UPGRADE).duplicate());
    }

    @Override
    void onBytes(ByteBuffer received) {
        switch (state) {
            case JOINED -> compare(received);
            case LEAVING, GONE -> received.position(received.limit());
            default -> takeApart(received);
        }
    }

    @Override
    void onEnd(@Nullable IOException failure) {
        State last = state;
        state = State.GONE;
        switch (last) {
            case LEAVING -> listener.onGone(this);
            case JOINED, GONE -> throw new LoadFailure("the server ended the connection: " + failure);
            default -> listener.onRefused(this, last + ": " + failure);
        }
    }

    private void compare(ByteBuffer received) {
        if (hearer != null) {
            takeApart(received);
            return;
        }
        int count = answers.consume(received);
        if (count == 0) {
            return;
        }
        if (sentAt.length > 0) {
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                tally.latency(now - sentAt[(int) (answered++ % sentAt.length)]);
            }
        }
        listener.onAnswers(this, count);
    }

    private void takeApart(ByteBuffer received) {
        ByteBuffer all = incomplete;
        if (all == null || all.remaining() < received.remaining()) {
            throw new LoadFailure("too many bytes while " + state);
        }
        boolean wasJoined = state == State.JOINED;
        all.put(received).flip();
        boolean complete = true;
        while (complete && (state == State.JOINED) == wasJoined) {
            complete = state == State.UPGRADING ? upgraded(all) : heard(all);
        }
        if (state == State.JOINED && !wasJoined) {
            incomplete = null;
            listener.onJoined(this);
            onBytes(all);
        } else {
            all.compact();
        }
    }

    private boolean upgraded(ByteBuffer all) {
        String head = US_ASCII.decode(all.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!head.startsWith("HTTP/1.1 101 ")
                || !head.substring(0, end + 2).toLowerCase(Locale.ROOT).contains(ACCEPT)) {
            throw new LoadFailure("no upgrade: " + head);
        }
        if (deflate && !head.contains("server_no_context_takeover")) {
            throw new LoadFailure("messages will not be compressed each on its own: " + head);
        }
        all.position(end + 4);
        state = State.OPENING;
        return true;
    }

    private boolean heard(ByteBuffer all) {
        ServerFrame frame = ServerFrame.take(all);
        if (frame == null) {
            return false;
        }
        if (frame.text().equals("2")) {
            onPing(/* frame= */ false);
        } else if (hearer != null) {
            hearer.accept(frame);
        } else {
            onGreeting(frame.text());
        }
        return true;
    }

    private void onGreeting(String packet) {
        if (state == State.OPENING && packet.startsWith("0{\"sid\":\"")) {
            state = State.JOINING;
            send(join.duplicate());
        } else if (state == State.JOINING && packet.startsWith("40{\"sid\":\"")) {
            greeting = packet;
            state = State.JOINED;
        } else if (state == State.JOINING && packet.startsWith("42[")) {
            listener.onEarly(packet);
        } else {
            throw new LoadFailure("unexpected while " + state + ": " + packet);
        }
    }

    private void onPing(boolean frame) {
        tally.heartbeat();
        send((frame ? FRAME_PONG : PONG).duplicate());
    }

    private static ByteBuffer prepared(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Learns how the client gets on. Called on the load's thread. */
    interface Listener {
        /** The client is in the namespace. */
        void onJoined(WebSocketClient client);

        /** So many more operations were answered as they should be. */
        void onAnswers(WebSocketClient client, int count);

        /** An event that the server sends in front of the packet that lets the client in, as Node.js does with what was missed. */
        default void onEarly(String packet) {
            throw new LoadFailure("unexpected while joining: " + packet);
        }

        /** The server has closed the connection of a client that leaves. */
        default void onGone(WebSocketClient client) {}

        /** The server has ended the connection before the client was in. */
        default void onRefused(WebSocketClient client, String when) {
            throw new LoadFailure("the server ended the connection while " + when);
        }
    }

    private enum State {
        UPGRADING,
        OPENING,
        JOINING,
        JOINED,
        LEAVING,
        GONE
    }
}
