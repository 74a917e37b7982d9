package io.sockeye;

import io.sockeye.adapter.SessionStore;
import io.sockeye.protocol.socketio.Arguments;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A client's wish to take its session up again: its CONNECT carries {@code pid}, and {@code offset} if it has received an event
 * yet. Where the session still has a connection here, which the server believes to be alive, that is ended first. Confined to
 * the event loop of the client's new connection, but for what is said to run elsewhere.
 */
final class Resumption {
    private static final Logger log = LoggerFactory.getLogger(Resumption.class);

    /** How often the connection before is ended: only a client that comes back several times at once needs more than one. */
    private static final int MOST_ATTEMPTS = 3;

    private final ClientConnection connection;
    private final Namespace namespace;
    private final Recovery recovery;
    private final Arguments auth;
    private final String pid;
    private final @Nullable String offset;
    private int attempts;

    private Resumption(
            ClientConnection connection,
            Namespace namespace,
            Recovery recovery,
            Arguments auth,
            String pid,
            @Nullable String offset) {
        this.connection = connection;
        this.namespace = namespace;
        this.recovery = recovery;
        this.auth = auth;
        this.pid = pid;
        this.offset = offset;
    }

    /** The wish that a CONNECT carries; null when it carries none, or no session can be taken up. */
    static @Nullable Resumption of(ClientConnection connection, Namespace namespace, Arguments auth) {
        Recovery recovery = namespace.recovery();
        if (recovery == null || auth.isEmpty()) {
            return null;
        }
        JsonNode payload = auth.get(0, JsonNode.class);
        String pid = text(payload, "pid");
        return pid == null ? null : new Resumption(connection, namespace, recovery, auth, pid, text(payload, "offset"));
    }

    void start() {
        Socket before = recovery.socket(pid);
        if (before == null || before.connection() == connection || ++attempts > MOST_ATTEMPTS) {
            find();
            return;
        }
        ClientConnection old = before.connection();
        boolean handedOver = old.execute(() -> {
            old.takenOver(); // on its event loop; its sockets' sessions are suspended within the call
            connection.execute(this::find);
        });
        if (!handedOver) {
            find();
        }
    }

    private void find() {
        recovery.store().find(pid, offset).whenComplete((suspended, error) -> {
            if (error != null) {
                log.error("looking for a session failed; its client starts anew", error);
            }
            connection.execute(() -> found(suspended));
        });
    }

    private void found(SessionStore.@Nullable Suspended suspended) {
        if (suspended == null && attempts < MOST_ATTEMPTS && recovery.socket(pid) != null) {
            start(); // another connection of the client was faster
        } else {
            connection.admit(namespace, auth, suspended);
        }
    }

    private static @Nullable String text(@Nullable JsonNode payload, String field) {
        JsonNode value = payload == null ? null : payload.get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
