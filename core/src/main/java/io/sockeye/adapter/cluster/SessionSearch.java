package io.sockeye.adapter.cluster;

import io.sockeye.adapter.SessionRecord;
import io.sockeye.adapter.SessionStore.Suspended;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The return of one client: its session is taken from the broker, put back as this node's, and what the client has missed is read,
 * as far as this node does not have it in memory.
 *
 * <p>One step at a time, on any thread.
 */
final class SessionSearch {
    private static final Logger log = LoggerFactory.getLogger(SessionSearch.class);

    private final ClusterSessions sessions;
    private final StoredSession stored;
    private final ClusterSession session;
    private final Replay replay;
    /** The position that the client has to go on from. */
    private final long position;

    private SessionSearch(ClusterSessions sessions, StoredSession stored, long offset) {
        this.sessions = sessions;
        this.stored = stored;
        this.session = ClusterSession.of(stored, stored.data(), sessions.local().nanoTime());
        this.position = Math.max(offset, stored.start().position());
        this.replay = new Replay(session, sessions.settings(), position, stored.asOf());
    }

    static CompletionStage<@Nullable Suspended> start(ClusterSessions sessions, String pid, @Nullable String offset) {
        if (!ClusterSessions.isId(pid)) {
            return CompletableFuture.completedFuture(null);
        }
        ClusterSession live = sessions.live(pid);
        if (live != null) {
            return CompletableFuture.completedFuture(null); // its client has been faster over another connection
        }
        long seen = offset == null ? -1 : LogPosition.parse(offset);
        return sessions.driver()
                .take(pid)
                .thenCompose(stored -> stored == null
                        ? CompletableFuture.<@Nullable Suspended>completedFuture(null)
                        : new SessionSearch(sessions, stored, seen).go())
                .exceptionally(error -> {
                    log.warn("looking for a session failed; its client starts anew: {}", String.valueOf(error));
                    return null;
                });
    }

    private CompletionStage<@Nullable Suspended> go() {
        String uid = sessions.driver().uid();
        if (stored.live() && !stored.owner().equals(uid)) {
            sessions.driver().publish(new ClusterMessage.SessionTaken(stored.owner(), stored.sid()));
        }
        if (position <= 0 || position < stored.floor()) {
            return CompletableFuture.completedFuture(null);
        }
        // For the case that it is not taken up after all.
        sessions.driver()
                .save(
                        stored.suspendedBy(uid),
                        /* claim= */ true,
                        sessions.settings().maxDisconnectionDuration());
        Moment asOf = stored.asOf();
        long needed = asOf == null ? position : Math.max(position, asOf.position());
        return sessions.driver()
                .extent()
                .thenCompose(extent -> needed > extent.last()
                        ? CompletableFuture.completedFuture(false) // of another log, or no offset at all
                        : sessions.arrivals().of(needed).thenApply(arrived -> arrived && reachesBack(extent)))
                .thenCompose(possible -> possible ? readOn(replay.readFrom()) : given(false))
                .thenApply(possible -> {
                    if (possible && !replay.impossible()) {
                        return sessions.found(replay, record());
                    }
                    log.debug("{} cannot go on behind {}", stored, position);
                    sessions.driver().remove(stored.pid());
                    return null;
                });
    }

    /** Whether the log has all that is needed, and what it has not, the client has. */
    private boolean reachesBack(LogDriver.Extent extent) {
        if (isInMemory() || extent.first() <= replay.upTo()) {
            return true;
        }
        if (extent.first() <= stored.proven()) {
            replay.readUpTo(stored.proven());
            return true;
        }
        return false;
    }

    /** Reads pages until the rest is what this node has in memory. */
    private CompletionStage<Boolean> readOn(long behind) {
        if (replay.impossible() || isInMemory()) {
            return given(true);
        }
        return sessions.driver().read(behind).thenCompose(page -> {
            long end;
            synchronized (sessions.delivery().order) {
                end = sessions.delivery().recent.from();
            }
            for (LogDriver.Entry entry : page.entries()) {
                if (entry.position() <= end) {
                    replay.read(entry, sessions.delivery()::encoded);
                }
            }
            replay.readUpTo(Math.min(page.upTo(), end));
            return page.upTo() > behind && page.upTo() < Long.MAX_VALUE ? readOn(page.upTo()) : given(isInMemory());
        });
    }

    private boolean isInMemory() {
        synchronized (sessions.delivery().order) {
            return sessions.delivery().recent.holdsAllBehind(replay.upTo());
        }
    }

    private SessionRecord record() {
        return new SessionRecord(stored.sid(), stored.pid(), session.rooms(), stored.data());
    }

    private static CompletionStage<Boolean> given(boolean answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
