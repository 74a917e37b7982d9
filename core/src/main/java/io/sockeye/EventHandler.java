package io.sockeye;

import org.jspecify.annotations.Nullable;

/**
 * Receives an event. Handlers of one socket run one at a time, in the order the events came in; they may block, which slows
 * that socket alone. An exception is logged with the event's name and given to the socket's and the server's error hooks.
 */
@FunctionalInterface
public interface EventHandler {

    /** Handles the event. */
    void handle(Event event) throws Exception;

    /** A handler without arguments. */
    @FunctionalInterface
    interface Of0 {
        /** Handles the event. */
        void handle() throws Exception;
    }

    /** A handler of one argument. */
    @FunctionalInterface
    interface Of1<A> {
        /** Handles the event. */
        void handle(A first) throws Exception;
    }

    /** A handler of one argument that answers itself. */
    @FunctionalInterface
    interface Of1Ack<A> {
        /** Handles the event. */
        void handle(A first, Ack ack) throws Exception;
    }

    /** A handler of two arguments. */
    @FunctionalInterface
    interface Of2<A, B> {
        /** Handles the event. */
        void handle(A first, B second) throws Exception;
    }

    /** A handler of two arguments that answers itself. */
    @FunctionalInterface
    interface Of2Ack<A, B> {
        /** Handles the event. */
        void handle(A first, B second, Ack ack) throws Exception;
    }

    /** A handler of three arguments. */
    @FunctionalInterface
    interface Of3<A, B, C> {
        /** Handles the event. */
        void handle(A first, B second, C third) throws Exception;
    }

    /** A handler of three arguments that answers itself. */
    @FunctionalInterface
    interface Of3Ack<A, B, C> {
        /** Handles the event. */
        void handle(A first, B second, C third, Ack ack) throws Exception;
    }

    /** A handler without arguments whose result is the acknowledgement. */
    @FunctionalInterface
    interface Answer0 {
        /** Returns the acknowledgement's argument, or a {@link java.util.concurrent.CompletionStage} of it. */
        @Nullable Object handle() throws Exception;
    }

    /** A handler of one argument whose result is the acknowledgement. */
    @FunctionalInterface
    interface Answer1<A> {
        /** Returns the acknowledgement's argument, or a {@link java.util.concurrent.CompletionStage} of it. */
        @Nullable Object handle(A first) throws Exception;
    }

    /** A handler of two arguments whose result is the acknowledgement. */
    @FunctionalInterface
    interface Answer2<A, B> {
        /** Returns the acknowledgement's argument, or a {@link java.util.concurrent.CompletionStage} of it. */
        @Nullable Object handle(A first, B second) throws Exception;
    }

    /** A handler of three arguments whose result is the acknowledgement. */
    @FunctionalInterface
    interface Answer3<A, B, C> {
        /** Returns the acknowledgement's argument, or a {@link java.util.concurrent.CompletionStage} of it. */
        @Nullable Object handle(A first, B second, C third) throws Exception;
    }
}
