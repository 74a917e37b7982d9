package io.sockeye;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * How handlers are tied to the events of a {@link Socket}: by name, with their arguments bound to Java types.
 *
 * <p>Arguments are bound before the handler runs: when one is missing or of the wrong type the handler does not run, and the
 * server's error hook learns of it. A type may be a record or any class that Jackson can bind, {@code byte[]}, a collection
 * by {@link TypeReference}, or {@code JsonNode}. JSON {@code null} becomes {@code null}.
 *
 * <p>Thread-safe. Several handlers of one event run in the order in which they were added.
 */
abstract class SocketEvents {

    /**
     * Adds a listener.
     *
     * @param origin what the application passed, which {@code off(event, handler)} looks for
     */
    abstract void listen(String event, Object origin, boolean once, EventHandler handler);

    /** Runs the handler for each event of that name. */
    public void on(String event, EventHandler handler) {
        listen(event, handler, /* once= */ false, handler);
    }

    /** Runs the handler for each event of that name, whatever its arguments. */
    public void on(String event, EventHandler.Of0 handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle());
    }

    /** Runs the handler with the event's first argument. */
    public <A> void on(String event, Class<A> first, EventHandler.Of1<A> handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the event's first argument, of a generic type. */
    public <A> void on(String event, TypeReference<A> first, EventHandler.Of1<A> handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle(bound(e, 0, first)));
    }

    /** Runs the handler with the event's first argument and its acknowledgement. */
    public <A> void on(String event, Class<A> first, EventHandler.Of1Ack<A> handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle(bound(e, 0, first), e.ack()));
    }

    /** Runs the handler with the event's first argument, of a generic type, and its acknowledgement. */
    public <A> void on(String event, TypeReference<A> first, EventHandler.Of1Ack<A> handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle(bound(e, 0, first), e.ack()));
    }

    /** Runs the handler with the event's first two arguments. */
    public <A, B> void on(String event, Class<A> first, Class<B> second, EventHandler.Of2<A, B> handler) {
        listen(event, handler, /* once= */ false, e -> handler.handle(bound(e, 0, first), bound(e, 1, second)));
    }

    /** Runs the handler with the event's first two arguments and its acknowledgement. */
    public <A, B> void on(String event, Class<A> first, Class<B> second, EventHandler.Of2Ack<A, B> handler) {
        listen(
                event,
                handler,
                /* once= */ false,
                e -> handler.handle(bound(e, 0, first), bound(e, 1, second), e.ack()));
    }

    /** Runs the handler with the event's first three arguments. */
    public <A, B, C> void on(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Of3<A, B, C> handler) {
        listen(
                event,
                handler,
                /* once= */ false,
                e -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third)));
    }

    /** Runs the handler with the event's first three arguments and its acknowledgement. */
    public <A, B, C> void on(
            String event, Class<A> first, Class<B> second, Class<C> third, EventHandler.Of3Ack<A, B, C> handler) {
        listen(
                event,
                handler,
                /* once= */ false,
                e -> handler.handle(bound(e, 0, first), bound(e, 1, second), bound(e, 2, third), e.ack()));
    }

    /** Acknowledges each event of that name with what the handler returns, or what its {@link CompletionStage} yields. */
    public void onWithAck(String event, EventHandler.Answer0 handler) {
        listen(event, handler, /* once= */ false, e -> answer(e, handler.handle()));
    }

    /** Acknowledges each event of that name with what the handler makes of its first argument. */
    public <A> void onWithAck(String event, Class<A> first, EventHandler.Answer1<A> handler) {
        listen(event, handler, /* once= */ false, e -> answer(e, handler.handle(bound(e, 0, first))));
    }

    /** Acknowledges each event of that name with what the handler makes of its first argument, of a generic type. */
    public <A> void onWithAck(String event, TypeReference<A> first, EventHandler.Answer1<A> handler) {
        listen(event, handler, /* once= */ false, e -> answer(e, handler.handle(bound(e, 0, first))));
    }

    /** Acknowledges each event of that name with what the handler makes of its first two arguments. */
    public <A, B> void onWithAck(String event, Class<A> first, Class<B> second, EventHandler.Answer2<A, B> handler) {
        listen(
                event,
                handler,
                /* once= */ false,
                e -> answer(e, handler.handle(bound(e, 0, first), bound(e, 1, second))));
    }

    /** Runs the handler for the next event of that name only. */
    public void once(String event, EventHandler handler) {
        listen(event, handler, /* once= */ true, handler);
    }

    /** Runs the handler with the first argument of the next event of that name only. */
    public <A> void once(String event, Class<A> first, EventHandler.Of1<A> handler) {
        listen(event, handler, /* once= */ true, e -> handler.handle(bound(e, 0, first)));
    }

    /** Reports what a handler's {@link CompletionStage} failed with. */
    abstract void answerFailed(Event event, Throwable error);

    private void answer(Event event, @Nullable Object result) {
        if (result instanceof CompletionStage<?> stage) {
            stage.whenComplete((value, error) -> {
                if (error != null) {
                    answerFailed(event, causeOf(error));
                    return;
                }
                try {
                    event.ack().send(value);
                } catch (RuntimeException e) { // the value cannot be written
                    answerFailed(event, e);
                }
            });
        } else {
            event.ack().send(result);
        }
    }

    /** What a stage failed with, without what a stage in between put around it. */
    static Throwable causeOf(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    @SuppressWarnings("NullAway") // JSON null becomes null, as documented
    private static <T> T bound(Event event, int index, Class<T> type) {
        return event.arg(index, type);
    }

    @SuppressWarnings("NullAway") // JSON null becomes null, as documented
    private static <T> T bound(Event event, int index, TypeReference<T> type) {
        return event.arg(index, type);
    }
}
