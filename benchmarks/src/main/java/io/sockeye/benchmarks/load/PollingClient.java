package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A client of the main namespace over HTTP long-polling, on two connections as browsers do it: one for GET requests, of
 * which one is always pending, and one for POST requests. Confined to the load's thread.
 *
 * <p>States: <em>opening</em> (Engine.IO v4, Handshake), <em>joining</em> (Socket.IO v5, Connection to a namespace),
 * <em>joined</em>.
 */
final class PollingClient {
    private static final String PATH = "/socket.io/?EIO=4&transport=polling";
    private static final byte[] POSTED = "ok".getBytes(US_ASCII);
    private static final byte[] PING = {'2'};
    private static final byte SEPARATOR = 0x1e; // between packets (Engine.IO v4, HTTP long-polling)
    private static final int SESSION_ID_AT = "0{\"sid\":\"".length();
    private static final int SESSION_ID_LIMIT = 40;

    private final Listener listener;
    private final HttpLink gets;
    private final HttpLink posts;
    private State state = State.OPENING;
    private String session = "";
    private ByteBuffer poll = ByteBuffer.allocate(0);

    /** What has to come back for the message under way. */
    private byte[] expected = {};

    /** Whether the message's POST, and the message's answer, are still awaited. */
    private boolean posting;

    private boolean awaiting;

    /** Whether a ping is to be answered, and whether its answer is on its way. */
    private boolean pongDue;

    private boolean ponging;

    PollingClient(Loop loop, boolean endedByServer, Listener listener) {
        this.listener = listener;
        gets = new HttpLink(loop, endedByServer, this::onPolled);
        posts = new HttpLink(loop, endedByServer, this::onPosted);
    }

    /** Begins with the handshake. */
    void open() {
        gets.request(get(PATH));
    }

    /** A prepared request that posts this message. */
    ByteBuffer post(String message) {
        byte[] body = message.getBytes(UTF_8);
        String head = "POST " + PATH + "&sid=" + session + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " + body.length + "\r\n\r\n";
        return prepared(Frames.join(head.getBytes(US_ASCII), body));
    }

    /** Sends a prepared request, after which the next poll has to be answered with the expected bytes. */
    void ask(ByteBuffer request, byte[] answer) {
        expected = answer;
        posting = true;
        awaiting = true;
        posts.request(request.duplicate());
    }

    private void onPosted(byte[] body) {
        if (!Arrays.equals(body, POSTED)) {
            throw new LoadFailure("posted, but answered: " + LoadFailure.printable(body));
        }
        ponging = false;
        posting = false;
        pong();
        proceed();
    }

    private void onPolled(byte[] body) {
        switch (state) {
            case OPENING -> onOpened(new String(body, UTF_8));
            case JOINING -> onJoining(new String(body, UTF_8));
            case JOINED -> onAnswer(body);
        }
    }

    private void onOpened(String packet) {
        int end = packet.indexOf('"', SESSION_ID_AT);
        if (!packet.startsWith("0{\"sid\":\"") || end < 0 || end > SESSION_ID_AT + SESSION_ID_LIMIT) {
            throw new LoadFailure("no session: " + packet);
        }
        session = packet.substring(SESSION_ID_AT, end);
        poll = get(PATH + "&sid=" + session);
        state = State.JOINING;
        posting = true;
        posts.request(post("40"));
        poll();
    }

    private void onJoining(String packet) {
        if (!packet.startsWith("40{\"sid\":\"")) {
            throw new LoadFailure("not in the namespace: " + packet);
        }
        poll();
        state = State.JOINED;
        proceed();
    }

    private void onAnswer(byte[] body) {
        poll();
        int from = 0;
        for (int at = 0; at <= body.length; at++) {
            if (at == body.length || body[at] == SEPARATOR) {
                onPacket(Arrays.copyOfRange(body, from, at));
                from = at + 1;
            }
        }
        proceed();
    }

    private void onPacket(byte[] packet) {
        if (Arrays.equals(packet, PING)) {
            pongDue = true;
            pong();
        } else if (awaiting && Arrays.equals(packet, expected)) {
            awaiting = false;
        } else {
            throw new LoadFailure("wrong answer, expected " + LoadFailure.printable(expected) + " but got "
                    + LoadFailure.printable(packet));
        }
    }

    /** Answers a ping, as soon as no other POST is under way. */
    private void pong() {
        if (pongDue && !posting && !ponging) {
            pongDue = false;
            ponging = true;
            posts.request(post("3"));
        }
    }

    private void proceed() {
        if (state == State.JOINED && !posting && !ponging && !awaiting) {
            listener.onReady(this);
        }
    }

    private void poll() {
        gets.request(poll.duplicate());
    }

    private static ByteBuffer get(String path) {
        return prepared(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(US_ASCII));
    }

    private static ByteBuffer prepared(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Learns when the client can ask. Called on the load's thread. */
    interface Listener {
        /** The client is in the namespace, or what it asked is answered. */
        void onReady(PollingClient client);
    }

    private enum State {
        OPENING,
        JOINING,
        JOINED
    }
}
