package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalRooms;
import io.sockeye.adapter.RoomMember;
import io.sockeye.adapter.RoomPresence;
import io.sockeye.adapter.RoomWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * How it works. A node that watches a room says so to all; the others follow the room from then on, answer who is in it, and
 * publish what changes. Each change names the version before it, so that a receiver notices that it has missed one, and asks
 * anew. With every heartbeat, those who watch say what they watch, and those who are watched which versions they are at, so that
 * whatever was lost is made good by then. A node that is not alive any more is forgotten with all who were there.
 */

/** Who is in the watched rooms on other nodes, and what those learn of this one. Thread-safe. */
final class ClusterPresence implements RoomPresence.Links {
    private final Outbound out;
    private final Membership membership;
    private final RoomPresence presence;
    /** The nodes that watch a room, by its name. Guarded by this. */
    private final Map<String, Set<String>> watchers = new HashMap<>();
    /** Rooms of which a node has been asked because something was missed, as {@code uid room}. Guarded by this. */
    private final Set<String> asked = new HashSet<>();
    /** Whether others believe that something is watched here. Guarded by this. */
    private boolean announced;

    ClusterPresence(Outbound out, Membership membership, LocalRooms<?> rooms) {
        this.out = out;
        this.membership = membership;
        this.presence = RoomPresence.of(rooms, this);
    }

    /** Learns of this node's rooms. */
    RoomPresence rooms() {
        return presence;
    }

    RoomWatch watch(String room, RoomWatch.Listener listener) {
        return presence.watch(room, listener);
    }

    @Override
    public void watching(String room) {
        ask(Set.of(room));
    }

    @Override
    public void ready(String room) {
        List<String> to;
        synchronized (this) {
            to = List.copyOf(watchers.getOrDefault(room, Set.of()));
        }
        to.forEach(uid -> tell(uid, "", room));
    }

    @Override
    public void changed(String room, long previous, long version, List<RoomMember> joined, List<String> left) {
        out.publish(new ClusterMessage.PresenceChange(room, previous, version, joined, left));
    }

    @Override
    public Set<String> nodes() {
        return membership.alive();
    }

    /** A peer is there. */
    void came() {
        announce();
    }

    /** A peer is not there any more. */
    void gone(String uid) {
        presence.keepNodes(membership.alive());
        release(uid, Set.of());
    }

    /** A heartbeat has been sent. */
    void beat() {
        presence.keepNodes(membership.alive());
        announce();
        Map<String, Long> versions = new LinkedHashMap<>();
        List<String> watched;
        synchronized (this) {
            asked.clear();
            watched = List.copyOf(watchers.keySet());
        }
        for (String room : watched) {
            RoomPresence.State state = presence.here(room);
            if (state != null) {
                versions.put(room, state.version());
            }
        }
        if (!versions.isEmpty()) {
            out.publish(new ClusterMessage.PresenceVersions(versions));
        }
    }

    /** Something that a peer says of presence. */
    void received(String uid, ClusterMessage.Extension message) {
        if (message instanceof ClusterMessage.PresenceWatch watch) {
            watchedBy(uid, watch);
        } else if (message instanceof ClusterMessage.PresenceState state) {
            presence.told(uid, state.room(), state.version(), state.members());
        } else if (message instanceof ClusterMessage.PresenceChange change) {
            if (!presence.changed(
                    uid, change.room(), change.previous(), change.version(), change.joined(), change.left())) {
                missed(uid, Set.of(change.room()));
            }
        } else if (message instanceof ClusterMessage.PresenceVersions versions) {
            missed(uid, presence.missed(uid, versions.versions()));
            if (!presence.watched().containsAll(versions.versions().keySet())) {
                out.publish(new ClusterMessage.PresenceWatch(
                        ClusterRequests.newId(), presence.watched(), /* complete= */ true));
            }
        }
    }

    private void watchedBy(String uid, ClusterMessage.PresenceWatch watch) {
        Set<String> rooms = new LinkedHashSet<>(watch.rooms());
        synchronized (this) {
            rooms.removeIf(room ->
                    !watchers.computeIfAbsent(room, r -> new HashSet<>()).add(uid) && watch.complete());
        }
        for (String room : rooms) {
            boolean known = presence.here(room) != null; // else it is told when it is known
            presence.hold(room);
            if (known) {
                tell(uid, watch.requestId(), room);
            }
        }
        if (watch.complete()) {
            release(uid, watch.rooms());
        }
    }

    /** A node watches no other rooms than these. */
    private void release(String uid, Set<String> butFor) {
        List<String> released = new ArrayList<>();
        synchronized (this) {
            watchers.forEach((room, uids) -> {
                if (!butFor.contains(room) && uids.remove(uid) && uids.isEmpty()) {
                    released.add(room);
                }
            });
            watchers.keySet().removeAll(released);
        }
        released.forEach(presence::release);
    }

    private void tell(String uid, String requestId, String room) {
        RoomPresence.State state = presence.here(room);
        if (state != null) {
            out.respond(uid, new ClusterMessage.PresenceState(requestId, room, state.version(), state.members()));
        }
    }

    private void missed(String uid, Set<String> rooms) {
        Set<String> unasked = new LinkedHashSet<>();
        synchronized (this) {
            for (String room : rooms) {
                if (asked.add(uid + " " + room)) {
                    unasked.add(room);
                }
            }
        }
        ask(unasked);
    }

    private void ask(Set<String> rooms) {
        if (!rooms.isEmpty()) {
            synchronized (this) {
                announced = true;
            }
            out.publish(new ClusterMessage.PresenceWatch(ClusterRequests.newId(), rooms, /* complete= */ false));
        }
    }

    private void announce() {
        Set<String> watched = presence.watched();
        boolean worthwhile;
        synchronized (this) {
            worthwhile = announced || !watched.isEmpty();
            announced = !watched.isEmpty();
        }
        if (worthwhile) {
            out.publish(new ClusterMessage.PresenceWatch(ClusterRequests.newId(), watched, /* complete= */ true));
        }
    }
}
