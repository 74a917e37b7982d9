package io.sockeye.conformance;

import java.util.List;

/**
 * A client of {@code io.socket:socket.io-client} 1.0.x, whose classes have the names of those of 2.x, and are loaded apart (see
 * {@link OldJavaClientLoader}). What passes between is plain: maps, lists, {@code ByteBuffer}s, and {@link Answer} for an
 * acknowledgement. Public, as a package of the same name is another one there. Used by the test's thread.
 */
public interface OldJavaClient extends AutoCloseable {
    /** What the client answers a question of the server with. */
    interface Answer {
        void send(Object... args);
    }

    /** Starts another client over the same connection. */
    OldJavaClient openNamespace(String namespace);

    String id();

    boolean connected();

    void send(String event, Object... args);

    /** Emits the event, and waits for the arguments of its acknowledgement. */
    List<Object> ask(String event, Object... args);

    /** Waits for the arguments of the next event of that name. */
    List<Object> next(String event);

    /** Leaves the namespace; the last to leave closes the connection. */
    @Override
    void close();
}
