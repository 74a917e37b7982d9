package io.sockeye.transport;

import io.sockeye.protocol.engineio.Dialect;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its answer, whatever server it came through.
 *
 * <p>States: <em>open</em> until the answer is given with {@link #respond} or the connection is taken over through
 * {@link #unwrap}; then <em>answered</em>. When the peer goes away while it is open, the exchange is <em>aborted</em>:
 * the {@link #onAbort} listener is told once, and a later answer is dropped silently.
 *
 * <p>Everything about the request may be read from any thread and is immutable. {@link #respond}, {@link #readBody} and
 * {@link #onAbort} may be called from any thread; listeners are called on {@link #eventLoop()}.
 */
public interface HttpExchange {

    /** The request's method as sent, for example {@code GET}. */
    String method();

    /** The request's path as sent, without the query, not percent-decoded: {@code /socket.io/}. */
    String path();

    /** The request target as sent, path and query: {@code /socket.io/?EIO=4}. */
    String uri();

    /** The decoded value of a query parameter, the last one where it is repeated; null when absent. */
    @Nullable String query(String name);

    /** The names of the query's parameters in order of first appearance, without duplicates. */
    List<String> queryNames();

    /** The value of a request header, names compared without regard to case, the first where repeated; null when absent. */
    @Nullable String header(String name);

    /** The request's headers in the order they came in. */
    HttpFields headers();

    /**
     * The origin of the page that made the request (RFC 6454, 7): its {@code Origin}. The script element of a JSONP handshake
     * has none, but reads the answer wherever it is from; so there the origin of the {@code Referer} counts, and without one
     * it is {@code null}, the text. Null when the request is not of a page, or of the server's own.
     */
    default @Nullable String origin() {
        String origin = header("Origin");
        boolean jsonp = query("j") != null
                && "polling".equals(query("transport"))
                && Dialect.of(query("EIO"), null).revision() == 3;
        if (origin != null || !jsonp) {
            return origin;
        }
        String referer = header("Referer");
        int host = referer == null ? -1 : referer.indexOf("://") + 3;
        if (referer == null || host < 3) {
            return "null";
        }
        int path = referer.indexOf('/', host);
        return path < 0 ? referer : referer.substring(0, path);
    }

    /** Where the request came from: the peer of the connection. */
    InetSocketAddress remoteAddress();

    /** Whether the connection is encrypted. */
    boolean secure();

    /** Whether the request asks to switch the connection to the WebSocket protocol. */
    boolean upgradeRequested();

    /** The event loop of the connection, on which listeners are called. */
    EventLoop eventLoop();

    /**
     * Headers that every answer to this request carries, whoever gives it: CORS headers, a cookie. Belongs to whoever holds
     * the exchange, first its {@link #eventLoop()}, and goes on with it from thread to thread; added to by one thread at a
     * time, and no more once the answer is given.
     */
    HttpFields responseHeaders();

    /**
     * Reads the request's body. Called at most once. Exactly one method of the listener is called, once.
     *
     * @param limitBytes a body longer than this is not kept: the listener is told {@code tooLarge} as soon as it shows
     */
    void readBody(int limitBytes, BodyListener listener);

    /**
     * Gives the answer. The second answer to one exchange is a bug of the caller and throws; one to an aborted exchange is
     * dropped.
     *
     * @param status the status code
     * @param headers headers of this answer beside {@link #responseHeaders()}, which go in front of them;
     *     {@code Content-Length} is added where it is not among them
     * @param body the body, which the exchange now owns; empty for none
     * @throws IllegalStateException when the exchange has been answered
     */
    void respond(int status, HttpFields headers, byte[] body);

    /**
     * Sets who is told, once, when the peer goes away before the answer; the last one set is. Called at once when the peer
     * already has.
     */
    void onAbort(Runnable listener);

    /**
     * What stands behind this exchange, for transports that take the connection over: with the Netty front door, its
     * {@code io.sockeye.http.NettyHttpExchange}. Null when there is no such thing.
     */
    <T> @Nullable T unwrap(Class<T> type);

    /** Learns the request's body or why there is none. Called on the exchange's event loop. */
    interface BodyListener {
        /** The whole body has arrived; the listener owns the array. */
        void complete(byte[] body);

        /** The body is longer than the limit; what is left of it is discarded by the server. */
        void tooLarge();

        /** The peer went away before the body's end. */
        void aborted();
    }
}
