package io.sockeye.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.sockeye.engine.ForeignRequest;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that another node answers: a poll or the packets of a client. Its body is read whole before it is passed on, and so
 * is its answer.
 *
 * <p>States: <em>reading</em> the body; <em>under way</em>; <em>done</em> once answered, failed, or given up by the client.
 * Confined to the event loop of its exchange.
 */
final class OwnerRequest implements Forwarding, HttpExchange.BodyListener {
    private static final byte[] EMPTY = {};
    private static final int PAYLOAD_TOO_LARGE = 413;

    /** What is said of one connection and not of the request or the answer (RFC 9110, 7.6.1), and what is written anew. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "expect");

    private final ForeignRequest foreign;
    private final Exchange exchange;
    private final OwnerConnections connections;
    private @Nullable InetSocketAddress owner; // null until known
    private @Nullable OwnerConnection connection; // null until under way
    private byte[] body = EMPTY;
    private boolean done;

    OwnerRequest(ForeignRequest foreign, Exchange exchange, OwnerConnections connections) {
        this.foreign = foreign;
        this.exchange = exchange;
        this.connections = connections;
    }

    int maxAnswer() {
        return foreign.maxAnswer();
    }

    @Override
    public void start(InetSocketAddress owner) {
        if (!done) {
            this.owner = owner;
            exchange.readBody(foreign.maxBody(), this);
        }
    }

    @Override
    public void complete(byte[] whole) {
        if (!done && owner != null) {
            body = whole;
            connections.forwarder().requests.increment();
            connections.send(owner, this);
        }
    }

    @Override
    public void tooLarge() {
        respond(PAYLOAD_TOO_LARGE, HttpFields.create(), EMPTY);
    }

    @Override
    public void aborted() {
        cancel();
    }

    @Override
    public void fail() {
        if (!done) {
            done = true;
            connections.forwarder().failed.increment();
            foreign.unknown().run();
        }
    }

    /** The owner's session is to learn at once that nobody waits for the answer any more. */
    @Override
    public void cancel() {
        done = true;
        if (connection != null) {
            connection.close();
        }
    }

    void sentOver(OwnerConnection connection) {
        this.connection = connection;
    }

    /** The request for the owner. */
    FullHttpRequest message() {
        HttpHeaders headers = exchange.request().headers().copy();
        OF_THE_CONNECTION.forEach(headers::remove);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        headers.set(Forwarder.MARK, foreign.tag());
        if (body.length > 0 || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        }
        return new DefaultFullHttpRequest(
                exchange.request().protocolVersion(),
                HttpMethod.valueOf(exchange.method()),
                exchange.uri(),
                Unpooled.wrappedBuffer(body),
                headers,
                EmptyHttpHeaders.INSTANCE);
    }

    /** Gives the owner's answer to the client. */
    void onAnswer(FullHttpResponse answer) {
        connection = null;
        int status = answer.status().code();
        if (answer.decoderResult().isFailure() || status < 200 || status > 999) {
            fail();
            return;
        }
        HttpFields own = exchange.responseHeaders();
        own.names().forEach(own::remove); // the owner's stand for them
        HttpFields fields = HttpFields.create();
        Iterator<Map.Entry<CharSequence, CharSequence>> headers =
                answer.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            String name = header.getKey().toString();
            if (isOfTheAnswer(name)) {
                fields.add(name, header.getValue().toString());
            }
        }
        respond(status, fields, ByteBufUtil.getBytes(answer.content()));
    }

    /** A length is written anew but for an answer that has no body to measure. */
    private boolean isOfTheAnswer(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return !OF_THE_CONNECTION.contains(lowerCase)
                && !lowerCase.equals("date")
                && (exchange.isHead() || !lowerCase.equals("content-length"));
    }

    private void respond(int status, HttpFields headers, byte[] answer) {
        if (!done) {
            done = true;
            exchange.respond(status, headers, answer);
        }
    }
}
