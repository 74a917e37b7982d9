package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks parents, one after another, whether a namespace is to be made for a client. Runs where handlers run; a matcher that
 * decides later keeps no thread.
 */
final class NamespaceSearch {
    private static final Logger log = LoggerFactory.getLogger(NamespaceSearch.class);

    private final SocketIoServer server;
    private final ClientConnection connection;
    private final List<ParentNamespace> parents;
    private final String name;
    private final Arguments auth;
    private final Consumer<@Nullable Namespace> found;

    /**
     * Prepares a search.
     *
     * @param found takes the namespace, {@linkplain Namespace#enter entered}, or null when there is to be none; on any thread
     */
    NamespaceSearch(
            SocketIoServer server,
            ClientConnection connection,
            List<ParentNamespace> parents,
            String name,
            Arguments auth,
            Consumer<@Nullable Namespace> found) {
        this.server = server;
        this.connection = connection;
        this.parents = List.copyOf(parents);
        this.name = name;
        this.auth = auth;
        this.found = found;
    }

    /** Asks the parents from that one on. From any thread. */
    void ask(int index) {
        try {
            server.execution().run(connection, () -> proceed(index));
        } catch (RejectedExecutionException e) {
            log.error("the handler executor takes no task; a client is refused", e);
            found.accept(null);
        }
    }

    private void proceed(int index) {
        if (index == parents.size()) {
            found.accept(null);
            return;
        }
        ParentNamespace parent = parents.get(index);
        CompletionStage<Boolean> answer;
        try {
            answer = Objects.requireNonNull(parent.matcher().matches(name, auth), "the matcher returned no stage");
        } catch (Throwable e) { // application code: whatever it throws means no
            answered(parent, index, false, e);
            return;
        }
        answer.whenComplete((yes, error) -> answered(parent, index, Boolean.TRUE.equals(yes), error));
    }

    private void answered(ParentNamespace parent, int index, boolean yes, @Nullable Throwable error) {
        if (error != null) {
            log.error("a namespace matcher failed on {}", LogText.quote(name), SocketEvents.causeOf(error));
        }
        if (yes && error == null) {
            found.accept(server.child(parent, name));
        } else {
            ask(index + 1);
        }
    }
}
