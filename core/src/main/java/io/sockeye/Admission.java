package io.sockeye;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.ArgumentException;
import io.sockeye.protocol.socketio.Parser;
import io.sockeye.transport.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket's way through the middleware of its namespace. {@link #start} and {@link #ended} are confined to the session's
 * event loop, what runs application code to the socket's mailbox.
 */
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final Socket socket;
    private final List<Middleware.Async> chain;
    private final Parser.Encoder encoder;
    /** Refuses the socket when middleware takes too long; null before the start. Touched on the event loop only. */
    private EventLoop.@Nullable Cancellable timer;

    Admission(Socket socket, List<Middleware.Async> chain, Parser.Encoder encoder) {
        this.socket = socket;
        this.chain = chain;
        this.encoder = encoder;
    }

    /** Starts the chain, in the mailbox. */
    void start(EventLoop.Cancellable timer) {
        this.timer = timer;
        socket.mailbox().add(() -> proceed(0));
    }

    /** It has been decided on, or need not be any more. */
    void ended() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void proceed(int next) {
        if (socket.gone()) {
            return; // nobody waits for the decision
        }
        if (next == chain.size()) {
            decided(null);
            return;
        }
        try {
            CompletionStage<?> decision = chain.get(next).accept(socket);
            Objects.requireNonNull(decision, "the middleware returned no stage").whenComplete((ignored, error) -> {
                if (error == null) {
                    socket.mailbox().add(() -> proceed(next + 1));
                } else {
                    refused(SocketEvents.causeOf(error));
                }
            });
        } catch (Throwable e) { // application code: whatever it throws refuses
            refused(e);
        }
    }

    private void refused(Throwable error) {
        String namespace = socket.namespace().name();
        if (error instanceof ArgumentException e) {
            log.debug("middleware of {} cannot read what a client sent: {}", LogText.quote(namespace), e.getMessage());
            decided(encoder.connectError(
                    namespace, "invalid arguments", Map.of("message", String.valueOf(e.getMessage()))));
            return;
        }
        if (error instanceof ConnectError refusal) {
            try {
                decided(encoder.connectError(namespace, String.valueOf(refusal.getMessage()), refusal.data()));
                return;
            } catch (RuntimeException e) { // its data cannot be written
                e.addSuppressed(refusal);
                socket.namespace().middlewareFailed(socket, e);
            }
        } else {
            socket.namespace().middlewareFailed(socket, error);
        }
        decided(encoder.connectError(namespace, "internal error", null));
    }

    private void decided(@Nullable EncodedPacket refusal) {
        ClientConnection connection = socket.connection();
        if (!connection.execute(() -> connection.admissionDecided(socket, refusal))) {
            log.debug("a decision on a socket comes too late: its event loop has ended");
        }
    }
}
