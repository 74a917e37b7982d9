package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's attempt to move its session to a better transport (Engine.IO v4, Upgrade). Confined to the session's event loop.
 *
 * <pre>
 *   client                         server
 *     │  new transport: 2probe       │
 *     │ ───────────────────────────► │
 *     │  new transport: 3probe       │
 *     │ ◄─────────────────────────── │
 *     │  old transport: 6            │  releases the pending poll, at once and then every 100 ms
 *     │ ◄─────────────────────────── │
 *     │  new transport: 5            │
 *     │ ───────────────────────────► │  the session moves
 * </pre>
 *
 * <p>States: <em>trying</em> until one of these: the client sends {@code 5}, with or without a probe before it; it sends
 * something else or breaks off, or {@code upgradeTimeout} passes, and the probe is closed while the session lives on; or
 * the session ends. Then <em>done</em>.
 */
final class Upgrade extends Timer implements Transport.Listener {
    private static final Logger log = LoggerFactory.getLogger(Upgrade.class);
    private static final long RELEASE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EngineSession session;
    private final Transport probe;
    private long deadlineNanos; // of the attempt, by the loop's clock
    private boolean done;

    Upgrade(EngineSession session, Transport probe) {
        this.session = session;
        this.probe = probe;
    }

    void start() {
        deadlineNanos = now() + session.config().upgradeTimeoutNanos();
        probe.listener(this);
        session.timers().arm(this, session.config().upgradeTimeoutNanos());
    }

    /** The session has ended. */
    void abandon() {
        if (finish()) {
            probe.discard();
        }
    }

    @Override
    public void onPacket(EnginePacket packet) {
        if (done) {
            return;
        }
        if (packet instanceof EnginePacket.Ping ping && ping.probe()) {
            onProbe();
        } else if (packet instanceof EnginePacket.Upgrade) {
            finish();
            session.onUpgradeDone(probe);
        } else {
            fail("unexpected packet");
        }
    }

    @Override
    public void onWritable() {}

    @Override
    public void onClose() {
        fail("probe closed");
    }

    @Override
    public void onError(Transport.Failure kind, String description) {
        fail(description);
    }

    /** The attempt's time is over, or, once there was a probe, another poll may be pending. */
    @Override
    void expire() {
        if (deadlineNanos - now() <= session.timers().tickNanos()) {
            fail("timeout");
        } else {
            releasePoll();
        }
    }

    private void onProbe() {
        Queue<EncodedPacket> answer = new ArrayDeque<>(1);
        answer.add(EncodedPacket.PONG_PROBE);
        probe.send(answer);
        if (!done) {
            releasePoll();
        }
    }

    /** Engine.IO v4, Upgrade: the client may have to wait for its pending poll to return. */
    private void releasePoll() {
        session.outbound().releasePoll();
        if (!done) {
            session.timers().arm(this, Math.min(RELEASE_INTERVAL_NANOS, deadlineNanos - now()));
        }
    }

    private void fail(String why) {
        if (finish()) {
            log.debug("{}: upgrade to {} failed: {}", session, probe.name(), why);
            probe.discard();
            session.onUpgradeDone(null);
        }
    }

    /** Whether this was the end. */
    private boolean finish() {
        boolean first = !done;
        done = true;
        session.timers().cancel(this);
        return first;
    }

    private long now() {
        return session.eventLoop().nanoTime();
    }
}
