package io.sockeye.protocol.socketio;

import io.sockeye.protocol.engineio.EncodedPacket;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets as one binary message each, with the keys, and their order, of the Node.js server with
 * socket.io-msgpack-parser: what it leaves undefined is written as undefined.
 *
 * <p>Thread-safe.
 */
final class MsgpackEncoder implements Parser.Encoder {
    private static final int CONNECT = 0;
    private static final int DISCONNECT = 1;
    private static final int EVENT = 2;
    private static final int ACK = 3;
    private static final int CONNECT_ERROR = 4;

    private static final int PACKET_CAPACITY = 40;

    private final MsgpackWriter writer;
    private final MsgpackBinder binder;

    MsgpackEncoder(MsgpackWriter writer, MsgpackBinder binder) {
        this.writer = writer;
        this.binder = binder;
    }

    @Override
    public EncodedPacket event(String namespace, long id, String name, @Nullable Object[] args, boolean compressible) {
        MsgpackOutput output = output(namespace, name.length(), args);
        output.mapHeader(id < 0 ? 3 : 4);
        type(output, EVENT);
        output.string("data");
        output.arrayHeader(args.length + 1);
        output.string(name);
        values(output, args);
        if (id >= 0) {
            id(output, id);
        }
        return finish(output, namespace, compressible);
    }

    @Override
    public EncodedPacket ack(String namespace, long id, @Nullable Object[] args, boolean compressible) {
        MsgpackOutput output = output(namespace, 0, args);
        output.mapHeader(4);
        id(output, id);
        type(output, ACK);
        output.string("data");
        output.arrayHeader(args.length);
        values(output, args);
        return finish(output, namespace, compressible);
    }

    @Override
    public EncodedPacket connect(String namespace, String sid, @Nullable String pid) {
        MsgpackOutput output = new MsgpackOutput(PACKET_CAPACITY + namespace.length() + 50);
        output.mapHeader(3);
        type(output, CONNECT);
        output.string("data");
        output.mapHeader(2);
        output.string("sid");
        output.string(sid);
        output.string("pid");
        valueOrUndefined(output, pid);
        return finish(output, namespace, /* compressible= */ true);
    }

    @Override
    public EncodedPacket connect(String namespace) {
        return withoutData(CONNECT, namespace);
    }

    @Override
    public EncodedPacket connectError(String namespace, Object data) {
        MsgpackOutput output = new MsgpackOutput(PACKET_CAPACITY + namespace.length() + 200);
        output.mapHeader(3);
        type(output, CONNECT_ERROR);
        output.string("data");
        writer.write(output, data);
        return finish(output, namespace, /* compressible= */ true);
    }

    @Override
    public EncodedPacket connectError(String namespace, String message, @Nullable Object data) {
        MsgpackOutput output = new MsgpackOutput(PACKET_CAPACITY + namespace.length() + 200);
        output.mapHeader(3);
        type(output, CONNECT_ERROR);
        output.string("data");
        output.mapHeader(2);
        output.string("message");
        output.string(message);
        output.string("data");
        valueOrUndefined(output, data);
        return finish(output, namespace, /* compressible= */ true);
    }

    @Override
    public EncodedPacket disconnect(String namespace) {
        return withoutData(DISCONNECT, namespace);
    }

    @Override
    public RawArgument raw(@Nullable Object value) {
        if (value instanceof MsgpackRawArgument raw && raw.dialect() == MsgpackDialect.OF_CLIENTS) {
            return raw;
        }
        MsgpackOutput output = new MsgpackOutput(MsgpackWriter.estimate(value));
        writer.write(output, value);
        return output.argument(binder);
    }

    private static EncodedPacket withoutData(int type, String namespace) {
        MsgpackOutput output = new MsgpackOutput(PACKET_CAPACITY + namespace.length());
        output.mapHeader(2);
        type(output, type);
        return finish(output, namespace, /* compressible= */ true);
    }

    private static MsgpackOutput output(String namespace, int capacity, @Nullable Object[] args) {
        long estimate = (long) PACKET_CAPACITY + namespace.length() + capacity;
        for (Object arg : args) {
            estimate += MsgpackWriter.estimate(arg);
        }
        return new MsgpackOutput((int) Math.min(estimate, 1 << 30));
    }

    private static void type(MsgpackOutput output, int type) {
        output.string("type");
        output.integer(type);
    }

    private static void id(MsgpackOutput output, long id) {
        output.string("id");
        output.integer(id);
    }

    private void values(MsgpackOutput output, @Nullable Object[] args) {
        for (Object arg : args) {
            writer.write(output, arg);
        }
    }

    private void valueOrUndefined(MsgpackOutput output, @Nullable Object value) {
        if (value == null) {
            output.undefined();
        } else {
            writer.write(output, value);
        }
    }

    private static EncodedPacket finish(MsgpackOutput output, String namespace, boolean compressible) {
        output.string("nsp");
        output.string(namespace);
        return output.packet(compressible);
    }
}
