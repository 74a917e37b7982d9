package io.sockeye;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The event listeners of one socket in one flat array, replaced on change: sockets have few listeners and many sockets idle,
 * so neither a map nor a list per event would pay. Thread-safe.
 */
final class Listeners {
    private static final Listener[] NONE = {};

    private volatile Listener[] listeners = NONE;

    synchronized void add(Listener listener) {
        Listener[] changed = Arrays.copyOf(listeners, listeners.length + 1);
        changed[listeners.length] = listener;
        listeners = changed;
    }

    /** Adds one that is told before the others. */
    synchronized void addFirst(Listener listener) {
        Listener[] changed = new Listener[listeners.length + 1];
        changed[0] = listener;
        System.arraycopy(listeners, 0, changed, 1, listeners.length);
        listeners = changed;
    }

    /** The handlers at this moment, in order. */
    List<EventHandler> handlers() {
        return Arrays.stream(listeners).map(Listener::handler).toList();
    }

    /** Removes the listeners of that event (of any when null) that stem from {@code origin} (from anything when null). */
    synchronized void remove(@Nullable String event, @Nullable Object origin) {
        listeners = Arrays.stream(listeners)
                .filter(l -> (event != null && !event.equals(l.event)) || (origin != null && l.origin != origin))
                .toArray(Listener[]::new);
    }

    @SuppressWarnings("ReferenceEquality") // this very listener, not one that equals it
    private synchronized boolean removeOnce(Listener listener) {
        int before = listeners.length;
        listeners = Arrays.stream(listeners).filter(l -> l != listener).toArray(Listener[]::new);
        return listeners.length < before;
    }

    /** The listeners at this moment, in order of adding. Not to be written to. */
    Listener[] snapshot() {
        return listeners;
    }

    /** Whether the listener is to run now: one that runs once is removed by the call that wins it. */
    boolean claim(Listener listener) {
        return !listener.once || removeOnce(listener);
    }

    /**
     * One listener.
     *
     * @param event the event's name; null for any
     * @param origin what the application passed
     * @param once whether it runs only once
     * @param handler what to run
     */
    record Listener(@Nullable String event, Object origin, boolean once, EventHandler handler) {
        /** One that hears every event. */
        static Listener ofAny(EventHandler handler) {
            return new Listener(null, handler, /* once= */ false, handler);
        }

        boolean hears(String name) {
            return event == null || (event.hashCode() == name.hashCode() && event.equals(name));
        }
    }
}
