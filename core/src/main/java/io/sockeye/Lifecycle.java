package io.sockeye;

import io.sockeye.adapter.UserRoom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of a socket's life: its rooms while the adapter does not have them, and the handlers of its end. Guarded by its
 * monitor; handlers run outside of it, in the mailbox.
 */
final class Lifecycle {
    /** Whether rooms are for the adapter, and not to be held. */
    private boolean admitted;
    /** Rooms joined by middleware, until the socket is admitted; those it was in, from its end on. */
    private @Nullable Set<String> rooms;
    /** Rooms left by middleware: its own, or some that it is just being put into. Null when there are none. */
    private @Nullable Set<String> left;

    private @Nullable List<DisconnectHandler> disconnecting;
    /** What runs at the very end; null when there is nothing. */
    private @Nullable List<Runnable> releases;

    private boolean released;
    private @Nullable List<DisconnectHandler.Detailed> disconnect;

    /** Keeps rooms that middleware joins for later; false when it is for the adapter. */
    synchronized boolean holdJoin(Collection<String> names) {
        if (admitted) {
            return false;
        }
        rooms = with(rooms, names);
        if (left != null) {
            left.removeAll(names);
        }
        return true;
    }

    /** As {@link #holdJoin}, for the room of the socket's user, in place of that of the user before. */
    synchronized boolean holdUser(String room) {
        if (admitted) {
            return false;
        }
        if (rooms != null) {
            rooms.removeIf(UserRoom::is);
        }
        return holdJoin(Set.of(room));
    }

    /** Keeps for later that middleware leaves a room; false when it is for the adapter. */
    synchronized boolean holdLeave(String name) {
        if (admitted) {
            return false;
        }
        left = with(left, Set.of(name));
        if (rooms != null) {
            rooms.remove(name);
        }
        return true;
    }

    /** What was held since the last call, for the adapter; null when there is nothing, and nothing is held any more. */
    synchronized @Nullable Changes takeHeld() {
        if (rooms == null && left == null) {
            admitted = true;
            return null;
        }
        Changes held = new Changes(rooms == null ? Set.of() : rooms, left == null ? Set.of() : left);
        rooms = null;
        left = null;
        return held;
    }

    /** The socket has gone, from these rooms. */
    synchronized void ended(Set<String> from) {
        admitted = true;
        rooms = from;
        left = null;
    }

    /** The socket has gone, and if nobody hears of it, that is all: no rooms, nothing released. False when somebody does. */
    synchronized boolean endUnheard() {
        if (disconnecting != null || disconnect != null || releases != null) {
            return false;
        }
        released = true;
        ended(Set.of());
        return true;
    }

    /** The rooms, where the adapter does not have them; null when it does. */
    synchronized @Nullable Set<String> rooms() {
        if (rooms == null) {
            return admitted ? null : Set.of();
        }
        return Set.copyOf(rooms);
    }

    private static Set<String> with(@Nullable Set<String> some, Collection<String> more) {
        Set<String> all = some == null ? new LinkedHashSet<>() : some;
        all.addAll(more);
        return all;
    }

    /** Rooms that middleware has put the socket into, and such that it has taken it out of. */
    record Changes(Set<String> joined, Set<String> left) {}

    synchronized void onDisconnecting(DisconnectHandler handler) {
        if (disconnecting == null) {
            disconnecting = new ArrayList<>(1);
        }
        disconnecting.add(handler);
    }

    synchronized void onDisconnect(DisconnectHandler.Detailed handler) {
        if (disconnect == null) {
            disconnect = new ArrayList<>(1);
        }
        disconnect.add(handler);
    }

    /** Keeps a task for the socket's end; false when that is over. */
    synchronized boolean onRelease(Runnable task) {
        if (released) {
            return false;
        }
        if (releases == null) {
            releases = new ArrayList<>(1);
        }
        releases.add(task);
        return true;
    }

    /** Whether anything waits for the end, which is now; later tasks are not kept. */
    synchronized boolean hasReleases() {
        released = releases == null;
        return releases != null;
    }

    void runReleases(Socket socket) {
        List<Runnable> tasks;
        synchronized (this) {
            released = true;
            tasks = releases == null ? List.of() : releases;
            releases = null;
        }
        tasks.forEach(task -> release(socket, task));
    }

    static void release(Socket socket, Runnable task) {
        guard(socket, "release", task::run);
    }

    void runDisconnecting(Socket socket, DisconnectReason reason) {
        List<DisconnectHandler> handlers;
        synchronized (this) {
            handlers = disconnecting == null ? List.of() : List.copyOf(disconnecting);
        }
        for (DisconnectHandler handler : handlers) {
            guard(socket, "disconnecting", () -> handler.handle(reason));
        }
    }

    void runDisconnect(Socket socket, DisconnectReason reason, @Nullable String description) {
        List<DisconnectHandler.Detailed> handlers;
        synchronized (this) {
            handlers = disconnect == null ? List.of() : List.copyOf(disconnect);
        }
        for (DisconnectHandler.Detailed handler : handlers) {
            guard(socket, "disconnect", () -> handler.handle(reason, description));
        }
    }

    /** One handler, called. */
    private interface Step {
        void run() throws Exception;
    }

    private static void guard(Socket socket, String event, Step handler) {
        try {
            handler.run();
        } catch (Throwable e) { // application code: one hook learns of whatever it throws
            socket.namespace().handlerFailed(socket, event, e);
        }
    }
}
