package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import io.sockeye.adapter.cluster.StoredSession.Place;
import io.sockeye.adapter.cluster.StoredSession.Stay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A session that this node has, or is about to take up. Guarded by the adapter's monitor, but for what never changes. */
final class ClusterSession {
    /** Of how many stays that have ended it is remembered when that was. */
    private static final int MOST_ENDED_STAYS = 256;

    private final String sid;
    private final String pid;
    /** What the application has attached to the socket. */
    private final Object data;

    private final long liveSinceNanos;
    private Moment start;
    private long floor;
    private long proven;
    /** The rooms it is in, and since when. */
    private final Map<String, Moment> open = new LinkedHashMap<>(4);

    private final Deque<Stay> ended = new ArrayDeque<>(0);

    /** What had been appended here when it came back here; 0 when it did not. */
    private long arrivedBehind;

    private final Writing writing = new Writing();
    /** Whether it has no connection here any more. */
    private boolean gone;
    /** Whether its client was perhaps sent what is not in the log, and nothing since that is. */
    private boolean doubtful;

    private ClusterSession(String sid, String pid, Object data, Moment start, long liveSinceNanos) {
        this.sid = sid;
        this.pid = pid;
        this.data = data;
        this.start = start;
        this.liveSinceNanos = liveSinceNanos;
    }

    /** One that begins. */
    static ClusterSession beginning(String sid, String pid, Object data, Moment start, long nowNanos) {
        ClusterSession session = new ClusterSession(sid, pid, data, start, nowNanos);
        session.join(sid, start);
        return session;
    }

    /** One that was kept. */
    static ClusterSession of(StoredSession stored, Object data, long nowNanos) {
        ClusterSession session = new ClusterSession(stored.sid(), stored.pid(), data, stored.start(), nowNanos);
        session.floor = stored.floor();
        session.proven = stored.proven();
        for (Stay stay : stored.stays()) {
            if (stay.to() == null) {
                session.open.put(stay.room(), stay.from());
            } else {
                session.ended.add(stay);
            }
        }
        return session;
    }

    /** As it is to be kept. */
    StoredSession stored(String owner, boolean live, Moment now, JsonNode json) {
        List<Stay> stays = new ArrayList<>(ended);
        open.forEach((room, from) -> stays.add(new Stay(room, from, null)));
        long known = doubtful ? Long.MAX_VALUE : floor;
        return new StoredSession(sid, pid, owner, live, start, now, known, proven, stays, json);
    }

    String sid() {
        return sid;
    }

    String pid() {
        return pid;
    }

    Object data() {
        return data;
    }

    /** When this node got it. */
    long liveSinceNanos() {
        return liveSinceNanos;
    }

    /** The rooms it is in. */
    Set<String> rooms() {
        return open.keySet();
    }

    /** The log can be read now, from that position on, which could not be known when it began. */
    void logStarted(long position) {
        if (start.position() == 0) {
            start = new Moment(position, start.uid(), start.sequence());
        }
    }

    void join(String room, Moment now) {
        open.putIfAbsent(room, now);
    }

    void leave(String room, Moment now) {
        Moment from = open.remove(room);
        if (from != null && !from.equals(now)) {
            ended.add(new Stay(room, from, now));
            if (ended.size() > MOST_ENDED_STAYS) {
                Moment forgotten = ended.remove().to();
                floor = Math.max(floor, forgotten == null ? now.position() : forgotten.position());
            }
        }
    }

    /** Whether the options name its socket, at the time of that entry. */
    boolean isNamedBy(BroadcastOptions options, Place entry) {
        return start.precedes(entry)
                && (options.rooms().isEmpty() || wasInAny(options.rooms(), entry))
                && !wasInAny(options.except(), entry);
    }

    private boolean wasInAny(Set<String> rooms, Place entry) {
        for (String room : rooms) {
            Moment from = open.get(room);
            if (from != null && from.precedes(entry)) {
                return true;
            }
        }
        if (!ended.isEmpty() && !rooms.isEmpty()) {
            for (Stay stay : ended) {
                if (rooms.contains(stay.room()) && stay.covers(entry)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Its client was perhaps sent what is not in the log; answers whether that is news. */
    boolean doubt() {
        boolean news = !doubtful;
        doubtful = true;
        return news;
    }

    /** Its client has been sent nothing but what is in the log since that position. */
    void certainSince(long position) {
        doubtful = false;
        floor = Math.max(floor, position);
    }

    /** Whether its client cannot be brought up to date now, wherever it stands. */
    boolean isDoubtful() {
        return doubtful;
    }

    /** Its client has received everything up to that position. */
    void proven(long position) {
        proven = Math.max(proven, position);
    }

    /** A heartbeat was perhaps missed: nothing is known but its client's offset. */
    void unproven() {
        proven = 0;
    }

    /** It has come back here, when that much had been appended here. */
    void arrived(long sequence) {
        arrivedBehind = sequence;
    }

    /** Whether what was appended here under that number was appended before it came back here. */
    boolean arrivedBehind(long sequence) {
        return arrivedBehind >= sequence;
    }

    /** How it is being kept. */
    Writing writing() {
        return writing;
    }

    /** It has no connection here any more. */
    void goes() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** How a session is being kept: {@link SessionWriter}'s. Guarded by its own monitor, which is taken before the adapter's. */
    static final class Writing {
        /** Whether this node is its owner, whoever was it before. */
        boolean claim;

        boolean underWay;
        /** Whether it has changed since it is under way. */
        boolean again;

        boolean failed;
        /** Whether nothing more is to be written. */
        boolean over;
        /** When it was last begun to be written. */
        long writtenNanos;
    }
}
