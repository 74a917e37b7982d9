package io.sockeye.adapter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * How it works. A member record per socket holds its rooms; a room holds its members in order of joining. A broadcast
 * wants neither: it wants arrays of sockets, one per event loop, so that it is handed over once per loop. Such a
 * {@link Recipients} snapshot is made when a broadcast first asks for it and kept until the room changes, so the cost per
 * delivery does not grow with the room and repeated broadcasts to a steady room copy nothing.
 *
 * A socket's own-id room is not stored: a room name that is a member's id means that member too, unless it has left its
 * own room. Ten thousand connections would otherwise pay for ten thousand rooms of one.
 *
 * Locks: a member's monitor, then inside it a bin of {@code rooms}, then inside it a room's monitor. Nothing is called
 * back under any of them: what a listener is to learn is noted there, and told behind them.
 */

/**
 * Which of this node's sockets are in which rooms of one namespace.
 *
 * <p>Thread-safe. A change is visible to every broadcast that starts after the call that made it has returned.
 *
 * @param <S> the sockets, opaque to adapters
 */
public final class LocalRooms<S> {
    private final Function<S, Object> groupOf;
    private final ConcurrentHashMap<String, Member<S>> members = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Room<S>> rooms = new ConcurrentHashMap<>();
    private final Room<S> everybody = new Room<>();
    private final RoomChanges changes = new RoomChanges();

    /**
     * Makes an empty index.
     *
     * @param groupOf what a broadcast's recipients are grouped by: the event loop of a socket
     */
    public static <S> LocalRooms<S> groupedBy(Function<S, Object> groupOf) {
        return new LocalRooms<>(groupOf);
    }

    private LocalRooms(Function<S, Object> groupOf) {
        this.groupOf = groupOf;
    }

    /** Adds an admitted socket, in its own-id room and in no other. */
    public void add(String socketId, S socket) {
        Member<S> member = new Member<>(socketId, socket);
        if (members.putIfAbsent(socketId, member) != null) {
            throw new IllegalStateException("socket id is in use");
        }
        synchronized (member) {
            if (!member.removed) {
                everybody.add(member);
                changes.added(socketId);
            }
        }
        changes.tellByItself();
    }

    /** Puts a socket into rooms. Has no effect when the socket is unknown or removed. */
    public void join(String socketId, Collection<String> names) {
        Member<S> member = members.get(socketId);
        if (member == null) {
            return;
        }
        synchronized (member) {
            if (member.removed) {
                return;
            }
            for (String name : names) {
                if (name.equals(socketId)) {
                    member.outOfOwnRoom = false;
                } else if (member.joined().add(name)) {
                    rooms.compute(name, (key, room) -> {
                        Room<S> target = room == null ? new Room<>() : room;
                        target.add(member);
                        changes.joined(key, socketId, /* first= */ room == null);
                        return target;
                    });
                }
            }
        }
        changes.tellByItself();
    }

    /** Takes a socket out of a room. */
    public void leave(String socketId, String name) {
        Member<S> member = members.get(socketId);
        if (member == null) {
            return;
        }
        synchronized (member) {
            if (name.equals(socketId)) {
                member.outOfOwnRoom = true;
            } else if (member.joined != null && member.joined.remove(name)) {
                removeFrom(name, member);
            }
        }
        changes.tellByItself();
    }

    /** Removes a socket for good; later calls to {@link #join} with its id have no effect. */
    public void remove(String socketId) {
        Member<S> member = members.remove(socketId);
        if (member == null) {
            return;
        }
        synchronized (member) {
            member.removed = true;
            if (member.joined != null) {
                for (String name : member.joined) {
                    removeFrom(name, member);
                }
                member.joined = null;
            }
            everybody.remove(member);
            changes.removed(socketId);
        }
        changes.tellByItself();
    }

    /** Tells somebody of the rooms' changes from now on; there is one such listener at most. */
    public void listen(RoomListener listener) {
        changes.listen(listener);
    }

    /**
     * Lets the listener know who is in a room now, unless it has been told, and of each who joins or leaves it from now on. It is
     * told with the next change, or by {@link #tell}.
     */
    public void watch(String name) {
        rooms.compute(name, (key, room) -> {
            changes.watch(key, () -> room == null ? Set.of() : room.ids());
            return room;
        });
    }

    /**
     * Lets only {@link #tell} tell the listener from now on: for an adapter under whose own lock rooms change, where the listener
     * has no place.
     */
    public void tellByHand() {
        changes.tellByHand();
    }

    /** Tells the listener what it has not been told yet. Under no lock. */
    public void tell() {
        changes.tell();
    }

    /** Tells the listener no more about who is in a room. */
    public void unwatch(String name) {
        rooms.compute(name, (key, room) -> {
            changes.unwatch(key);
            return room;
        });
    }

    /** The rooms of a socket, its own-id room first; empty when unknown. A snapshot. */
    public Set<String> roomsOf(String socketId) {
        Member<S> member = members.get(socketId);
        if (member == null) {
            return Set.of();
        }
        Set<String> names = new LinkedHashSet<>();
        synchronized (member) {
            if (!member.outOfOwnRoom) {
                names.add(socketId);
            }
            if (member.joined != null) {
                names.addAll(member.joined);
            }
        }
        return names;
    }

    /** The socket of that id; null when unknown. */
    public @Nullable S socket(String socketId) {
        Member<S> member = members.get(socketId);
        return member == null ? null : member.socket;
    }

    /** How many sockets there are. */
    public int size() {
        return members.size();
    }

    /** The names of the rooms that have members, without own-id rooms. A snapshot. */
    public Set<String> names() {
        return Set.copyOf(rooms.keySet());
    }

    /** The ids of those who would {@linkplain #recipients receive} such a broadcast. A snapshot. */
    public Set<String> sockets(Set<String> names, Set<String> except) {
        Set<String> ids = new LinkedHashSet<>();
        choose(names, except).forEach(member -> ids.add(member.id));
        return ids;
    }

    /**
     * Who receives a broadcast: the sockets in any of {@code names} (all when empty) that are in none of {@code except},
     * each once, grouped. A snapshot.
     */
    public Recipients<S> recipients(Set<String> names, Set<String> except) {
        if (except.isEmpty()) {
            if (names.isEmpty()) {
                return everybody.recipients(groupOf);
            }
            if (names.size() == 1) {
                String name = names.iterator().next();
                Room<S> room = rooms.get(name);
                Member<S> owner = ownerOf(name);
                if (owner == null) {
                    return room == null ? Recipients.none() : room.recipients(groupOf);
                }
                if (room == null) {
                    return Recipients.of(List.of(owner), groupOf);
                }
            }
        }
        return Recipients.of(choose(names, except), groupOf);
    }

    /** The one socket of that id, whether it is in its own-id room or not. */
    public Recipients<S> recipient(String socketId) {
        Member<S> member = members.get(socketId);
        return member == null ? Recipients.none() : Recipients.of(List.of(member), groupOf);
    }

    private Set<Member<S>> choose(Set<String> names, Set<String> except) {
        Set<Member<S>> chosen = new LinkedHashSet<>();
        if (names.isEmpty()) {
            everybody.addMembersTo(chosen);
        } else {
            names.forEach(name -> addRoomTo(name, chosen));
        }
        if (!except.isEmpty() && !chosen.isEmpty()) {
            Set<Member<S>> excluded = new LinkedHashSet<>();
            except.forEach(name -> addRoomTo(name, excluded));
            chosen.removeAll(excluded);
        }
        return chosen;
    }

    private void addRoomTo(String name, Set<Member<S>> target) {
        Member<S> owner = ownerOf(name);
        if (owner != null) {
            target.add(owner);
        }
        Room<S> room = rooms.get(name);
        if (room != null) {
            room.addMembersTo(target);
        }
    }

    private @Nullable Member<S> ownerOf(String name) {
        Member<S> owner = members.get(name);
        return owner == null || owner.outOfOwnRoom ? null : owner;
    }

    private void removeFrom(String name, Member<S> member) {
        rooms.computeIfPresent(name, (key, room) -> {
            boolean last = room.remove(member);
            changes.left(key, member.id, last);
            return last ? null : room;
        });
    }

    /** A socket and its rooms. Guarded by its monitor. */
    private static final class Member<S> {
        final String id;
        final S socket;
        /** Null until the first join, and after removal. */
        @Nullable Set<String> joined;

        volatile boolean outOfOwnRoom;
        boolean removed;

        Member(String id, S socket) {
            this.id = id;
            this.socket = socket;
        }

        Set<String> joined() {
            if (joined == null) {
                joined = new LinkedHashSet<>(4);
            }
            return joined;
        }
    }

    /** Members in order of joining. Guarded by its monitor. */
    private static final class Room<S> {
        private final Set<Member<S>> members = new LinkedHashSet<>(4);
        /** What the last broadcast made; null since the last change. */
        private @Nullable Recipients<S> recipients;

        synchronized void add(Member<S> member) {
            members.add(member);
            recipients = null;
        }

        /** Whether the room is empty now. */
        synchronized boolean remove(Member<S> member) {
            members.remove(member);
            recipients = null;
            return members.isEmpty();
        }

        synchronized Set<String> ids() {
            Set<String> ids = new LinkedHashSet<>();
            members.forEach(member -> ids.add(member.id));
            return ids;
        }

        synchronized void addMembersTo(Set<Member<S>> target) {
            target.addAll(members);
        }

        synchronized Recipients<S> recipients(Function<S, Object> groupOf) {
            Recipients<S> current = recipients;
            if (current == null) {
                current = Recipients.of(members, groupOf);
                recipients = current;
            }
            return current;
        }
    }

    /**
     * The recipients of a broadcast in groups: one hand-over each. Immutable.
     *
     * @param groups the groups, in no order; members in order of joining
     * @param <S> the sockets
     */
    public record Recipients<S>(List<Group<S>> groups) {
        private static final Recipients<?> NONE = new Recipients<>(List.of());

        /** Copies the list. */
        public Recipients {
            groups = List.copyOf(groups);
        }

        @SuppressWarnings("unchecked") // holds no S
        static <S> Recipients<S> none() {
            return (Recipients<S>) NONE;
        }

        static <S> Recipients<S> of(Collection<Member<S>> members, Function<S, Object> groupOf) {
            Map<Object, List<S>> byGroup = new LinkedHashMap<>();
            for (Member<S> member : members) {
                byGroup.computeIfAbsent(groupOf.apply(member.socket), key -> new ArrayList<>())
                        .add(member.socket);
            }
            List<Group<S>> groups = new ArrayList<>(byGroup.size());
            byGroup.forEach((key, sockets) -> groups.add(new Group<>(key, List.copyOf(sockets))));
            return new Recipients<>(groups);
        }

        /** How many sockets there are in all groups. */
        public int size() {
            int size = 0;
            for (Group<S> group : groups) {
                size += group.sockets().size();
            }
            return size;
        }
    }

    /**
     * Recipients of one group.
     *
     * @param key what they are grouped by
     * @param sockets the sockets in order of joining
     * @param <S> the sockets
     */
    public record Group<S>(Object key, List<S> sockets) {}
}
