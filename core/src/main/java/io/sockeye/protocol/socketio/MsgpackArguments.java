package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Arguments as they arrived: ranges of the packet's MessagePack. Immutable. */
final class MsgpackArguments implements Arguments {
    private final byte[] array;
    private final int[] bounds; // where each argument starts, and where the last one ends
    private final boolean binary;
    private final MsgpackBinder binder;

    /** Arguments between these positions of a valid message. */
    MsgpackArguments(byte[] array, int[] bounds, boolean binary, MsgpackBinder binder) {
        this.array = array;
        this.bounds = bounds;
        this.binary = binary;
        this.binder = binder;
    }

    @Override
    public int size() {
        return bounds.length - 1;
    }

    @Override
    public boolean hasBinary() {
        return binary;
    }

    @Override
    public @Nullable Object get(int index, Type type) {
        requireIndex(index, type);
        return binder.read(array, bounds[index], bounds[index + 1], index, type);
    }

    @Override
    public MsgpackRawArgument raw(int index) {
        requireIndex(index, RawArgument.class);
        return new MsgpackRawArgument(array, bounds[index], bounds[index + 1], binder);
    }

    private void requireIndex(int index, Type type) {
        if (index < 0 || index >= size()) {
            throw Binder.missing(index, type);
        }
    }

    @Override
    public String toString() {
        return "[" + size() + " values, " + (bounds[size()] - bounds[0]) + " bytes of msgpack]";
    }
}
