package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.ReservedEvents;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events that other servers send to a namespace, and their handlers. Thread-safe; handlers run in its mailbox. */
final class ServerSideEvents implements Mailbox.Source {
    private static final Logger log = LoggerFactory.getLogger(ServerSideEvents.class);

    private final HandlerExecution execution;
    private final Listeners listeners = new Listeners();
    /** Null until the first event. Guarded by the monitor. */
    private @Nullable Mailbox mailbox;

    ServerSideEvents(HandlerExecution execution) {
        this.execution = execution;
    }

    void on(String event, EventHandler handler) {
        ReservedEvents.check(event);
        listeners.add(new Listeners.Listener(event, handler, /* once= */ false, handler));
    }

    void off(String event) {
        listeners.remove(event, null);
    }

    void handle(String event, Arguments args, @Nullable Consumer<Arguments> reply) {
        Event received = new Event(event, args, reply == null ? EventDispatch.NO_ACK : new Reply(reply));
        mailbox().add(() -> run(received));
    }

    @SuppressWarnings("NullAway") // JSON null becomes null, as everywhere
    static <A> A bound(Event event, Class<A> first) {
        return event.arg(0, first);
    }

    private void run(Event event) {
        for (Listeners.Listener listener : listeners.snapshot()) {
            if (listener.hears(event.name())) {
                try {
                    listener.handler().handle(event);
                } catch (Throwable e) { // application code: the next handler is not to suffer
                    log.error("a handler of server-side event {} failed", LogText.quote(event.name()), e);
                }
            }
        }
    }

    private synchronized Mailbox mailbox() {
        Mailbox present = mailbox;
        if (present == null) {
            present = execution.mailbox(this, Integer.MAX_VALUE);
            mailbox = present;
        }
        return present;
    }

    @Override
    public void pauseReading() {
        // what comes from other servers is the adapter's to bound
    }

    @Override
    public void resumeReading() {}

    @Override
    public void rejected(Throwable reason) {
        log.error("the handler executor takes no task; events of other servers wait", reason);
    }

    /** The answer to another server. Thread-safe. */
    private static final class Reply implements Ack {
        private final Consumer<Arguments> reply;
        private final AtomicBoolean sent = new AtomicBoolean();

        Reply(Consumer<Arguments> reply) {
            this.reply = reply;
        }

        @Override
        public boolean requested() {
            return true;
        }

        @Override
        public boolean send(@Nullable Object... args) {
            if (!sent.compareAndSet(false, true)) {
                return false;
            }
            reply.accept(Arguments.of(args));
            return true;
        }
    }
}
