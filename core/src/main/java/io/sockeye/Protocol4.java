package io.sockeye;

import io.sockeye.engine.EngineSession;
import io.sockeye.protocol.UrlEncoded;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.Parser;
import io.sockeye.protocol.socketio.RawArgument;
import io.sockeye.protocol.socketio.SocketPacket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is different for the clients that come over Engine.IO 3. They speak revision 4 of the Socket.IO protocol, in which
 *
 * <ul>
 *   <li>the main namespace is joined unasked;
 *   <li>a namespace's name may have a query, {@code /admin?token=x}, where revision 5 has a payload, {@code auth};
 *   <li>CONNECT says no id: a client takes that of its connection, with the namespace's name in front, {@code /admin#…};
 *   <li>a refusal is text, or the data of the {@link ConnectError}.
 * </ul>
 *
 * <p>Thread-safe: immutable. As an encoder it is the server's, but for those two packets.
 */
final class Protocol4 implements Parser.Encoder {
    private final Parser.Encoder encoder;

    Protocol4(Parser.Encoder encoder) {
        this.encoder = encoder;
    }

    /** Whether it is what the session's client speaks. */
    static boolean isSpokenBy(EngineSession session) {
        return session.protocol() == 3;
    }

    /** The id of the session's socket in that namespace. */
    static String idOf(EngineSession session, String namespace) {
        return namespace.equals(SocketPacket.ROOT_NAMESPACE) ? session.id() : namespace + '#' + session.id();
    }

    /** The packet without the query of its namespace; in a CONNECT the query takes the place of the payload. */
    static SocketPacket withoutQuery(SocketPacket packet) {
        String name = packet.namespace();
        int mark = name.indexOf('?');
        String path = mark < 0 ? name : name.substring(0, mark);
        if (packet instanceof SocketPacket.Connect) {
            return new SocketPacket.Connect(path, mark < 0 ? Arguments.of() : auth(name.substring(mark + 1)));
        }
        if (mark < 0) {
            return packet;
        }
        if (packet instanceof SocketPacket.Event event) {
            return new SocketPacket.Event(path, event.id(), event.name(), event.args());
        }
        if (packet instanceof SocketPacket.Ack ack) {
            return new SocketPacket.Ack(path, ack.id(), ack.args());
        }
        if (packet instanceof SocketPacket.Disconnect) {
            return new SocketPacket.Disconnect(path);
        }
        return packet;
    }

    private static Arguments auth(String query) {
        Map<String, String> auth = new LinkedHashMap<>();
        UrlEncoded.forEach(query.getBytes(StandardCharsets.UTF_8), 0, auth::put);
        return Arguments.of(auth);
    }

    @Override
    public EncodedPacket connect(String namespace, String sid, @Nullable String pid) {
        return encoder.connect(namespace);
    }

    @Override
    public EncodedPacket connectError(String namespace, String message, @Nullable Object data) {
        return encoder.connectError(namespace, data == null || isFalsy(data) ? message : data);
    }

    @Override
    public EncodedPacket connect(String namespace) {
        return encoder.connect(namespace);
    }

    @Override
    public EncodedPacket connectError(String namespace, Object data) {
        return encoder.connectError(namespace, data);
    }

    @Override
    public EncodedPacket event(String namespace, long id, String name, @Nullable Object[] args, boolean compressible) {
        return encoder.event(namespace, id, name, args, compressible);
    }

    @Override
    public EncodedPacket event(String namespace, long id, String name, Arguments args, boolean compressible) {
        return encoder.event(namespace, id, name, args, compressible);
    }

    @Override
    public EncodedPacket ack(String namespace, long id, @Nullable Object[] args, boolean compressible) {
        return encoder.ack(namespace, id, args, compressible);
    }

    @Override
    public EncodedPacket ack(String namespace, long id, Arguments args, boolean compressible) {
        return encoder.ack(namespace, id, args, compressible);
    }

    @Override
    public EncodedPacket disconnect(String namespace) {
        return encoder.disconnect(namespace);
    }

    @Override
    public RawArgument raw(@Nullable Object value) {
        return encoder.raw(value);
    }

    /** Whether JavaScript's {@code data || message} is the message. */
    private static boolean isFalsy(Object data) {
        return data.equals("")
                || data.equals(false)
                || (data instanceof Number number && (number.doubleValue() == 0 || Double.isNaN(number.doubleValue())));
    }
}
