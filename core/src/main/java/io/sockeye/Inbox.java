package io.sockeye;

import io.sockeye.protocol.socketio.ArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the events that a socket receives: who hears them all, its middleware, its handlers, and who learns of their
 * errors. Any thread may change these; events pass in the mailbox.
 */
final class Inbox {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    private final Socket socket;
    private final Listeners handlers = new Listeners();
    /** Who hears every event; null until somebody does. Written under the monitor, as are the next two. */
    private volatile @Nullable Listeners any;
    /** Null while there is none. Replaced on change. */
    private volatile EventMiddleware.Async @Nullable [] middleware;
    /** Null while there is none. Replaced on change. */
    private volatile EventErrorHandler @Nullable [] errorHandlers;
    /** What keeps events waiting until middleware has decided; null when nothing does. */
    private volatile Mailbox.@Nullable Hold deciding;

    Inbox(Socket socket) {
        this.socket = socket;
    }

    Listeners handlers() {
        return handlers;
    }

    /** Who hears every event. */
    synchronized Listeners any() {
        Listeners present = any;
        if (present == null) {
            present = new Listeners();
            any = present;
        }
        return present;
    }

    /** Those who hear every event. A snapshot. */
    List<EventHandler> listening() {
        Listeners present = any;
        return present == null ? List.of() : present.handlers();
    }

    synchronized void use(EventMiddleware.Async added) {
        middleware = with(middleware, added, EventMiddleware.Async[]::new);
    }

    synchronized void onError(EventErrorHandler added) {
        errorHandlers = with(errorHandlers, added, EventErrorHandler[]::new);
    }

    /** Takes an event through middleware to its handlers. */
    void handle(Event event) {
        if (socket.dismissed()) {
            return;
        }
        Listeners hearing = any;
        if (hearing != null) {
            tell(hearing, event);
        }
        EventMiddleware.Async[] chain = middleware;
        if (chain == null) {
            tell(handlers, event);
        } else {
            proceed(event, chain, 0);
        }
    }

    /** Runs those of the listeners that hear this event. */
    void tell(Listeners listeners, Event event) {
        for (Listeners.Listener listener : listeners.snapshot()) {
            if (listener.hears(event.name()) && listeners.claim(listener)) {
                try {
                    listener.handler().handle(event);
                } catch (Throwable e) { // application code: one hook learns of whatever it throws
                    failed(event, e);
                }
            }
        }
    }

    /** The socket has been told to go: an event that middleware is deciding on is dropped. From any thread. */
    void dismissed() {
        Mailbox.Hold hold = deciding;
        if (hold != null) {
            hold.release(() -> deciding = null);
        }
    }

    /** A handler could not be run, or has failed. In the mailbox, or where a handler's stage completed. */
    void failed(Event event, Throwable error) {
        if (error instanceof ArgumentException e) {
            log.debug("event {}: {}", LogText.quote(event.name()), e.getMessage());
            tellErrorHandlers(event, e);
            socket.namespace().tellErrorHooks(socket, event.name(), e);
            event.ack().send(ErrorAck.of(e));
        } else {
            socket.namespace().logHandlerFailure(event.name(), error);
            tellErrorHandlers(event, error);
            socket.namespace().tellErrorHooks(socket, event.name(), error);
        }
    }

    /** A handler whose result was to be the acknowledgement has failed. */
    void answerFailed(Event event, Throwable error) {
        failed(event, error);
        event.ack().send(ErrorAck.INTERNAL);
    }

    private void proceed(Event event, EventMiddleware.Async[] chain, int from) {
        for (int i = from; i < chain.length; i++) {
            CompletionStage<?> decision;
            CompletableFuture<?> state;
            try {
                decision = Objects.requireNonNull(chain[i].accept(event), "the middleware returned no stage");
                state = decision.toCompletableFuture();
            } catch (Throwable e) { // application code: whatever it throws refuses
                refused(event, e);
                return;
            }
            if (!state.isDone()) {
                await(decision, event, chain, i + 1);
                return;
            }
            if (state.isCompletedExceptionally()) {
                decision.whenComplete((ignored, error) -> refused(event, SocketEvents.causeOf(error)));
                return;
            }
        }
        if (!socket.dismissed()) {
            tell(handlers, event);
        }
    }

    /** Holds the mailbox until middleware has decided, its time is up, or the socket has gone. */
    private void await(CompletionStage<?> decision, Event event, EventMiddleware.Async[] chain, int next) {
        Mailbox.Hold hold = socket.mailbox().hold();
        deciding = hold;
        socket.connection().limit(hold, () -> decided(() -> refused(event, new MiddlewareTimeoutException())));
        decision.whenComplete((ignored, error) -> hold.release(() -> decided(() -> {
            if (error == null) {
                proceed(event, chain, next);
            } else {
                refused(event, SocketEvents.causeOf(error));
            }
        })));
        if (socket.dismissed()) {
            dismissed(); // it went before there was something to release
        }
    }

    private void decided(Runnable next) {
        deciding = null;
        if (!socket.dismissed()) {
            next.run();
        }
    }

    private void refused(Event event, Throwable error) {
        log.debug("middleware refused event {}", LogText.quote(event.name()), error);
        if (!tellErrorHandlers(event, error) && !socket.namespace().hasErrorHooks()) {
            log.error("middleware refused event {}, and nobody listens for errors", LogText.quote(event.name()), error);
        }
        socket.namespace().tellErrorHooks(socket, event.name(), error);
    }

    /** Answers whether there was one. */
    private boolean tellErrorHandlers(Event event, Throwable error) {
        EventErrorHandler[] hooks = errorHandlers;
        if (hooks == null) {
            return false;
        }
        for (EventErrorHandler hook : hooks) {
            try {
                hook.handle(event, error);
            } catch (Throwable e) { // application code: the next handler is not to suffer
                socket.namespace().handlerFailed(socket, event.name(), e);
            }
        }
        return true;
    }

    private static <T> T[] with(T @Nullable [] some, T added, IntFunction<T[]> array) {
        int length = some == null ? 0 : some.length;
        T[] more = some == null ? array.apply(1) : Arrays.copyOf(some, length + 1);
        more[length] = added;
        return more;
    }
}
