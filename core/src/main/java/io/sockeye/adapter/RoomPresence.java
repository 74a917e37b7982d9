package io.sockeye.adapter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * How it works. A room is followed while it is watched here, or held for somebody elsewhere. Who is in it is kept by node. This
 * node's part is fed by LocalRooms, and has a version that each change raises, by which others notice that they have missed one.
 * The parts of other nodes are what these have told, with their versions. All of it is decided on under one monitor, and told
 * behind it, in order.
 */

/**
 * Who is in the rooms that somebody watches. Rooms that nobody watches cost nothing.
 *
 * <p>Thread-safe: guarded by its monitor. Listeners and links are called outside of it, one at a time.
 */
public final class RoomPresence implements RoomListener {
    private static final String HERE = "";

    private final LocalRooms<?> rooms;
    private final Links links;
    private final OrderedCalls calls = new OrderedCalls();
    /** Held while {@link LocalRooms} is told whether a room is followed, so that the last word is right. Before the monitor. */
    private final Object gate = new Object();

    private final Map<String, Room> followed = new HashMap<>();
    /** The last version given to any room here: one that is followed anew goes on where it was. */
    private long lastVersion;

    /** What other nodes are to learn. */
    public interface Links {
        /** A room is watched here from now on. */
        void watching(String room);

        /** It is known now who is in a room on this node. */
        void ready(String room);

        /** Something has changed in a room on this node. */
        void changed(String room, long previous, long version, List<RoomMember> joined, List<String> left);

        /** The nodes that are to tell who is in their rooms. */
        Set<String> nodes();
    }

    /**
     * Who is in a room on this node.
     *
     * @param version grows with each change
     */
    public record State(long version, List<RoomMember> members) {}

    /** What a node knows of a room. */
    private static final class Part {
        long version;
        final Map<String, RoomMember> members = new LinkedHashMap<>();

        Part(long version) {
            this.version = version;
        }
    }

    /** A room that is followed. */
    private static final class Room {
        final Map<String, Part> parts = new LinkedHashMap<>();
        final List<Watch> watches = new CopyOnWriteArrayList<>();
        boolean held;

        boolean has(String socketId) {
            return parts.values().stream().anyMatch(part -> part.members.containsKey(socketId));
        }
    }

    /** Nodes that stand alone have no links. */
    static final Links NONE = new Links() {
        @Override
        public void watching(String room) {}

        @Override
        public void ready(String room) {}

        @Override
        public void changed(String room, long previous, long version, List<RoomMember> joined, List<String> left) {}

        @Override
        public Set<String> nodes() {
            return Set.of();
        }
    };

    private RoomPresence(LocalRooms<?> rooms, Links links) {
        this.rooms = rooms;
        this.links = links;
    }

    /** Follows rooms of this node, once it is told of {@link LocalRooms#listen their changes}. */
    public static RoomPresence of(LocalRooms<?> rooms, Links links) {
        return new RoomPresence(rooms, links);
    }

    /** Watches a room. */
    public RoomWatch watch(String name, RoomWatch.Listener listener) {
        Watch watch = new Watch(name, listener);
        boolean first;
        synchronized (this) {
            Room room = followed.computeIfAbsent(name, n -> new Room());
            first = room.watches.isEmpty();
            room.watches.add(watch);
            members(room).forEach(member -> calls.add(() -> listener.joined(member)));
            if (first) {
                calls.add(() -> links.watching(name));
            }
        }
        reconcile(name);
        return watch;
    }

    /** The rooms that are watched here. A snapshot. */
    public synchronized Set<String> watched() {
        Set<String> names = new LinkedHashSet<>();
        followed.forEach((name, room) -> {
            if (!room.watches.isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    /** Follows a room for another node. */
    public void hold(String name) {
        synchronized (this) {
            followed.computeIfAbsent(name, n -> new Room()).held = true;
        }
        reconcile(name);
    }

    /** Follows a room for other nodes no more. */
    public void release(String name) {
        synchronized (this) {
            Room room = followed.get(name);
            if (room != null) {
                room.held = false;
                forgetIfIdle(name, room);
            }
        }
        reconcile(name);
    }

    /** Who is in a followed room on this node; null while that is not known. */
    public synchronized @Nullable State here(String name) {
        Room room = followed.get(name);
        Part part = room == null ? null : room.parts.get(HERE);
        return part == null ? null : new State(part.version, List.copyOf(part.members.values()));
    }

    /** A node has told who is in a room there. */
    public void told(String node, String name, long version, Collection<RoomMember> members) {
        synchronized (this) {
            Room room = watchedRoom(name);
            Part before = room == null ? null : room.parts.get(node);
            if (room == null || (before != null && before.version >= version)) {
                return;
            }
            Map<String, RoomMember> now = new LinkedHashMap<>();
            members.forEach(member -> now.put(member.socketId(), member));
            Part part = room.parts.computeIfAbsent(node, n -> new Part(version));
            part.version = version;
            for (String socketId : List.copyOf(part.members.keySet())) {
                if (!now.containsKey(socketId)) {
                    remove(room, part, socketId);
                }
            }
            now.values().forEach(member -> add(room, part, member));
        }
        calls.make();
    }

    /** A node has told of a change in a room there. False when one before it has been missed. */
    public boolean changed(
            String node, String name, long previous, long version, List<RoomMember> joined, List<String> left) {
        synchronized (this) {
            Room room = watchedRoom(name);
            if (room == null) {
                return true;
            }
            Part part = room.parts.get(node);
            if (part == null || previous > part.version) {
                return false;
            }
            if (version <= part.version) {
                return true;
            }
            part.version = version;
            left.forEach(socketId -> remove(room, part, socketId));
            joined.forEach(member -> add(room, part, member));
        }
        calls.make();
        return true;
    }

    /** Those of a node's rooms that are watched here, and of which something has been missed. */
    public synchronized Set<String> missed(String node, Map<String, Long> versions) {
        Set<String> missed = new LinkedHashSet<>();
        versions.forEach((name, version) -> {
            Room room = watchedRoom(name);
            Part part = room == null ? null : room.parts.get(node);
            if (room != null && (part == null || part.version < version)) {
                missed.add(name);
            }
        });
        return missed;
    }

    /** No other nodes than these are there any more, nor who was there. */
    public void keepNodes(Set<String> nodes) {
        synchronized (this) {
            for (Room room : followed.values()) {
                for (String node : List.copyOf(room.parts.keySet())) {
                    if (!node.equals(HERE) && !nodes.contains(node)) {
                        forget(room, node);
                    }
                }
            }
        }
        calls.make();
    }

    private void forget(Room room, String node) {
        Part part = room.parts.remove(node);
        if (part != null) {
            for (RoomMember member : part.members.values()) {
                if (!room.has(member.socketId())) {
                    room.watches.forEach(watch -> calls.add(() -> watch.left(member)));
                }
            }
        }
    }

    @Override
    public void created(String room) {}

    @Override
    public void deleted(String room) {}

    @Override
    public void watched(String name, Set<String> socketIds) {
        List<RoomMember> members = socketIds.stream().map(this::member).toList();
        synchronized (this) {
            Room room = followed.get(name);
            if (room == null) {
                return;
            }
            Part part = new Part(++lastVersion);
            room.parts.put(HERE, part);
            members.forEach(member -> add(room, part, member));
            calls.add(() -> links.ready(name));
        }
        calls.make();
    }

    @Override
    public void joined(String name, String socketId) {
        RoomMember member = member(socketId);
        changedHere(name, (room, part) -> add(room, part, member), List.of(member), List.of());
    }

    @Override
    public void left(String name, String socketId) {
        changedHere(name, (room, part) -> remove(room, part, socketId), List.of(), List.of(socketId));
    }

    /** What a change does to this node's part of a room. */
    private interface Step {
        void take(Room room, Part part);
    }

    private void changedHere(String name, Step step, List<RoomMember> joined, List<String> left) {
        synchronized (this) {
            Room room = followed.get(name);
            Part part = room == null ? null : room.parts.get(HERE);
            if (room == null || part == null) {
                return;
            }
            long previous = part.version;
            part.version = ++lastVersion;
            long version = lastVersion;
            step.take(room, part);
            if (room.held) {
                calls.add(() -> links.changed(name, previous, version, joined, left));
            }
        }
        calls.make();
    }

    private RoomMember member(String socketId) {
        return new RoomMember(socketId, UserRoom.userIn(rooms.roomsOf(socketId)));
    }

    private void add(Room room, Part part, RoomMember member) {
        boolean isNew = !room.has(member.socketId());
        part.members.put(member.socketId(), member);
        if (isNew) {
            room.watches.forEach(watch -> calls.add(() -> watch.joined(member)));
        }
    }

    private void remove(Room room, Part part, String socketId) {
        RoomMember member = part.members.remove(socketId);
        if (member != null && !room.has(socketId)) {
            room.watches.forEach(watch -> calls.add(() -> watch.left(member)));
        }
    }

    private @Nullable Room watchedRoom(String name) {
        Room room = followed.get(name);
        return room == null || room.watches.isEmpty() ? null : room;
    }

    private void forgetIfIdle(String name, Room room) {
        if (!room.held && room.watches.isEmpty()) {
            followed.remove(name);
        }
    }

    /** Has the room's changes told on this node if it is followed, and only then. */
    private void reconcile(String name) {
        synchronized (gate) {
            boolean wanted;
            synchronized (this) {
                wanted = followed.containsKey(name);
            }
            if (wanted) {
                rooms.watch(name);
            } else {
                rooms.unwatch(name);
            }
        }
        rooms.tell();
        calls.make();
    }

    private static List<RoomMember> members(Room room) {
        Map<String, RoomMember> all = new LinkedHashMap<>();
        room.parts.values().forEach(part -> all.putAll(part.members));
        return new ArrayList<>(all.values());
    }

    /** One who watches. */
    private final class Watch implements RoomWatch {
        private final String name;
        private final Listener listener;
        private final AtomicBoolean closed = new AtomicBoolean();

        Watch(String name, Listener listener) {
            this.name = name;
            this.listener = listener;
        }

        void joined(RoomMember member) {
            if (!closed.get()) {
                listener.joined(member);
            }
        }

        void left(RoomMember member) {
            if (!closed.get()) {
                listener.left(member);
            }
        }

        @Override
        public List<RoomMember> members() {
            synchronized (RoomPresence.this) {
                Room room = followed.get(name);
                return room == null || closed.get() ? List.of() : RoomPresence.members(room);
            }
        }

        @Override
        public int missingNodes() {
            Set<String> nodes = new LinkedHashSet<>(links.nodes());
            synchronized (RoomPresence.this) {
                Room room = followed.get(name);
                if (room != null) {
                    nodes.removeAll(room.parts.keySet());
                }
            }
            return nodes.size();
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            synchronized (RoomPresence.this) {
                Room room = followed.get(name);
                if (room != null && room.watches.remove(this)) {
                    if (room.watches.isEmpty()) {
                        room.parts.keySet().removeIf(node -> !node.equals(HERE));
                    }
                    forgetIfIdle(name, room);
                }
            }
            reconcile(name);
        }
    }
}
