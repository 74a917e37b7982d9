package io.sockeye;

import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.SessionStore;
import io.sockeye.transport.EventLoop;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Connection state recovery in one namespace: which socket has which session, and the timer that lets sessions go.
 *
 * <p>Thread-safe.
 */
final class Recovery {
    private static final int SWEEPS_PER_LIFE = 4;
    private static final Duration LONGEST_SWEEP_INTERVAL = Duration.ofSeconds(10);

    private final SessionStore store;
    private final boolean skipMiddlewares;
    private final long sweepNanos;
    /** The connected sockets by their sessions' private ids. */
    private final ConcurrentMap<String, Socket> sockets = new ConcurrentHashMap<>();
    /** Mailboxes in which the handlers of a socket's end have perhaps not run yet, by the session's private id. */
    private final ConcurrentMap<String, Mailbox> endings = new ConcurrentHashMap<>();

    /** Null while no sweep is due. Guarded by this. */
    private EventLoop.@Nullable Cancellable nextSweep;
    /** Guarded by this. */
    private boolean stopped;

    private Recovery(SessionStore store, ConnectionStateRecovery settings) {
        this.store = store;
        this.skipMiddlewares = settings.skipMiddlewares();
        Duration part = settings.maxDisconnectionDuration().dividedBy(SWEEPS_PER_LIFE);
        this.sweepNanos = (part.compareTo(LONGEST_SWEEP_INTERVAL) < 0 ? part : LONGEST_SWEEP_INTERVAL).toNanos();
    }

    /** How clients of a namespace with that adapter are brought back; null when they are not. */
    static @Nullable Recovery of(SocketIoConfig config, Adapter adapter) {
        ConnectionStateRecovery settings = config.recovery();
        if (settings == null) {
            return null;
        }
        SessionStore store = adapter.sessions();
        if (store == null) {
            throw new IllegalStateException("connectionStateRecovery: the adapter keeps no sessions");
        }
        return new Recovery(store, settings);
    }

    SessionStore store() {
        return store;
    }

    /** Whether a client that comes back passes middleware. */
    boolean skipsMiddleware() {
        return skipMiddlewares;
    }

    /** The connected socket of a session; null when there is none here. */
    @Nullable Socket socket(String pid) {
        return sockets.get(pid);
    }

    /** A socket has taken its session up. */
    void connected(String pid, Socket socket) {
        sockets.put(pid, socket);
    }

    /** The handlers of a socket's end are about to be put into its mailbox. */
    void ending(String pid, Socket socket) {
        endings.put(pid, socket.mailbox());
    }

    /** A socket does not have its session any more. */
    void disconnected(String pid, Socket socket) {
        sockets.remove(pid, socket);
    }

    /** The handlers of a socket's end have run. */
    void ended(String pid, Socket socket) {
        endings.remove(pid, socket.mailbox());
    }

    /** Lets a socket's handlers wait until those of the end of the socket before it have run. Before anything is in its mailbox. */
    void startBehindEnding(String pid, Mailbox mailbox) {
        Mailbox before = endings.get(pid);
        if (before != null) {
            mailbox.startBehind(before);
        }
    }

    /** Has sessions let go when their time is over, now that there are some. */
    synchronized void watch(EventLoop loop) {
        if (nextSweep == null && !stopped) {
            try {
                nextSweep = loop.schedule(() -> sweep(loop), sweepNanos);
            } catch (RejectedExecutionException e) {
                stopped = true; // the server has ended
            }
        }
    }

    /** Watches no more. */
    synchronized void stop() {
        stopped = true;
        if (nextSweep != null) {
            nextSweep.cancel();
            nextSweep = null;
        }
    }

    private void sweep(EventLoop loop) {
        synchronized (this) {
            nextSweep = null;
        }
        if (store.sweep()) {
            watch(loop);
        }
    }
}
