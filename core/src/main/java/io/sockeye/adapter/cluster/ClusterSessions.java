package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.RecoverySettings;
import io.sockeye.adapter.RecoveryStats;
import io.sockeye.adapter.SessionRecord;
import io.sockeye.adapter.SessionStore;
import io.sockeye.adapter.cluster.StoredSession.Place;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a namespace that any node of the cluster can take up: those of this node's sockets, each of which is kept with
 * the {@link LogDriver} as soon as it begins or changes, and the return of such that are kept there.
 *
 * <p>Thread-safe. Within the delivery's monitor where nothing else is said.
 */
final class ClusterSessions implements SessionStore, LogDelivery.Doubts {
    /** A session's id, of this server and of the reference. What a client sends becomes part of a key. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{20}");

    private final LocalNamespace local;
    private final LogDriver driver;
    private final RecoverySettings settings;
    private final LogDelivery delivery;
    private final SessionWriter writer;
    private final Arrivals arrivals;

    /** By socket id. */
    private final Map<String, ClusterSession> live = new HashMap<>();
    /** The same by private id. */
    private final Map<String, ClusterSession> byPid = new HashMap<>();
    /** Those whose clients were perhaps sent what is not in the log. */
    private final Set<ClusterSession> doubtful = new HashSet<>();

    ClusterSessions(
            LocalNamespace local,
            LogDriver driver,
            RecoverySettings settings,
            Function<LogDelivery.Doubts, LogDelivery> delivery) {
        this.local = local;
        this.driver = driver;
        this.settings = settings;
        this.delivery = delivery.apply(this);
        this.writer = new SessionWriter(local, driver, settings, this.delivery, this::takenElsewhere);
        this.arrivals = new Arrivals(local, this.delivery);
        local.rooms().tellByHand();
    }

    LogDelivery delivery() {
        return delivery;
    }

    @Override
    public void begin(SessionRecord record, Runnable enter) {
        ClusterSession session;
        synchronized (delivery.order) {
            session = ClusterSession.beginning(
                    record.sid(), record.pid(), record.data(), delivery.now(), local.nanoTime());
            add(session);
            enter.run();
        }
        local.rooms().tell();
        writer.claim(session);
    }

    @Override
    public void suspend(String socketId, boolean unproven) {
        ClusterSession session = takeOut(socketId);
        if (session != null) {
            writer.suspended(session, unproven);
        }
        local.sessionGone(); // what is left of it waits with the broker
    }

    @Override
    public void dataChanged(String socketId) {
        ClusterSession session;
        synchronized (delivery.order) {
            session = live.get(socketId);
        }
        if (session != null) {
            writer.changed(session);
        }
    }

    /** A socket has left for good. */
    void leave(String socketId) {
        ClusterSession session = takeOut(socketId);
        if (session != null) {
            writer.ended(session);
        }
    }

    /** Takes a socket out of everything; null when it has no session. */
    private @Nullable ClusterSession takeOut(String socketId) {
        ClusterSession session;
        synchronized (delivery.order) {
            local.rooms().remove(socketId);
            session = remove(socketId);
        }
        local.rooms().tell();
        return session;
    }

    private void add(ClusterSession session) {
        live.put(session.sid(), session);
        byPid.put(session.pid(), session);
    }

    private @Nullable ClusterSession remove(String socketId) {
        ClusterSession session = live.remove(socketId);
        if (session != null) {
            byPid.remove(session.pid());
            session.goes();
            doubtful.remove(session);
        }
        return session;
    }

    void join(Collection<String> socketIds, Collection<String> rooms) {
        change(socketIds, (id, session) -> {
            local.rooms().join(id, rooms);
            if (session != null) {
                rooms.forEach(room -> session.join(room, delivery.now()));
            }
        });
    }

    void leave(Collection<String> socketIds, Collection<String> rooms) {
        change(socketIds, (id, session) -> {
            for (String room : rooms) {
                local.rooms().leave(id, room);
                if (session != null) {
                    session.leave(room, delivery.now());
                }
            }
        });
    }

    /** Those of these sockets that came back here after what this node has appended under that number. */
    List<String> arrivedBehind(long sequence, Collection<String> socketIds) {
        List<String> arrived = new ArrayList<>(0);
        synchronized (delivery.order) {
            for (String id : socketIds) {
                ClusterSession session = live.get(id);
                if (session != null && session.arrivedBehind(sequence)) {
                    arrived.add(id);
                }
            }
        }
        return arrived;
    }

    private interface Change {
        void apply(String socketId, @Nullable ClusterSession session);
    }

    private void change(Collection<String> socketIds, Change change) {
        List<ClusterSession> changed = new ArrayList<>(socketIds.size());
        synchronized (delivery.order) {
            for (String id : socketIds) {
                ClusterSession session = live.get(id);
                change.apply(id, session);
                if (session != null) {
                    changed.add(session);
                }
            }
        }
        local.rooms().tell();
        changed.forEach(writer::changed);
    }

    @Override
    public CompletionStage<@Nullable Suspended> find(String pid, @Nullable String offset) {
        return SessionSearch.start(this, pid, offset);
    }

    /** Another node has taken up the session of a socket whose connection this one believes in. */
    void takenElsewhere(String socketId) {
        ClusterSession session;
        synchronized (delivery.order) {
            session = remove(socketId);
        }
        if (session != null) {
            local.takenOver(socketId);
        }
    }

    @Override
    public boolean sweep() {
        List<ClusterSession> all;
        boolean busy;
        synchronized (delivery.order) {
            delivery.recent.trim(local.nanoTime());
            all = List.copyOf(live.values());
            busy = !all.isEmpty() || delivery.recent.size() > 0;
        }
        all.forEach(writer::refresh);
        return busy;
    }

    /** Nothing waits here: that is the broker's affair. */
    @Override
    public RecoveryStats stats() {
        synchronized (delivery.order) {
            return new RecoveryStats(delivery.recent.size(), delivery.recent.bytes(), /* waiting= */ 0);
        }
    }

    /** The log can be read from that position on. */
    void started(long position) {
        synchronized (delivery.order) {
            delivery.started(position);
            live.values().forEach(session -> session.logStarted(position));
        }
        rewrite();
    }

    /** Entries up to that position were lost, and perhaps everything that the broker kept. */
    void gap(long position) {
        synchronized (delivery.order) {
            delivery.gap(position);
            live.values().forEach(session -> session.certainSince(position));
            doubtful.clear();
        }
        rewrite();
    }

    private void rewrite() {
        List<ClusterSession> all;
        synchronized (delivery.order) {
            all = List.copyOf(live.values());
        }
        all.forEach(writer::claim);
    }

    /** The broker can be asked again. */
    void connected() {
        List<ClusterSession> all;
        synchronized (delivery.order) {
            all = List.copyOf(live.values());
        }
        all.forEach(writer::retry);
    }

    void arrived() {
        arrivals.arrived();
    }

    @Override
    public void arose(BroadcastOptions options, Place place) {
        if (doubtful.size() < live.size()) {
            for (ClusterSession session : live.values()) {
                if (session.isNamedBy(options, place) && session.doubt()) {
                    doubtful.add(session);
                    delivery.whenReady(() -> writer.changed(session));
                }
            }
        }
    }

    @Override
    public void ended(long position) {
        if (!doubtful.isEmpty()) {
            List<ClusterSession> certain = List.copyOf(doubtful);
            doubtful.clear();
            certain.forEach(session -> session.certainSince(position));
            delivery.whenReady(() -> certain.forEach(writer::changed));
        }
    }

    void close() {
        synchronized (delivery.order) {
            live.values().forEach(ClusterSession::goes);
            live.clear();
            byPid.clear();
            doubtful.clear();
        }
        arrivals.close();
    }

    static boolean isId(String pid) {
        return ID.matcher(pid).matches();
    }

    LogDriver driver() {
        return driver;
    }

    LocalNamespace local() {
        return local;
    }

    RecoverySettings settings() {
        return settings;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    SessionWriter writer() {
        return writer;
    }

    /** The live session of that private id; null when there is none here. */
    @Nullable ClusterSession live(String pid) {
        synchronized (delivery.order) {
            return byPid.get(pid);
        }
    }

    /** A session that was taken up, and what its client has missed so far. */
    Suspended found(Replay replay, SessionRecord record) {
        return new Found(replay, record);
    }

    private @Nullable List<EncodedPacket> resume(Replay replay, Runnable enter) {
        ClusterSession session = replay.session();
        synchronized (delivery.order) {
            if (live.containsKey(session.sid()) || !delivery.recent.holdsAllBehind(replay.upTo())) {
                return null;
            }
            replay.read(delivery.recent);
            if (replay.impossible()) {
                return null;
            }
            enter.run();
            Set<String> rooms = session.rooms();
            local.rooms().join(session.sid(), rooms);
            if (!rooms.contains(session.sid())) {
                local.rooms().leave(session.sid(), session.sid());
            }
            add(session);
            session.arrived(delivery.now().sequence());
            delivery.cameBack(session);
        }
        local.rooms().tell();
        writer.changed(session); // unless it was taken up elsewhere since it was found
        return replay.missed();
    }

    private final class Found implements Suspended {
        private final Replay replay;
        private final SessionRecord record;

        Found(Replay replay, SessionRecord record) {
            this.replay = Objects.requireNonNull(replay);
            this.record = record;
        }

        @Override
        public SessionRecord session() {
            return record;
        }

        @Override
        public @Nullable List<EncodedPacket> resume(Runnable enter) {
            return ClusterSessions.this.resume(replay, enter);
        }
    }
}
