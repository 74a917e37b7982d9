package io.sockeye.protocol.socketio;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes packets, each once, into the array that every transport sends from (Socket.IO v5, Packet encoding).
 *
 * <p>Strings, boxed numbers, booleans, null, {@code byte[]}, {@link java.nio.ByteBuffer} and {@link RawArgument} are written
 * directly, as {@code JSON.stringify} writes them: {@code 1.0} as {@code 1}, what is no finite number as {@code null}, a lone
 * surrogate as an escape. A long is written in full, though JavaScript reads it exactly up to 2<sup>53</sup> only. Everything
 * else is written by the mapper; binary data in it becomes an attachment wherever it is. Binary data is copied.
 *
 * <p>Does not look at event names; see {@link ReservedEvents}.
 *
 * <p>Thread-safe.
 */
public final class PacketEncoder implements Parser.Encoder {
    private static final int HEADER_CAPACITY = 32;
    private static final int MAX_TYPE_LENGTH = 4; // with a count of attachments below 100

    private final ValueWriter values;
    private final Binder binder;

    private PacketEncoder(JsonMapper mapper) {
        this.values = new ValueWriter(mapper);
        this.binder = new Binder(mapper);
    }

    /** An encoder that writes objects with the mapper; see {@link SocketJson#mapper()}. */
    public static PacketEncoder of(JsonMapper mapper) {
        return new PacketEncoder(Objects.requireNonNull(mapper, "mapper"));
    }

    /** The encoder of those who bring no mapper. */
    static PacketEncoder ofDefaultMapper() {
        return Default.ENCODER;
    }

    /**
     * Writes any packet.
     *
     * @param compressible whether transports may compress it
     * @throws tools.jackson.core.JacksonException when the mapper cannot write an argument
     * @throws IllegalArgumentException when a packet that cannot carry binary data holds some
     */
    public EncodedPacket encode(SocketPacket packet, boolean compressible) {
        if (packet instanceof SocketPacket.Event event) {
            return event(event.namespace(), event.id(), event.name(), event.args(), compressible);
        }
        if (packet instanceof SocketPacket.Ack ack) {
            return ack(ack.namespace(), ack.id(), ack.args(), compressible);
        }
        if (packet instanceof SocketPacket.Connect connect) {
            return single('0', connect.namespace(), connect.payload(), compressible);
        }
        if (packet instanceof SocketPacket.ConnectError error) {
            return single('4', error.namespace(), error.payload(), compressible);
        }
        return single('1', packet.namespace(), Arguments.of(), compressible);
    }

    /**
     * Writes an event: {@code 2/admin,7["name",…]}, or {@code 51-/admin,7["name",…]} with an attachment.
     *
     * @param id what the acknowledgement is to carry; {@link SocketPacket#NO_ID} when none is asked for
     * @param args live values; not kept
     */
    @Override
    public EncodedPacket event(String namespace, long id, String name, @Nullable Object[] args, boolean compressible) {
        JsonOutput output = output(namespace, id, name.length() + 4, args, compressible);
        int behindType = header(output, '2', namespace, id);
        output.ascii('[');
        output.string(name);
        for (Object arg : args) {
            output.ascii(',');
            values.write(output, arg);
        }
        output.ascii(']');
        return finish(output, behindType, '5');
    }

    @Override
    public EncodedPacket event(String namespace, long id, String name, Arguments args, boolean compressible) {
        if (!(args instanceof JsonArguments passed)) {
            return event(namespace, id, name, LiveArguments.valuesOf(args), compressible);
        }
        JsonOutput output = output(namespace, id, name.length() + 4, passed, compressible);
        int behindType = header(output, '2', namespace, id);
        output.ascii('[');
        output.string(name);
        for (int i = 0; i < passed.size(); i++) {
            output.ascii(',');
            output.raw(passed, passed.startOf(i), passed.endOf(i));
        }
        output.ascii(']');
        return finish(output, behindType, '5');
    }

    @Override
    public EncodedPacket ack(String namespace, long id, Arguments args, boolean compressible) {
        if (!(args instanceof JsonArguments passed)) {
            return ack(namespace, id, LiveArguments.valuesOf(args), compressible);
        }
        JsonOutput output = output(namespace, id, 4, passed, compressible);
        int behindType = header(output, '3', namespace, id);
        output.ascii('[');
        for (int i = 0; i < passed.size(); i++) {
            if (i > 0) {
                output.ascii(',');
            }
            output.raw(passed, passed.startOf(i), passed.endOf(i));
        }
        output.ascii(']');
        return finish(output, behindType, '6');
    }

    /**
     * Writes an acknowledgement: {@code 3/admin,7[…]}, or {@code 61-/admin,7[…]} with an attachment.
     *
     * @param args live values; not kept
     */
    @Override
    public EncodedPacket ack(String namespace, long id, @Nullable Object[] args, boolean compressible) {
        JsonOutput output = output(namespace, id, 4, args, compressible);
        int behindType = header(output, '3', namespace, id);
        output.ascii('[');
        for (int i = 0; i < args.length; i++) {
            if (i > 0) {
                output.ascii(',');
            }
            values.write(output, args[i]);
        }
        output.ascii(']');
        return finish(output, behindType, '6');
    }

    /**
     * Writes the server's answer to a client that has joined: {@code 0/admin,{"sid":"…","pid":"…"}}.
     *
     * @param pid the private id for connection state recovery; null when there is none
     */
    @Override
    public EncodedPacket connect(String namespace, String sid, @Nullable String pid) {
        JsonOutput output = new JsonOutput(HEADER_CAPACITY + namespace.length() + 64, /* compressible= */ true);
        header(output, '0', namespace, SocketPacket.NO_ID);
        output.text("{\"sid\":");
        output.string(sid);
        if (pid != null) {
            output.text(",\"pid\":");
            output.string(pid);
        }
        output.ascii('}');
        return output.packet();
    }

    /** Writes the server's answer to a client of revision 4 that has joined: {@code 0/admin,}. */
    @Override
    public EncodedPacket connect(String namespace) {
        return single('0', namespace, Arguments.of(), /* compressible= */ true);
    }

    /**
     * Writes the server's refusal for a client of revision 4: {@code 4/admin,"…"}.
     *
     * @param data any value without binary data
     * @throws IllegalArgumentException when the data contains binary data, which this packet cannot carry
     */
    @Override
    public EncodedPacket connectError(String namespace, Object data) {
        return single('4', namespace, Arguments.of(data), /* compressible= */ true);
    }

    /**
     * Writes the server's refusal: {@code 4/admin,{"message":"…","data":…}}.
     *
     * @param data any value without binary data; null when there is none, and {@code data} is left out
     * @throws IllegalArgumentException when the data contains binary data, which this packet cannot carry
     */
    @Override
    public EncodedPacket connectError(String namespace, String message, @Nullable Object data) {
        JsonOutput output = new JsonOutput(HEADER_CAPACITY + namespace.length() + 200, /* compressible= */ true);
        header(output, '4', namespace, SocketPacket.NO_ID);
        output.text("{\"message\":");
        output.string(message);
        if (data != null) {
            output.text(",\"data\":");
            values.write(output, data);
        }
        output.ascii('}');
        return withoutBinary(output).packet();
    }

    /** Writes that the sender leaves the namespace: {@code 1/admin,}. */
    @Override
    public EncodedPacket disconnect(String namespace) {
        return single('1', namespace, Arguments.of(), /* compressible= */ true);
    }

    @Override
    public RawArgument raw(@Nullable Object value) {
        return written(value);
    }

    /** Writes a value once, as this parser does. */
    JsonRawArgument written(@Nullable Object value) {
        if (value instanceof JsonRawArgument raw) {
            return raw;
        }
        JsonOutput output = new JsonOutput(ValueWriter.estimate(value), /* compressible= */ true);
        values.write(output, value);
        return output.argument(binder);
    }

    private EncodedPacket single(char type, String namespace, Arguments payload, boolean compressible) {
        JsonOutput output = new JsonOutput(HEADER_CAPACITY + namespace.length(), compressible);
        header(output, type, namespace, SocketPacket.NO_ID);
        for (int i = 0; i < payload.size(); i++) {
            values.write(output, payload.raw(i));
        }
        return withoutBinary(output).packet();
    }

    /** Room for exactly what most packets are; the array stays with the packet, so none is to spare. */
    private static JsonOutput output(
            String namespace, long id, int capacity, @Nullable Object[] args, boolean compressible) {
        long estimate = MAX_TYPE_LENGTH;
        for (Object arg : args) {
            estimate += ValueWriter.estimate(arg);
        }
        return output(namespace, id, estimate + capacity, compressible);
    }

    /** As the other form, for arguments that are passed on. */
    private static JsonOutput output(
            String namespace, long id, int capacity, JsonArguments args, boolean compressible) {
        long estimate = args.hasBinary() ? MAX_TYPE_LENGTH : 1;
        for (int i = 0; i < args.size(); i++) {
            estimate += args.endOf(i) - args.startOf(i) + 1;
        }
        return output(namespace, id, estimate + capacity, compressible);
    }

    private static JsonOutput output(String namespace, long id, long capacity, boolean compressible) {
        long estimate = capacity;
        if (!namespace.equals(SocketPacket.ROOT_NAMESPACE)) {
            estimate += namespace.length() + 1;
        }
        if (id >= 0) {
            estimate += JsonOutput.MAX_LONG_CHARS;
        }
        return new JsonOutput((int) Math.min(estimate, 1 << 30), compressible);
    }

    /** Writes what stands in front of the JSON and answers where the count of attachments would go. */
    private static int header(JsonOutput output, char type, String namespace, long id) {
        output.ascii(type);
        int behindType = output.position();
        if (!namespace.equals(SocketPacket.ROOT_NAMESPACE)) {
            output.text(namespace);
            output.ascii(',');
        }
        if (id > JsNumber.MAX_EXACT_INTEGER) {
            output.text(JsNumber.text((double) id)); // as the peer that chose it would write it
        } else if (id >= 0) {
            output.number(id);
        }
        return behindType;
    }

    private static EncodedPacket finish(JsonOutput output, int behindType, char binaryType) {
        if (output.attachmentCount() > 0) {
            output.insert(behindType, output.attachmentCount() + "-");
            output.replace(behindType - 1, binaryType);
        }
        return output.packet();
    }

    private static JsonOutput withoutBinary(JsonOutput output) {
        if (output.attachmentCount() > 0) {
            throw new IllegalArgumentException("data: contains binary data (expected: JSON alone)");
        }
        return output;
    }

    private static final class Default {
        static final PacketEncoder ENCODER = new PacketEncoder(SocketJson.defaultMapper());
    }
}
