package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;

/** A range of valid MessagePack, which its parser writes as it is. Immutable. */
final class MsgpackRawArgument extends RawArgument {
    private final byte[] array;
    private final int start;
    private final int end;
    private final MsgpackBinder binder;

    MsgpackRawArgument(byte[] array, int start, int end, MsgpackBinder binder) {
        this.array = array;
        this.start = start;
        this.end = end;
        this.binder = binder;
    }

    @Override
    public ByteBuffer json() {
        return PacketEncoder.ofDefaultMapper().raw(this).json();
    }

    @Override
    public boolean hasBinary() {
        MsgpackScanner scanner = new MsgpackScanner(SocketJson.MAX_DEPTH, binder.dialect());
        scanner.value(array, start, end);
        return scanner.takeBinary();
    }

    @Override
    public @Nullable Object as(Type type) {
        return binder.read(array, start, end, /* index= */ -1, type);
    }

    @Override
    public void serialize(JsonGenerator generator, SerializationContext context) {
        new MsgpackTokens(array, binder.dialect(), generator).value(start);
    }

    MsgpackDialect dialect() {
        return binder.dialect();
    }

    /** How many bytes it is. */
    int length() {
        return end - start;
    }

    /** Writes it as another dialect has it. */
    void writeTo(MsgpackOutput output, MsgpackDialect dialect) {
        if (dialect == binder.dialect()) {
            output.bytes(array, start, end - start);
        } else {
            new MsgpackTranslation(array, binder.dialect(), output, dialect).value(start);
        }
    }

    @Override
    public String toString() {
        return (end - start) + " bytes of msgpack";
    }
}
