package io.sockeye;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One socket's way through the middleware of its namespace. Confined to the socket's mailbox. */
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final Socket socket;
    private final List<Middleware.Async> chain;

    Admission(Socket socket, List<Middleware.Async> chain) {
        this.socket = socket;
        this.chain = chain;
    }

    /** Starts the chain, in the mailbox. */
    void start() {
        socket.mailbox().add(() -> proceed(0));
    }

    private void proceed(int next) {
        if (next == chain.size()) {
            decided(null);
            return;
        }
        CompletionStage<?> decision;
        try {
            decision = chain.get(next).accept(socket);
        } catch (Throwable e) { // application code: whatever it throws refuses
            decided(reasonOf(e));
            return;
        }
        decision.whenComplete((ignored, error) -> {
            if (error == null) {
                socket.mailbox().add(() -> proceed(next + 1));
            } else {
                decided(reasonOf(error));
            }
        });
    }

    private void decided(@Nullable ConnectError refusal) {
        ClientConnection connection = socket.connection();
        connection.session().execute(() -> connection.admissionDecided(socket, refusal));
    }

    private ConnectError reasonOf(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof ConnectError refusal) {
            return refusal;
        }
        log.error(
                "a middleware of namespace {} failed; the socket is refused",
                socket.namespace().name(),
                cause);
        return new ConnectError("internal error");
    }
}
