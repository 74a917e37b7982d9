package io.sockeye.engine;

import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A transport on one event loop, made to look as if it lived on another: that of the session it joins by an upgrade. Each of
 * its fields is confined to one of the two loops: <em>near</em> is the session's, <em>far</em> the connection's.
 *
 * <p>One batch of packets is under way at a time. The near side counts as writable again once the far transport has taken
 * the whole batch and is writable itself, so back-pressure passes through.
 */
final class LoopBridge implements Transport {
    private final Transport transport;
    private final String name;
    private final EngineLoop near;
    private final EngineLoop far;

    // Near.
    private Listener listener = Nobody.INSTANCE;
    private boolean underWay;
    private boolean ended;

    // Far.
    private final Queue<EncodedPacket> outbox = new ArrayDeque<>();
    private boolean owesWritable;
    private boolean closesWhenEmpty;

    private LoopBridge(Transport transport, EngineLoop near, EngineLoop far) {
        this.transport = transport;
        this.name = transport.name();
        this.near = near;
        this.far = far;
    }

    /** The transport as seen from the near loop. Called on the far one. */
    static Transport between(Transport transport, EngineLoop near, EngineLoop far) {
        LoopBridge bridge = new LoopBridge(transport, near, far);
        transport.listener(bridge.new FarEnd());
        return bridge;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public EventLoop eventLoop() {
        return near.eventLoop;
    }

    @Override
    public void listener(Listener listener) {
        this.listener = listener;
    }

    @Override
    public boolean writable() {
        return !underWay && !ended;
    }

    @Override
    public void send(Queue<EncodedPacket> queue) {
        List<EncodedPacket> batch = new ArrayList<>(queue.size());
        for (EncodedPacket packet = queue.poll(); packet != null; packet = queue.poll()) {
            batch.add(packet);
        }
        underWay = true;
        far.execute(() -> {
            outbox.addAll(batch);
            owesWritable = true;
            sendFar();
        });
    }

    @Override
    public void pauseReading() {
        far.execute(transport::pauseReading);
    }

    @Override
    public void resumeReading() {
        far.execute(transport::resumeReading);
    }

    @Override
    public void close() {
        far.execute(() -> {
            closesWhenEmpty = true;
            sendFar();
        });
    }

    @Override
    public void abort() {
        ended = true;
        far.execute(transport::abort);
    }

    @Override
    public void discard() {
        if (!ended) {
            ended = true;
            far.execute(transport::discard);
        }
    }

    private void sendFar() {
        if (!outbox.isEmpty() && transport.writable()) {
            transport.send(outbox);
        }
        if (!outbox.isEmpty()) {
            return;
        }
        if (closesWhenEmpty) {
            transport.close();
        } else if (owesWritable && transport.writable()) {
            owesWritable = false;
            near.execute(this::onTaken);
        }
    }

    private void onTaken() {
        underWay = false;
        if (!ended) {
            listener.onWritable();
        }
    }

    /** Passes on what the transport tells. */
    private final class FarEnd implements Listener {
        @Override
        public void onPacket(EnginePacket packet) {
            near.execute(() -> {
                if (!ended) {
                    listener.onPacket(packet);
                }
            });
        }

        @Override
        public void onWritable() {
            sendFar();
        }

        @Override
        public void onClose() {
            near.execute(() -> {
                if (!ended) {
                    ended = true;
                    listener.onClose();
                }
            });
        }

        @Override
        public void onError(Failure kind, String description) {
            near.execute(() -> {
                if (!ended) {
                    ended = true;
                    listener.onError(kind, description);
                }
            });
        }
    }
}
