package io.sockeye.adapter.cluster;

import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.RecoverySettings;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/*
 * How it works. A session is written when it begins and whenever it changes: at once, unless that is under way, and then once more
 * when that is done. So the broker has what a session is but for the time of one round trip, and a session that changes all the
 * time costs one write per round trip. One that does not change is written again before its time is over, which is longer than
 * clients have to come back by the time between two such writes; so a node that dies leaves its sessions behind for long enough.
 *
 * What is written last says that the connection is lost, and starts the time that the client has.
 */

/** Keeps this node's sessions with the broker. Thread-safe; not to be called within the delivery's monitor. */
final class SessionWriter {
    private static final Logger log = LoggerFactory.getLogger(SessionWriter.class);
    private static final int REFRESHES_PER_LIFE = 4;

    private final LocalNamespace local;
    private final LogDriver driver;
    private final LogDelivery delivery;
    private final Consumer<String> takenElsewhere;
    private final Duration life;
    private final Duration liveLife;
    private final long refreshNanos;
    private final long silenceNanos;

    SessionWriter(
            LocalNamespace local,
            LogDriver driver,
            RecoverySettings settings,
            LogDelivery delivery,
            Consumer<String> takenElsewhere) {
        this.local = local;
        this.driver = driver;
        this.delivery = delivery;
        this.takenElsewhere = takenElsewhere;
        this.life = settings.maxDisconnectionDuration();
        this.liveLife = life.multipliedBy(2);
        this.refreshNanos = life.toNanos() / REFRESHES_PER_LIFE;
        this.silenceNanos = settings.packetLife().minus(life).toNanos();
    }

    /** A session is this node's now. */
    void claim(ClusterSession session) {
        ClusterSession.Writing writing = session.writing();
        synchronized (writing) {
            writing.claim = true;
        }
        changed(session);
    }

    /** A session has changed. */
    void changed(ClusterSession session) {
        ClusterSession.Writing writing = session.writing();
        synchronized (writing) {
            if (writing.underWay) {
                writing.again = true;
                return;
            }
            write(session, writing);
        }
    }

    /** Writes a session that was not written for long. */
    void refresh(ClusterSession session) {
        if (isDue(session.writing())) {
            changed(session);
        }
    }

    private boolean isDue(ClusterSession.Writing writing) {
        synchronized (writing) {
            return writing.failed || local.nanoTime() - writing.writtenNanos >= refreshNanos;
        }
    }

    /** Writes a session that could not be written. */
    void retry(ClusterSession session) {
        ClusterSession.Writing writing = session.writing();
        boolean failed;
        synchronized (writing) {
            failed = writing.failed;
        }
        if (failed) {
            changed(session);
        }
    }

    /** A session has lost its connection. */
    void suspended(ClusterSession session, boolean unproven) {
        if (session.isDoubtful()) {
            ended(session);
            return;
        }
        ClusterSession.Writing writing = session.writing();
        JsonNode data = json(session);
        if (data == null) {
            return;
        }
        synchronized (writing) {
            writing.over = true;
            StoredSession stored;
            synchronized (delivery.order) {
                if (unproven) {
                    session.unproven();
                }
                stored = session.stored(driver.uid(), /* live= */ false, delivery.now(), data);
            }
            driver.save(stored, writing.claim, life);
        }
    }

    /** A session is over. */
    void ended(ClusterSession session) {
        ClusterSession.Writing writing = session.writing();
        synchronized (writing) {
            writing.over = true;
            driver.remove(session.pid());
        }
    }

    private void write(ClusterSession session, ClusterSession.Writing writing) {
        if (writing.over) {
            return;
        }
        JsonNode data = json(session);
        if (data == null) {
            return;
        }
        StoredSession stored;
        long now = local.nanoTime();
        synchronized (delivery.order) {
            if (session.isGone()) {
                return; // what is written last follows
            }
            if (now - session.liveSinceNanos() > silenceNanos) {
                session.proven(delivery.recent.positionBefore(now - silenceNanos));
            }
            stored = session.stored(driver.uid(), /* live= */ true, delivery.now(), data);
        }
        // Once its time is over, what was kept is gone without another node's having taken it.
        boolean claim = writing.claim || now - writing.writtenNanos >= liveLife.toNanos();
        writing.underWay = true;
        writing.again = false;
        long before = writing.writtenNanos;
        writing.writtenNanos = now;
        driver.save(stored, claim, liveLife)
                .whenComplete((saved, error) -> written(session, writing, saved, error, before));
    }

    private void written(
            ClusterSession session,
            ClusterSession.Writing writing,
            LogDriver.@Nullable Saved saved,
            @Nullable Throwable error,
            long before) {
        synchronized (writing) {
            writing.underWay = false;
            writing.failed = error != null;
            if (error != null) {
                writing.writtenNanos = before;
            } else if (saved == LogDriver.Saved.DONE) {
                writing.claim = false;
            } else {
                writing.over = true; // taken up elsewhere
            }
            if (writing.again && error == null) {
                write(session, writing);
            }
        }
        if (saved == LogDriver.Saved.TAKEN) {
            takenElsewhere.accept(session.sid());
        }
    }

    /** What is attached to the socket; null when it cannot be written. Runs application code. */
    private @Nullable JsonNode json(ClusterSession session) {
        try {
            return local.toJson(session.data());
        } catch (RuntimeException e) {
            log.error(
                    "the data of socket {} cannot be written as JSON; its client cannot be brought back",
                    session.sid(),
                    e);
            return null;
        }
    }
}
