package io.sockeye;

import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.RoomMember;
import io.sockeye.adapter.RoomWatch;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in a room ({@link Namespace#presence}): sockets, and the users that they are tied to. What happens on other servers is
 * known soon after; sockets of a server that has died leave when it is found dead. A server that is cut off sees the sockets of
 * the others leave, and they its own.
 *
 * <p>Watched rooms cost messages with each who joins or leaves, so it is to be closed when it is not needed any more.
 *
 * <p>Thread-safe. Handlers run one at a time and in the order of the changes, where the server's handlers run; an exception is
 * logged.
 */
public final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final String room;
    private final Mailbox mailbox;
    private final RoomWatch watch;
    private final List<Consumer<RoomMember>> joinHandlers = new CopyOnWriteArrayList<>();
    private final List<Consumer<RoomMember>> leaveHandlers = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> userJoinHandlers = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> userLeaveHandlers = new CopyOnWriteArrayList<>();
    /** How many sockets each user has in the room. In the mailbox. */
    private final Map<String, Integer> socketsOfUsers = new HashMap<>();

    Presence(String room, Adapter adapter, HandlerExecution execution) {
        this.room = room;
        this.mailbox = execution.mailbox(new Changes(), Integer.MAX_VALUE);
        this.watch = adapter.watchRoom(room, new RoomWatch.Listener() {
            @Override
            public void joined(RoomMember member) {
                mailbox.add(() -> tellJoined(member));
            }

            @Override
            public void left(RoomMember member) {
                mailbox.add(() -> tellLeft(member));
            }
        });
    }

    /** The room. */
    public String room() {
        return room;
    }

    /** The sockets that are in the room, as far as is known. A snapshot; empty once closed. */
    public List<RoomMember> members() {
        return watch.members();
    }

    /** The users that have a socket in the room, as far as is known. A snapshot; empty once closed. */
    public Set<String> userIds() {
        Set<String> users = new LinkedHashSet<>();
        for (RoomMember member : members()) {
            if (member.userId() != null) {
                users.add(member.userId());
            }
        }
        return users;
    }

    /** How many servers are known to be there and have not told yet who is in the room; Node.js servers never do. */
    public int missingServers() {
        return watch.missingNodes();
    }

    /** Runs the handler for each socket that comes into the room, and perhaps for some that are just there. */
    public void onJoin(Consumer<RoomMember> handler) {
        joinHandlers.add(handler);
    }

    /** Runs the handler for each socket that leaves the room. */
    public void onLeave(Consumer<RoomMember> handler) {
        leaveHandlers.add(handler);
    }

    /** Runs the handler for each user who comes with a first socket, and perhaps for some who are just there. */
    public void onUserJoin(Consumer<String> handler) {
        userJoinHandlers.add(handler);
    }

    /** Runs the handler for each user whose last socket leaves. */
    public void onUserLeave(Consumer<String> handler) {
        userLeaveHandlers.add(handler);
    }

    /** Watches no more. Handlers of what has happened before may still run. Idempotent. */
    @Override
    public void close() {
        watch.close();
    }

    private void tellJoined(RoomMember member) {
        tell(joinHandlers, member);
        String user = member.userId();
        if (user != null && socketsOfUsers.merge(user, 1, Integer::sum) == 1) {
            tell(userJoinHandlers, user);
        }
    }

    private void tellLeft(RoomMember member) {
        tell(leaveHandlers, member);
        String user = member.userId();
        if (user != null
                && socketsOfUsers.computeIfPresent(user, (u, count) -> count == 1 ? null : count - 1) == null) {
            tell(userLeaveHandlers, user);
        }
    }

    private <T> void tell(List<Consumer<T>> handlers, T what) {
        for (Consumer<T> handler : handlers) {
            try {
                handler.accept(what);
            } catch (Throwable e) { // application code: the next handler is not to suffer
                log.error("a handler of the presence in room {} failed", LogText.quote(room), e);
            }
        }
    }

    /** What fills the mailbox. */
    private static final class Changes implements Mailbox.Source {
        @Override
        public void pauseReading() {
            // sockets come and go as they please
        }

        @Override
        public void resumeReading() {}

        @Override
        public void rejected(Throwable reason) {
            log.error("the handler executor takes no task; changes of presence wait", reason);
        }
    }
}
