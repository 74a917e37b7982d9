package io.sockeye.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpRequest;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request that came through Netty, and its answer.
 *
 * <p>The request is immutable. Whoever sets {@link #answered} first gives the answer, on any thread; all other state is
 * confined to the connection's event loop.
 */
final class Exchange implements HttpExchange, NettyHttpExchange {
    private final HttpConnection connection;
    private final EventLoop loop;
    private final HttpRequest request;
    private final boolean upgradeRequested;
    private final RequestBody body = new RequestBody();
    private final HttpFields responseHeaders = HttpFields.create();
    private final AtomicBoolean answered = new AtomicBoolean();

    private volatile @Nullable Map<String, String> query; // null until asked for
    private volatile @Nullable HttpFields headers; // null until asked for
    private boolean aborted;
    private boolean takenOver;
    private @Nullable Runnable abortListener; // null until set, and once told

    Exchange(HttpConnection connection, HttpRequest request, boolean upgradeRequested) {
        this.connection = connection;
        this.loop = connection.eventLoop();
        this.request = request;
        this.upgradeRequested = upgradeRequested;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    boolean isHead() {
        return method().equals("HEAD");
    }

    HttpRequest request() {
        return request;
    }

    @Override
    public String path() {
        String uri = request.uri();
        int query = uri.indexOf('?');
        int fragment = uri.indexOf('#');
        int end = query < 0 ? uri.length() : query;
        return uri.substring(0, fragment < 0 ? end : Math.min(end, fragment));
    }

    @Override
    public String uri() {
        return request.uri();
    }

    @Override
    public @Nullable String query(String name) {
        return query().get(name);
    }

    @Override
    public List<String> queryNames() {
        return List.copyOf(query().keySet());
    }

    private Map<String, String> query() {
        Map<String, String> parsed = query;
        if (parsed == null) {
            parsed = QueryString.parse(request.uri());
            query = parsed;
        }
        return parsed;
    }

    @Override
    public @Nullable String header(String name) {
        return request.headers().get(name);
    }

    @Override
    public HttpFields headers() {
        HttpFields fields = headers;
        if (fields == null) {
            RecurringTexts texts = connection.texts();
            List<String> namesAndValues = new ArrayList<>(2 * request.headers().size());
            Iterator<Map.Entry<CharSequence, CharSequence>> entries =
                    request.headers().iteratorCharSequence();
            while (entries.hasNext()) {
                Map.Entry<CharSequence, CharSequence> entry = entries.next();
                namesAndValues.add(texts.shared(entry.getKey().toString()));
                namesAndValues.add(texts.shared(entry.getValue().toString()));
            }
            fields = HttpFields.of(namesAndValues.toArray(new String[0]));
            headers = fields;
        }
        return fields;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        SocketAddress address = channel().remoteAddress();
        return address instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
    }

    @Override
    public boolean secure() {
        return connection.isSecure();
    }

    @Override
    public boolean upgradeRequested() {
        return upgradeRequested;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public HttpFields responseHeaders() {
        return responseHeaders;
    }

    @Override
    public void readBody(int limitBytes, BodyListener listener) {
        onLoop(() -> {
            if (aborted) {
                listener.aborted();
            } else {
                body.read(limitBytes, listener);
                connection.bodyWanted();
            }
        });
    }

    @Override
    public void respond(int status, HttpFields headers, byte[] body) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200-999)");
        }
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered twice: " + status);
        }
        onLoop(() -> connection.answer(this, status, headers, body));
    }

    /** Answers the request, without a body, unless somebody has answered it. */
    void respondIfOpen(int status) {
        if (answered.compareAndSet(false, true)) {
            onLoop(() -> connection.answer(this, status, HttpFields.create(), new byte[0]));
        }
    }

    @Override
    public void onAbort(Runnable listener) {
        onLoop(() -> {
            if (aborted) {
                listener.run();
            } else {
                abortListener = listener;
            }
        });
    }

    /** The peer has gone. Tells those who wait for the body and, when there is no answer yet, for its end. */
    void abort() {
        onLoop(this::abortOnLoop);
    }

    private void abortOnLoop() {
        if (aborted) {
            return;
        }
        aborted = true;
        body.abort();
        Runnable listener = abortListener;
        abortListener = null;
        if (listener != null && !answered.get()) {
            listener.run();
        }
    }

    RequestBody body() {
        return body;
    }

    /** Whether the connection has left HTTP. */
    boolean isTakenOver() {
        return takenOver;
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }

    @Override
    public void moveTo(EventLoop target, Consumer<EventLoop> then) {
        connection.moveTo(target, then);
    }

    @Override
    public void takeOver(ChannelHandler... handlers) {
        if (!upgradeRequested || !answered.compareAndSet(false, true)) {
            throw new IllegalStateException(upgradeRequested ? "answered before" : "no upgrade requested");
        }
        takenOver = true;
        connection.handOver(handlers);
    }

    @Override
    public <T> @Nullable T unwrap(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : null;
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            HttpConnection.log.debug("the server has been closed, an exchange is dropped", e);
        }
    }
}
