package io.sockeye.engine;

import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session's transport tells it. Confined to the session's event loop. */
final class Inbound implements Transport.Listener {
    private static final Logger log = LoggerFactory.getLogger(Inbound.class);

    private final EngineSession session;
    private final Heartbeat heartbeat;

    Inbound(EngineSession session, Heartbeat heartbeat) {
        this.session = session;
        this.heartbeat = heartbeat;
    }

    @Override
    public void onPacket(EnginePacket packet) {
        if (session.state() != EngineSession.State.OPEN) {
            return; // as the reference: what arrives while the session closes is ignored
        }
        if (packet instanceof EnginePacket.Pong) {
            if (!heartbeat.onPong()) {
                invalidHeartbeat();
            }
            return;
        }
        heartbeat.onOtherPacket();
        try {
            if (packet instanceof EnginePacket.Message message) {
                session.listener().onMessage(message.array(), message.offset(), message.length());
            } else if (packet instanceof EnginePacket.Binary binary) {
                session.listener().onBinary(binary.data());
            } else if (packet instanceof EnginePacket.Ping && !heartbeat.onPing()) {
                invalidHeartbeat();
            }
            // Open, close, upgrade and noop mean nothing here; a transport that closes by packet does so itself.
        } catch (RuntimeException | Error e) {
            log.error("{}: the session's listener failed", session, e);
        }
    }

    /** It is the server that pings (Engine.IO v4, Heartbeat), or, in revision 3, the client (Engine.IO v3, Timeouts). */
    private void invalidHeartbeat() {
        session.end(CloseReason.TRANSPORT_ERROR, "invalid heartbeat direction");
    }

    @Override
    public void onWritable() {
        session.outbound().onWritable();
    }

    @Override
    public void onClose() {
        session.onTransportClosed();
    }

    @Override
    public void onError(Transport.Failure kind, String description) {
        session.end(
                switch (kind) {
                    case TRANSPORT_ERROR -> CloseReason.TRANSPORT_ERROR;
                    case PARSE_ERROR -> CloseReason.PARSE_ERROR;
                },
                description);
    }
}
