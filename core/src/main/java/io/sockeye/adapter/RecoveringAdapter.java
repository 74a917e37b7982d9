package io.sockeye.adapter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * How it works. One monitor puts everything that decides on what a client sees into one order: broadcasts, joining and leaving
 * rooms, the beginning, the loss and the return of sessions. Within it a broadcast gets its position, goes into the log, and is
 * put in line for the sockets that are in its rooms at that moment. So for each session the log holds, in order, exactly what
 * its sockets were sent or would have been, and a client that names the last position it has seen misses what is behind it.
 *
 * Packets are encoded before the monitor is taken, with a blank in the place of the offset, because encoding runs code of the
 * application; and are sent behind it.
 */

/** {@link InMemoryAdapter} with sessions that outlive their connections. Thread-safe. */
final class RecoveringAdapter implements Adapter, SessionStore {
    private final LocalNamespace local;
    /** For what sessions do not change. */
    private final InMemoryAdapter plain;

    private final Offsets offsets = new Offsets(new SecureRandom());
    /** Guards everything below, but for what says otherwise. */
    private final Object order = new Object();

    private final PacketLog log;
    /** By socket id. */
    private final Map<String, RecoverableSession> live = new HashMap<>();
    /** By private id. They expire when it is touched. */
    private final Cache<String, RecoverableSession> suspended;
    /** Their socket ids. */
    private final Set<String> suspendedIds = new HashSet<>();
    /** How many suspended sessions have gone and the namespace has not been told of. */
    private final AtomicInteger gone = new AtomicInteger();

    private boolean closed;

    RecoveringAdapter(LocalNamespace local, InMemoryAdapter plain, RecoverySettings settings) {
        this.local = local;
        this.plain = plain;
        this.log = new PacketLog(settings);
        local.rooms().tellByHand();
        this.suspended = Caffeine.newBuilder()
                .expireAfterWrite(settings.maxDisconnectionDuration())
                .maximumSize(settings.maxSessions())
                .ticker(local::nanoTime)
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    @Override
    public SessionStore sessions() {
        return this;
    }

    @Override
    public void join(String socketId, Collection<String> rooms) {
        synchronized (order) {
            joinNow(socketId, rooms);
        }
        local.rooms().tell();
    }

    private void joinNow(String socketId, Collection<String> rooms) {
        local.rooms().join(socketId, rooms);
        RecoverableSession session = live.get(socketId);
        if (session != null) {
            rooms.forEach(room -> session.stays().join(room, log.last()));
        }
    }

    @Override
    public void leave(String socketId, String room) {
        synchronized (order) {
            leaveNow(socketId, room);
        }
        local.rooms().tell();
    }

    private void leaveNow(String socketId, String room) {
        local.rooms().leave(socketId, room);
        RecoverableSession session = live.get(socketId);
        if (session != null) {
            session.stays().leave(room, log.last(), log.first());
        }
    }

    @Override
    public void leaveAll(String socketId) {
        synchronized (order) {
            local.rooms().remove(socketId);
            live.remove(socketId);
        }
        local.rooms().tell();
    }

    @Override
    public Set<String> rooms(String socketId) {
        return plain.rooms(socketId);
    }

    @Override
    public Set<String> sockets(Set<String> rooms) {
        return plain.sockets(rooms);
    }

    @Override
    public boolean broadcast(SocketPacket.Event packet, BroadcastOptions options) {
        return send(null, packet, options);
    }

    /** Answers true for a socket whose session waits for its client, too: the packet does as well. */
    @Override
    public boolean emit(String socketId, SocketPacket.Event packet, BroadcastOptions options) {
        return send(socketId, packet, options);
    }

    /** Such packets have no offset and are not kept: an acknowledgement cannot be asked for later. */
    @Override
    public CompletableFuture<AckAnswers> broadcastWithAck(
            SocketPacket.Event packet, BroadcastOptions options, Duration timeout) {
        return plain.broadcastWithAck(packet, options, timeout);
    }

    private boolean send(@Nullable String socketId, SocketPacket.Event packet, BroadcastOptions options) {
        SocketPacket.Event complete = new SocketPacket.Event(
                packet.namespace(), packet.id(), packet.name(), packet.args().plus(offsets.blank()));
        EncodedPacket encoded = local.encode(complete, options);
        Runnable delivery;
        synchronized (order) {
            if (closed || (socketId != null && !live.containsKey(socketId) && !suspendedIds.contains(socketId))) {
                return false;
            }
            if (options.volatileFlag()) {
                // Not kept. A client takes the last text of any event for its offset, so this one has to have one.
                offsets.write(encoded, log.last());
            } else {
                offsets.write(encoded, log.last() + 1);
                log.add(new PacketLog.Entry(encoded, options, socketId, local.nanoTime()));
            }
            delivery = local.line(encoded, packet, options, socketId);
        }
        delivery.run();
        return true;
    }

    @Override
    public void socketsJoin(BroadcastOptions options, Collection<String> rooms) {
        synchronized (order) {
            local.rooms().sockets(options.rooms(), options.except()).forEach(id -> joinNow(id, rooms));
            for (RecoverableSession session : suspendedIn(options)) {
                rooms.forEach(room -> session.stays().join(room, log.last()));
            }
        }
        local.rooms().tell();
    }

    @Override
    public void socketsLeave(BroadcastOptions options, Collection<String> rooms) {
        synchronized (order) {
            for (String id : local.rooms().sockets(options.rooms(), options.except())) {
                rooms.forEach(room -> leaveNow(id, room));
            }
            for (RecoverableSession session : suspendedIn(options)) {
                rooms.forEach(room -> session.stays().leave(room, log.last(), log.first()));
            }
        }
        local.rooms().tell();
    }

    @Override
    public void disconnectSockets(BroadcastOptions options, boolean close) {
        synchronized (order) {
            suspendedIn(options).forEach(session -> suspended.invalidate(session.pid()));
        }
        tellGone();
        local.disconnectSockets(options, close);
    }

    @Override
    public CompletableFuture<NodeAnswers<SocketView>> fetchSockets(BroadcastOptions options, Duration timeout) {
        return plain.fetchSockets(options, timeout);
    }

    @Override
    public CompletableFuture<NodeAnswers<Integer>> countSockets(BroadcastOptions options, Duration timeout) {
        return plain.countSockets(options, timeout);
    }

    /** A socket whose session waits for its client has left. */
    @Override
    public RoomWatch watchRoom(String room, RoomWatch.Listener listener) {
        return plain.watchRoom(room, listener);
    }

    @Override
    public CompletableFuture<Integer> serverCount() {
        return plain.serverCount();
    }

    @Override
    public boolean serverSideEmit(String event, Arguments args) {
        return plain.serverSideEmit(event, args);
    }

    @Override
    public CompletableFuture<NodeAnswers<Arguments>> serverSideEmitWithAck(
            String event, Arguments args, Duration timeout) {
        return plain.serverSideEmitWithAck(event, args, timeout);
    }

    @Override
    public void close() {
        plain.close();
        synchronized (order) {
            closed = true;
            log.clear();
            live.clear();
            suspended.invalidateAll();
        }
    }

    @Override
    public void begin(SessionRecord record, Runnable enter) {
        synchronized (order) {
            RecoverableSession session = new RecoverableSession(record, log.last());
            session.stays().join(record.sid(), log.last());
            live.put(record.sid(), session);
            enter.run();
        }
        local.rooms().tell();
    }

    @Override
    public void suspend(String socketId, boolean unproven) {
        synchronized (order) {
            local.rooms().remove(socketId);
            RecoverableSession session = live.remove(socketId);
            if (session != null && !closed) {
                session.lostConnection(unproven);
                suspended.put(session.pid(), session);
                suspendedIds.add(socketId);
            } else {
                gone.incrementAndGet();
            }
        }
        tellGone();
    }

    @Override
    public CompletionStage<@Nullable Suspended> find(String pid, @Nullable String offset) {
        RecoverableSession session;
        synchronized (order) {
            session = suspended.getIfPresent(pid);
            if (session != null && !canGoOn(session, position(session, offset))) {
                suspended.invalidate(pid);
                session = null;
            }
        }
        tellGone();
        return CompletableFuture.completedFuture(session == null ? null : new Found(session, offset));
    }

    @Override
    public boolean sweep() {
        boolean busy;
        synchronized (order) {
            suspended.cleanUp();
            log.trim(local.nanoTime());
            busy = !live.isEmpty() || suspended.estimatedSize() > 0 || log.size() > 0;
        }
        tellGone();
        return busy;
    }

    @Override
    public RecoveryStats stats() {
        synchronized (order) {
            return new RecoveryStats(log.size(), log.bytes(), suspendedIds.size());
        }
    }

    private @Nullable List<EncodedPacket> resume(RecoverableSession session, @Nullable String offset, Runnable enter) {
        List<EncodedPacket> missed = null;
        synchronized (order) {
            if (suspended.asMap().remove(session.pid(), session)) {
                long position = position(session, offset);
                if (canGoOn(session, position)) {
                    missed = session.missed(log, position);
                    enter.run();
                    enterRooms(session);
                    live.put(session.sid(), session);
                }
            }
        }
        tellGone();
        return missed;
    }

    private void enterRooms(RecoverableSession session) {
        Set<String> rooms = session.stays().rooms();
        local.rooms().join(session.sid(), rooms);
        if (!rooms.contains(session.sid())) {
            local.rooms().leave(session.sid(), session.sid());
        }
    }

    /** The position of the last packet that the client has seen, or need not see. */
    private long position(RecoverableSession session, @Nullable String offset) {
        // A text that is no offset of ours is older than the session: all of its events without acknowledgement have
        // one.
        return Math.max(session.start(), offsets.position(offset));
    }

    private boolean canGoOn(RecoverableSession session, long position) {
        if (position > log.last()) {
            return false;
        }
        return log.keepsAllBehind(position)
                || (session.hasReceivedWhatIsOld(position) && log.hasLostNothingBehind(position, local.nanoTime()));
    }

    /** The suspended sessions that the options name. */
    private List<RecoverableSession> suspendedIn(BroadcastOptions options) {
        return suspended.asMap().values().stream()
                .filter(session -> session.isNamedBy(options, Long.MAX_VALUE))
                .toList();
    }

    /** A suspended session has outlived its time, or was taken out. Called by the cache, within the monitor. */
    private void removed(@Nullable String pid, @Nullable RecoverableSession session, RemovalCause cause) {
        if (session != null) {
            suspendedIds.remove(session.sid());
            gone.incrementAndGet();
        }
    }

    /** Tells the namespace of sessions that have gone, and who listens of rooms that have changed. Outside of the monitor. */
    private void tellGone() {
        local.rooms().tell();
        for (int count = gone.getAndSet(0); count > 0; count--) {
            local.sessionGone();
        }
    }

    /** A session, and what its client says it has seen. */
    private final class Found implements Suspended {
        private final RecoverableSession session;
        private final @Nullable String offset;

        Found(RecoverableSession session, @Nullable String offset) {
            this.session = Objects.requireNonNull(session);
            this.offset = offset;
        }

        @Override
        public SessionRecord session() {
            synchronized (order) {
                return session.record();
            }
        }

        @Override
        public @Nullable List<EncodedPacket> resume(Runnable enter) {
            return RecoveringAdapter.this.resume(session, offset, enter);
        }
    }
}
