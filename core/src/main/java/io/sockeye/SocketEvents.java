package io.sockeye;

import io.sockeye.protocol.socketio.ArgumentException;
import io.sockeye.protocol.socketio.ReservedEvents;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * How handlers are tied to the events of a {@link Socket}: by name, with their arguments bound to Java types.
 *
 * <p>Arguments are bound before the handler runs, and checked by the server's {@link ArgumentValidator} where there is one. When
 * one is missing, of the wrong type or not valid, the handler does not run: the error hooks ({@link #onError}, {@link
 * SocketIoServer#onError}) learn of it, and a client that asked for an acknowledgement gets one object in it, {@code
 * {"error":"invalid arguments","message":"argument 0: expected Order, got string"}}. A type may be a record or any class that
 * Jackson can bind, {@code byte[]}, a collection by {@link TypeReference}, or {@code JsonNode}. JSON {@code null} becomes
 * {@code null}.
 *
 * <p>Thread-safe. Several handlers of one event run in the order in which they were added.
 */
abstract class SocketEvents {

    /** What is sent, and who hears it. */
    abstract Outbox outbox();

    /** What becomes of events that come in. */
    abstract Inbox inbox();

    /** What looks at bound arguments; null when nothing does. */
    abstract @Nullable ArgumentValidator validator();

    /** Runs the handler for each event of that name. */
    public void on(String event, EventHandler handler) {
        listen(event, handler, handler);
    }

    /** Runs the handler for each event of that name, whatever its arguments. */
    public void on(String event, EventHandler.Of0 handler) {
        listen(event, handler, e -> handler.handle());
    }

    /** Runs the handler with the event's first argument. */
    public <A> void on(String event, Class<A> first, EventHandler.Of1<A> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the event's first argument, of a generic type. */
    public <A> void on(String event, TypeReference<A> first, EventHandler.Of1<A> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the event's first argument and its acknowledgement. */
    public <A> void on(String event, Class<A> first, EventHandler.Of1Ack<A> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first), e.ack()));
    }

    /** Runs the handler with the event's first argument, of a generic type, and its acknowledgement. */
    public <A> void on(String event, TypeReference<A> first, EventHandler.Of1Ack<A> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first), e.ack()));
    }

    /** Runs the handler with the event's first two arguments. */
    public <A, B> void on(String event, Class<A> first, Class<B> second, EventHandler.Of2<A, B> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first), bound(e, 1, second)));
    }

    /** Runs the handler with the event's first two arguments and its acknowledgement. */
    public <A, B> void on(String event, Class<A> first, Class<B> second, EventHandler.Of2Ack<A, B> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first), bound(e, 1, second), e.ack()));
    }

    /** Runs the handler with the event's first three arguments. */
    public <A, B, C> void on(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Of3<A, B, C> handler) {
        listen(event, handler, e -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third)));
    }

    /** Runs the handler with the event's first three arguments and its acknowledgement. */
    public <A, B, C> void on(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Of3Ack<A, B, C> handler) {
        listen(
                event,
                handler,
                e -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third), e.ack()));
    }

    /**
     * Acknowledges each event of that name with what the handler returns, or what its {@link CompletionStage} yields. When the
     * handler or its stage fails, the client gets {@code {"error":"internal error"}} and the error hooks the exception.
     */
    public void onWithAck(String event, EventHandler.Answer0 handler) {
        listen(event, handler, e -> answer(e, handler::handle));
    }

    /** Acknowledges each event of that name with what the handler makes of its first argument. */
    public <A> void onWithAck(String event, Class<A> first, EventHandler.Answer1<A> handler) {
        listen(event, handler, e -> answer(e, () -> handler.handle(bound(e, 0, first))));
    }

    /** Acknowledges each event of that name with what the handler makes of its first argument, of a generic type. */
    public <A> void onWithAck(String event, TypeReference<A> first, EventHandler.Answer1<A> handler) {
        listen(event, handler, e -> answer(e, () -> handler.handle(bound(e, 0, first))));
    }

    /** Acknowledges each event of that name with what the handler makes of its first two arguments. */
    public <A, B> void onWithAck(String event, Class<A> first, Class<B> second, EventHandler.Answer2<A, B> handler) {
        listen(event, handler, e -> answer(e, () -> handler.handle(bound(e, 0, first), bound(e, 1, second))));
    }

    /** Acknowledges each event of that name with what the handler makes of its first three arguments. */
    public <A, B, C> void onWithAck(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Answer3<A, B, C> handler) {
        listen(
                event,
                handler,
                e -> answer(e, () -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third))));
    }

    /** Runs the handler for the next event of that name only. */
    public void once(String event, EventHandler handler) {
        listenOnce(event, handler, handler);
    }

    /** Runs the handler for the next event of that name only, whatever its arguments. */
    public void once(String event, EventHandler.Of0 handler) {
        listenOnce(event, handler, e -> handler.handle());
    }

    /** Runs the handler with the first argument of the next event of that name only. */
    public <A> void once(String event, Class<A> first, EventHandler.Of1<A> handler) {
        listenOnce(event, handler, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the first argument, of a generic type, of the next event of that name only. */
    public <A> void once(String event, TypeReference<A> first, EventHandler.Of1<A> handler) {
        listenOnce(event, handler, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the first argument and the acknowledgement of the next event of that name only. */
    public <A> void once(String event, Class<A> first, EventHandler.Of1Ack<A> handler) {
        listenOnce(event, handler, e -> handler.handle(bound(e, 0, first), e.ack()));
    }

    /** Runs the handler with the first two arguments of the next event of that name only. */
    public <A, B> void once(String event, Class<A> first, Class<B> second, EventHandler.Of2<A, B> handler) {
        listenOnce(event, handler, e -> handler.handle(bound(e, 0, first), bound(e, 1, second)));
    }

    /** Runs the handler with the first three arguments of the next event of that name only. */
    public <A, B, C> void once(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Of3<A, B, C> handler) {
        listenOnce(event, handler, e -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third)));
    }

    /** Removes a handler of an event: the very object that was added. */
    public void off(String event, Object handler) {
        inbox().handlers().remove(event, Objects.requireNonNull(handler, "handler"));
    }

    /** Removes every handler of an event. */
    public void off(String event) {
        inbox().handlers().remove(event, null);
    }

    /** Removes every handler of every event; those of {@link #onAny} stay. */
    public void off() {
        inbox().handlers().remove(null, null);
    }

    /** Runs the handler for every event, before the event's own handlers and before middleware. */
    public void onAny(EventHandler handler) {
        inbox().any().add(Listeners.Listener.ofAny(handler));
    }

    /** As {@link #onAny}, before those that were added before. */
    public void prependAny(EventHandler handler) {
        inbox().any().addFirst(Listeners.Listener.ofAny(handler));
    }

    /** Removes a handler added with {@link #onAny} or {@link #prependAny}. */
    public void offAny(EventHandler handler) {
        inbox().any().remove(null, Objects.requireNonNull(handler, "handler"));
    }

    /** Removes every handler added with {@link #onAny} or {@link #prependAny}. */
    public void offAny() {
        inbox().any().remove(null, null);
    }

    /** The handlers added with {@link #onAny} and {@link #prependAny}, in the order in which they run. A snapshot. */
    public List<EventHandler> listenersAny() {
        return inbox().listening();
    }

    /**
     * Adds middleware for the events of this socket, behind what was added before. {@link #onAny} handlers hear an event
     * before middleware does.
     */
    public void use(EventMiddleware middleware) {
        useAsync(event -> {
            middleware.accept(event);
            return Middleware.ACCEPTED;
        });
    }

    /** Adds middleware that decides later, behind what was added before. */
    public void useAsync(EventMiddleware.Async middleware) {
        inbox().use(middleware);
    }

    /**
     * Adds a handler that learns of events of this socket that could not be handled: refused by middleware, with arguments that
     * do not fit a handler's types, or failed in a handler. The server's error hooks learn of them behind it.
     */
    public void onError(EventErrorHandler handler) {
        inbox().onError(handler);
    }

    /** Runs the handler for every event that is sent to the client, broadcasts included, acknowledgements not. */
    public void onAnyOutgoing(EventHandler handler) {
        outbox().listeners().add(Listeners.Listener.ofAny(handler));
    }

    /** As {@link #onAnyOutgoing}, before those that were added before. */
    public void prependAnyOutgoing(EventHandler handler) {
        outbox().listeners().addFirst(Listeners.Listener.ofAny(handler));
    }

    /** Removes a handler added with {@link #onAnyOutgoing} or {@link #prependAnyOutgoing}. */
    public void offAnyOutgoing(EventHandler handler) {
        outbox().listeners().remove(null, Objects.requireNonNull(handler, "handler"));
    }

    /** Removes every handler added with {@link #onAnyOutgoing} or {@link #prependAnyOutgoing}. */
    public void offAnyOutgoing() {
        outbox().listeners().remove(null, null);
    }

    /** The handlers added with {@link #onAnyOutgoing} and {@link #prependAnyOutgoing}, in order. A snapshot. */
    public List<EventHandler> listenersAnyOutgoing() {
        return outbox().listening();
    }

    /** Adds a listener; {@code origin} is what the application passed, which {@code off(event, handler)} looks for. */
    private void listen(String event, Object origin, EventHandler handler) {
        ReservedEvents.check(event);
        inbox().handlers().add(new Listeners.Listener(event, origin, /* once= */ false, handler));
    }

    private void listenOnce(String event, Object origin, EventHandler handler) {
        ReservedEvents.check(event);
        inbox().handlers().add(new Listeners.Listener(event, origin, /* once= */ true, handler));
    }

    private void answer(Event event, Callable<@Nullable Object> handler) {
        Object result;
        try {
            result = handler.call();
            if (!(result instanceof CompletionStage<?>)) {
                event.ack().send(result);
                return;
            }
        } catch (Throwable e) { // application code: the client is not to wait for ever, whatever it throws
            inbox().answerFailed(event, e);
            return;
        }
        ((CompletionStage<?>) result).whenComplete((value, error) -> {
            if (error != null) {
                inbox().answerFailed(event, causeOf(error));
                return;
            }
            try {
                event.ack().send(value);
            } catch (RuntimeException e) { // the value cannot be written
                inbox().answerFailed(event, e);
            }
        });
    }

    /** What a stage failed with, without what a stage in between put around it. */
    static Throwable causeOf(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private <T> T bound(Event event, int index, Class<T> type) {
        return valid(index, event.arg(index, type));
    }

    private <T> T bound(Event event, int index, TypeReference<T> type) {
        return valid(index, event.arg(index, type));
    }

    @SuppressWarnings("NullAway") // JSON null becomes null, as documented
    private <T> T valid(int index, @Nullable T value) {
        ArgumentValidator validator = validator();
        if (validator != null && value != null) {
            String violation = validator.violation(value);
            if (violation != null) {
                throw new ArgumentException(index, violation);
            }
        }
        return value;
    }
}
