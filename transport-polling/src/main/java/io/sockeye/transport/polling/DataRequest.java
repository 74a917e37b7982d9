package io.sockeye.transport.polling;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.protocol.engineio.PayloadDecoder;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.Transport;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A POST that brings packets (Engine.IO v4, HTTP long-polling).
 *
 * <p>States: <em>reading</em> until the body is there; <em>delivering</em> its packets, <em>held back</em> in between while
 * the session does not read, so that the client does not send more; <em>done</em> once answered.
 *
 * <p>Confined to the transport's event loop, but for the body's listener, which hops there.
 */
final class DataRequest implements HttpExchange.BodyListener {
    private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = {};
    private static final String ABORTED = "data request connection closed prematurely";

    private final PollingTransport transport;
    private final HttpExchange exchange;
    private final boolean octets; // whether the body claims to be that
    private @Nullable PayloadDecoder packets; // null while reading
    private boolean delivering; // whether proceed() is on the stack
    private boolean heldBack;
    private boolean delivered;
    private boolean done;

    DataRequest(PollingTransport transport, HttpExchange exchange, boolean octets) {
        this.transport = transport;
        this.exchange = exchange;
        this.octets = octets;
    }

    @Override
    public void complete(byte[] body) {
        transport.onLoop(() -> {
            packets = transport.format().decode(body, octets);
            proceed();
        });
    }

    @Override
    public void tooLarge() {
        transport.onLoop(() -> respond(413, HttpFields.create(), EMPTY));
    }

    @Override
    public void aborted() {
        transport.onLoop(this::onAborted);
    }

    /** Delivers what the session will take, and answers once all is delivered or nobody is there to take it. */
    void proceed() {
        if (done || delivering || packets == null) {
            return;
        }
        delivering = true;
        deliver(packets);
        delivering = false;
        if (delivered || !transport.isOpen()) {
            // text/html, lest some browsers offer the answer as a download
            respond(200, PollingTransport.headers(exchange, "text/html").add("cache-control", "no-store"), OK.clone());
        } else if (!heldBack) {
            heldBack = true;
            exchange.onAbort(this::aborted);
        }
    }

    /** Answers before its time: the client has broken the rules. */
    void refuse() {
        respond(400, HttpFields.of("Connection", "close"), EMPTY);
    }

    private void deliver(PayloadDecoder decoder) {
        try {
            while (!delivered && transport.isOpen() && !transport.readingPaused()) {
                EnginePacket packet = decoder.next();
                if (packet == null) {
                    delivered = true;
                } else {
                    transport.onPacket(packet);
                }
            }
        } catch (ProtocolException e) {
            delivered = true;
            transport.fail(Transport.Failure.PARSE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private void onAborted() {
        if (!done) {
            done = true;
            transport.onPostDone(this);
            transport.fail(Transport.Failure.TRANSPORT_ERROR, ABORTED);
        }
    }

    private void respond(int status, HttpFields headers, byte[] body) {
        if (!done) {
            done = true;
            transport.onPostDone(this);
            exchange.respond(status, headers, body);
        }
    }
}
