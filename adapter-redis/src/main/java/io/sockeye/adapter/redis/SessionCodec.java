package io.sockeye.adapter.redis;

import io.sockeye.adapter.cluster.StoredSession;
import io.sockeye.adapter.cluster.StoredSession.Moment;
import io.sockeye.adapter.cluster.StoredSession.Stay;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.MessageReader.Kind;
import io.sockeye.protocol.socketio.MessageWriter;
import io.sockeye.protocol.socketio.RawArgument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Sessions as the reference's streams adapter keeps them ({@code persistSession}): MessagePack in base64.
 *
 * <pre>
 *   { by: "…", sid: "…", pid: "…", rooms: […], data: {…}, live, start: […], asOf: […], floor, proven, stays: [[room, …], …] }
 *     └ ours                                            └ ours: the reference reads over it, and does not write it
 * </pre>
 *
 * <p>Positions are texts, because JavaScript's numbers do not hold them. The owner stands first and has a fixed length, so that
 * {@link #prefix the text begins} with it and Redis can compare it.
 *
 * <p>Thread-safe: without state.
 */
final class SessionCodec {
    private static final int FIELDS = 11;
    private static final int OWNER_LENGTH = 16;
    /** One byte says that it is a map, three are the name, one is the owner's length: 21 with the owner, which base64 has without a rest. */
    private static final int PREFIX_BYTES = 21;

    private static final RawArgument NOTHING = RawArgument.ofJson("{}".getBytes(StandardCharsets.US_ASCII));

    private SessionCodec() {}

    /** What everything begins with that this owner has written. */
    static byte[] prefix(String owner) {
        MessageWriter writer = MessageWriter.msgpack();
        writer.startObject(FIELDS).name("by").string(owner);
        return Base64.getEncoder().encode(Arrays.copyOf(writer.toBytes(), PREFIX_BYTES));
    }

    static byte[] write(StoredSession session) {
        if (session.owner().length() != OWNER_LENGTH) {
            throw new IllegalArgumentException("owner: " + session.owner() + " (expected: 16 characters)");
        }
        MessageWriter writer = MessageWriter.msgpack();
        writer.startObject(FIELDS);
        writer.name("by").string(session.owner());
        writer.name("sid").string(session.sid());
        writer.name("pid").string(session.pid());
        writer.name("rooms").strings(session.rooms());
        writer.name("data").value(session.data());
        writer.name("live").bool(session.live());
        writer.name("start").startArray(3);
        write(writer, session.start());
        writer.end();
        Moment asOf = session.asOf();
        writer.name("asOf").startArray(asOf == null ? 0 : 3);
        write(writer, asOf);
        writer.end();
        writer.name("floor").string(String.valueOf(session.floor()));
        writer.name("proven").string(String.valueOf(session.proven()));
        writer.name("stays").startArray(session.stays().size());
        for (Stay stay : session.stays()) {
            writer.startArray(stay.to() == null ? 4 : 7).string(stay.room());
            write(writer, stay.from());
            write(writer, stay.to());
            writer.end();
        }
        writer.end();
        writer.end();
        return Base64.getEncoder().encode(writer.toBytes());
    }

    private static void write(MessageWriter writer, @Nullable Moment moment) {
        if (moment != null) {
            writer.string(String.valueOf(moment.position()))
                    .string(moment.uid())
                    .integer(moment.sequence());
        }
    }

    /** Reads a session, of whatever node. */
    static StoredSession read(byte[] base64) throws ProtocolException {
        byte[] msgpack;
        try {
            msgpack = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("no base64");
        }
        MessageReader reader = MessageReader.msgpack();
        reader.read(msgpack);
        return new Fields().read(reader);
    }

    /** What is read, in whatever order. */
    private static final class Fields {
        private String owner = "";
        private String sid = "";
        private String pid = "";
        private Set<String> rooms = Set.of();
        private RawArgument data = NOTHING;
        private boolean live;
        private @Nullable Moment start;
        private @Nullable Moment asOf;
        private long floor;
        private long proven;
        private final List<Stay> stays = new ArrayList<>();

        StoredSession read(MessageReader reader) throws ProtocolException {
            reader.startObject();
            for (String name = reader.nextName(); name != null; name = reader.nextName()) {
                Kind kind = reader.kind();
                if (kind == Kind.STRING) {
                    text(name, reader.string());
                } else if (kind == Kind.ARRAY) {
                    array(name, reader);
                } else if (kind == Kind.OBJECT && name.equals("data")) {
                    data = reader.raw();
                } else if (kind == Kind.BOOLEAN && name.equals("live")) {
                    live = reader.bool();
                } else {
                    reader.skip();
                }
            }
            if (sid.isEmpty() || pid.isEmpty()) {
                throw new ProtocolException("no session");
            }
            JsonNode node = data.as(JsonNode.class);
            JsonNode json = node == null ? JsonNodeFactory.instance.objectNode() : node;
            return start == null
                    ? StoredSession.ofReference(sid, pid, rooms, json)
                    : new StoredSession(sid, pid, owner, live, start, asOf, floor, proven, stays, json);
        }

        private void text(String name, String value) throws ProtocolException {
            switch (name) {
                case "by" -> owner = value;
                case "sid" -> sid = value;
                case "pid" -> pid = value;
                case "floor" -> floor = position(value);
                case "proven" -> proven = position(value);
                default -> {}
            }
        }

        private static long position(String text) throws ProtocolException {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new ProtocolException("no position");
            }
        }

        private void array(String name, MessageReader reader) throws ProtocolException {
            switch (name) {
                case "rooms" -> rooms = reader.strings();
                case "start" -> start = moments(reader);
                case "asOf" -> asOf = moments(reader);
                case "stays" -> stays(reader);
                default -> reader.skip();
            }
        }

        private static @Nullable Moment moments(MessageReader reader) throws ProtocolException {
            reader.startArray();
            Moment first = null;
            while (reader.hasNext()) {
                first = moment(reader);
            }
            return first;
        }

        private static Moment moment(MessageReader reader) throws ProtocolException {
            long position = position(reader.string());
            next(reader);
            String uid = reader.string();
            next(reader);
            return new Moment(position, uid, reader.integer());
        }

        private static void next(MessageReader reader) throws ProtocolException {
            if (!reader.hasNext()) {
                throw new ProtocolException("no moment");
            }
        }

        private void stays(MessageReader reader) throws ProtocolException {
            reader.startArray();
            while (reader.hasNext()) {
                reader.startArray();
                next(reader);
                String room = reader.string();
                next(reader);
                Moment from = moment(reader);
                Moment to = null;
                while (reader.hasNext()) {
                    to = moment(reader);
                }
                stays.add(new Stay(room, from, to));
            }
        }
    }
}
