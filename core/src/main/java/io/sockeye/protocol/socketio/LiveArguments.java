package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Arguments that are live values. Asked for a type that a value has, they answer the value itself; for another one they write
 * it and read it back, with the default mapper.
 *
 * <p>Immutable, as far as the values are.
 */
final class LiveArguments implements Arguments {
    /** No arguments. */
    static final LiveArguments NONE = new LiveArguments();

    private static final int MAX_SHOWN = 10;

    private final @Nullable Object[] values;

    LiveArguments(@Nullable Object... values) {
        this.values = values;
    }

    /** Arguments of any kind in the form in which an encoder takes them; not to be written to. */
    static @Nullable Object[] valuesOf(Arguments args) {
        return args instanceof LiveArguments live ? live.values : args.toArray();
    }

    /** The same, but that each value is written already. */
    Arguments written(Parser.Encoder encoder) {
        if (values.length == 0) {
            return this;
        }
        @Nullable Object[] raw = new Object[values.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = values[i] instanceof RawArgument ? values[i] : encoder.raw(values[i]);
        }
        return new LiveArguments(raw);
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean hasBinary() {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            boolean simple =
                    value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
            if (!simple && (value instanceof byte[] || value instanceof ByteBuffer || raw(i).hasBinary())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Object get(int index, Type type) {
        requireIndex(index, type);
        Object value = values[index];
        if (type instanceof Class<?> wanted) {
            if (wanted.isInstance(value)) {
                return value;
            }
            if (value == null && !wanted.isPrimitive()) {
                return null;
            }
        }
        JsonRawArgument raw = PacketEncoder.ofDefaultMapper().written(value);
        return Binder.ofDefaultMapper().read(raw.source(), raw.start(), raw.end(), index, type);
    }

    @Override
    public RawArgument raw(int index) {
        requireIndex(index, RawArgument.class);
        return PacketEncoder.ofDefaultMapper().raw(values[index]);
    }

    @Override
    public Arguments plus(@Nullable Object value) {
        @Nullable Object[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = value;
        return new LiveArguments(all);
    }

    private void requireIndex(int index, Type type) {
        if (index < 0 || index >= values.length) {
            throw Binder.missing(index, type);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < Math.min(values.length, MAX_SHOWN); i++) {
            text.append(i == 0 ? "" : ",").append(describe(values[i]));
        }
        return text.append(values.length > MAX_SHOWN ? ",...]" : "]").toString();
    }

    private static String describe(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return Excerpt.of(String.valueOf(value));
        }
        if (value instanceof String text) {
            return '"' + Excerpt.of(text) + '"';
        }
        return value instanceof RawArgument
                ? value.toString()
                : value.getClass().getSimpleName();
    }
}
