package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kept-alive HTTP connection with one request at a time, made with the first. Confined to the load's thread.
 *
 * <p>For a server that ends its connections after each answer, whatever it says about keeping them alive, each request goes
 * over a connection of its own, and an answer counts once that has ended.
 *
 * <p>Answers may have a {@code Content-Length} or come in chunks (RFC 9112, 6); other headers differ from server to server
 * and are not looked at.
 */
final class HttpLink extends Link {
    private static final int INITIAL_BYTES = 1024;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LENGTH = "content-length:".getBytes(ISO_8859_1);
    private static final int UNKNOWN = -1;

    private final Loop loop;
    private final boolean endedByServer;
    private final Answers answers;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    /** What is sent once the connection stands; null when it does. */
    private @Nullable ByteBuffer first;

    /** @param endedByServer whether the server ends the connection after each answer */
    HttpLink(Loop loop, boolean endedByServer, Answers answers) {
        this.loop = loop;
        this.endedByServer = endedByServer;
        this.answers = answers;
    }

    /** Sends a request, whose answer is told. */
    void request(ByteBuffer request) {
        if (open()) {
            send(request);
        } else {
            first = request;
            loop.dial(this);
        }
    }

    @Override
    void onConnected() {
        if (first != null) {
            send(first);
            first = null;
        }
    }

    @Override
    void onBytes(ByteBuffer received) {
        int more = received.remaining();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        received.get(bytes, length, more);
        length += more;
        if (!endedByServer) {
            deliver(body());
        }
    }

    @Override
    void onEnd(@Nullable IOException failure) {
        byte[] body = endedByServer ? body() : null;
        if (body == null) {
            throw new LoadFailure("the server ended an HTTP connection: " + failure);
        }
        deliver(body);
    }

    private void deliver(byte @Nullable [] body) {
        if (body != null) {
            length = 0;
            answers.onBody(body);
        }
    }

    /** The answer's body; null while it is incomplete. */
    private byte @Nullable [] body() {
        int headEnd = find(HEAD_END, 0, length);
        if (headEnd == UNKNOWN) {
            return null;
        }
        int start = headEnd + HEAD_END.length;
        if (bytes[9] != '2') {
            throw new LoadFailure("refused: " + new String(bytes, 0, length, ISO_8859_1));
        }
        int announced = contentLength(headEnd);
        if (announced == UNKNOWN) {
            return chunks(start);
        }
        if (length < start + announced) {
            return null;
        }
        if (length > start + announced) {
            throw new LoadFailure("more than was asked for: " + new String(bytes, 0, length, ISO_8859_1));
        }
        return Arrays.copyOfRange(bytes, start, length);
    }

    private int contentLength(int headEnd) {
        for (int line = find(LINE_END, 0, headEnd); line != UNKNOWN; line = find(LINE_END, line + 2, headEnd)) {
            int at = line + 2;
            int matched = 0;
            while (matched < LENGTH.length && (bytes[at + matched] | 0x20) == (LENGTH[matched] | 0x20)) {
                matched++;
            }
            if (matched == LENGTH.length) {
                int value = 0;
                for (int i = at + matched; bytes[i] != '\r'; i++) {
                    value = bytes[i] == ' ' ? value : 10 * value + bytes[i] - '0';
                }
                return value;
            }
        }
        return UNKNOWN;
    }

    /** The bodies of all chunks; null until the last one is there. */
    private byte @Nullable [] chunks(int start) {
        String head = new String(bytes, 0, start, ISO_8859_1).toLowerCase(Locale.ROOT);
        if (!head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            throw new LoadFailure("neither length nor chunks: " + head);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = start;
        while (true) {
            int line = find(LINE_END, at, length);
            if (line == UNKNOWN) {
                return null;
            }
            int size = Integer.parseInt(new String(bytes, at, line - at, ISO_8859_1), 16);
            at = line + 2;
            if (at + size + 2 > length) {
                return null;
            }
            body.write(bytes, at, size);
            at += size + 2;
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private int find(byte[] pattern, int from, int to) {
        for (int i = from; i + pattern.length <= Math.min(to + pattern.length, length); i++) {
            int matched = 0;
            while (matched < pattern.length && bytes[i + matched] == pattern[matched]) {
                matched++;
            }
            if (matched == pattern.length) {
                return i;
            }
        }
        return UNKNOWN;
    }

    /** Takes answers. Called on the load's thread. */
    interface Answers {
        /** A request was answered with success. */
        void onBody(byte[] body);
    }
}
