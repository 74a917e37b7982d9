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
 * socket, unless the application has named it ({@link SocketIoServer#of(String)}). What the parent broadcasts goes to the
 * sockets of every child that there is at the time.
 *
 * <p>Thread-safe.
 */
public final class ParentNamespace extends Broadcaster {
    private final NamespaceMatcher.Async matcher;
    private final List<Middleware.Async> middleware = new CopyOnWriteArrayList<>();
    private final List<SocketHandler> connectionHandlers = new CopyOnWriteArrayList<>();
    private final Set<Namespace> children = ConcurrentHashMap.newKeySet();
    private final BroadcastOperator everybody =
            new BroadcastOperator(new BroadcastTarget.Children(this), BroadcastOptions.DEFAULT);

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

    @Override
    BroadcastOperator everybody() {
        return everybody;
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
