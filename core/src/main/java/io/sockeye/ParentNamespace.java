package io.sockeye;

import io.sockeye.adapter.BroadcastOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What namespaces have in common that are made when a client first asks for them. Each child is a {@link Namespace} of its
 * own, with the middleware and connection handlers that its parent had when it was made. A child is forgotten with its last
 * socket, unless the application has named it ({@link SocketIoServer#of(String)}).
 *
 * <p>Thread-safe.
 */
public final class ParentNamespace implements EventEmitter {
    private final NamespaceMatcher.Async matcher;
    private final List<Middleware.Async> middleware = new CopyOnWriteArrayList<>();
    private final List<SocketHandler> connectionHandlers = new CopyOnWriteArrayList<>();
    private final Set<Namespace> children = ConcurrentHashMap.newKeySet();

    private final @Nullable Pattern names; // null when it takes more than the name to tell

    ParentNamespace(NamespaceMatcher.Async matcher, @Nullable Pattern names) {
        this.matcher = matcher;
        this.names = names;
    }

    /** Adds middleware for children made from now on. */
    public void use(Middleware middleware) {
        useAsync(socket -> {
            middleware.accept(socket);
            return Middleware.ACCEPTED;
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
        return everybody().emit(event, args);
    }

    /** Broadcasts to the sockets in these rooms of every child. */
    public BroadcastOperator to(String... rooms) {
        return everybody().to(rooms);
    }

    /** Broadcasts to the sockets in these rooms of every child. */
    public BroadcastOperator in(String... rooms) {
        return everybody().to(rooms);
    }

    /** Broadcasts to every socket of every child but those in these rooms. */
    public BroadcastOperator except(String... rooms) {
        return everybody().except(rooms);
    }

    /** Broadcasts to every socket of every child, with options of its own. */
    public BroadcastOperator everybody() {
        return new BroadcastOperator(new BroadcastTarget.Children(this), BroadcastOptions.DEFAULT);
    }

    NamespaceMatcher.Async matcher() {
        return matcher;
    }

    /** Whether a namespace that the application names is a child too. */
    boolean adopts(String name) {
        return names != null && names.matcher(name).matches();
    }

    /** A child has been forgotten. */
    void forget(Namespace child) {
        children.remove(child);
    }

    /** A namespace has been made under this parent, before any socket can join it. */
    void adopt(Namespace child) {
        middleware.forEach(child::useAsync);
        connectionHandlers.forEach(child::onConnection);
        children.add(child);
    }
}
