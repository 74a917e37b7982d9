package io.sockeye;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What namespaces have in common that are made when a client first asks for them. Each child is a {@link Namespace} of its
 * own, with the middleware and connection handlers that its parent had when it was made.
 *
 * <p>Thread-safe.
 */
public final class ParentNamespace implements EventEmitter {
    private final NamespaceMatcher matcher;
    private final List<Middleware.Async> middleware = new CopyOnWriteArrayList<>();
    private final List<SocketHandler> connectionHandlers = new CopyOnWriteArrayList<>();
    private final Set<Namespace> children = ConcurrentHashMap.newKeySet();

    ParentNamespace(NamespaceMatcher matcher) {
        this.matcher = matcher;
    }

    /** Adds middleware for children made from now on. */
    public void use(Middleware middleware) {
        useAsync(socket -> {
            middleware.accept(socket);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Adds middleware that decides later, for children made from now on. */
    public void useAsync(Middleware.Async middleware) {
        this.middleware.add(middleware);
    }

    /** Runs the handler for every socket that joins a child made from now on. */
    public void onConnection(SocketHandler handler) {
        connectionHandlers.add(handler);
    }

    /** The children there are. A snapshot. */
    public Set<Namespace> children() {
        return Set.copyOf(children);
    }

    /** Broadcasts to every socket of every child. */
    @Override
    public boolean emit(String event, @Nullable Object... args) {
        boolean accepted = true;
        for (Namespace child : children) {
            accepted &= child.emit(event, args);
        }
        return accepted;
    }

    NamespaceMatcher matcher() {
        return matcher;
    }

    /** A namespace has been made under this parent, before any socket can join it. */
    void adopt(Namespace child) {
        middleware.forEach(child::useAsync);
        connectionHandlers.forEach(child::onConnection);
        children.add(child);
    }
}
