package io.sockeye.conformance;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a client has received and a test has not asked for yet, by event. Public for {@link OldJavaClientProgram}. Thread-safe. */
public final class ReceivedEvents {
    private static final int WAIT_SECONDS = 10;

    private final ConcurrentMap<String, BlockingQueue<List<Object>>> unread = new ConcurrentHashMap<>();

    private ReceivedEvents() {}

    /** Nothing yet. */
    public static ReceivedEvents none() {
        return new ReceivedEvents();
    }

    /** An event has come. */
    public void add(String event, List<Object> args) {
        queue(event).add(args);
    }

    /** Waits for the arguments of the next event of that name. */
    public List<Object> next(String event) {
        try {
            List<Object> args = queue(event).poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (args == null) {
                throw new AssertionError("Waited for the event " + event + ", and there is: " + unread);
            }
            return args;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Drops what has come of that event. */
    void forget(String event) {
        queue(event).clear();
    }

    /** How many events of that name have come. */
    int waiting(String event) {
        return queue(event).size();
    }

    /** The events of which something has come. */
    ConcurrentMap<String, BlockingQueue<List<Object>>> unread() {
        unread.values().removeIf(BlockingQueue::isEmpty);
        return unread;
    }

    private BlockingQueue<List<Object>> queue(String event) {
        return unread.computeIfAbsent(event, name -> new LinkedBlockingQueue<>());
    }
}
