package io.sockeye.protocol.socketio;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The arguments of an event or acknowledgement, without the event's name. They stay what they arrived as until someone asks
 * for a type; an argument that is asked for twice is read twice.
 *
 * <p>Strings, numbers, booleans and null are read as JSON has them; everything else, and every type that is not asked for by
 * its own name, is bound by the server's Jackson mapper. JSON {@code null} is null, or what the mapper makes of it (an empty
 * {@link java.util.Optional}, a {@code NullNode}), and an error for a primitive type. Binary data appears as {@code byte[]},
 * {@link java.nio.ByteBuffer} or {@code BinaryNode}, at any depth, and is not copied: the array must not be written to.
 *
 * <p>Immutable and thread-safe, as long as live values given to {@link #of} are.
 */
public interface Arguments {

    /** How many there are. */
    int size();

    /** Whether there are none. */
    default boolean isEmpty() {
        return size() == 0;
    }

    /** Whether one of them is binary data or contains some. */
    boolean hasBinary();

    /**
     * Reads an argument as a class: {@code String.class}, {@code int.class}, a record, {@code JsonNode.class}, …
     *
     * @param index from 0
     * @return null when the argument is null
     * @throws ArgumentException when there is no such argument or it is not of that type
     */
    @SuppressWarnings("unchecked") // the other form answers what it was asked for
    default <T> @Nullable T get(int index, Class<T> type) {
        return (T) get(index, (Type) type);
    }

    /** Reads an argument as any type that Jackson knows; otherwise like {@link #get(int, Class)}. */
    @Nullable Object get(int index, Type type);

    /** Reads an argument as a generic type; otherwise like {@link #get(int, Class)}. */
    @SuppressWarnings("unchecked") // the other form answers what it was asked for
    default <T> @Nullable T get(int index, TypeReference<T> type) {
        return (T) get(index, type.getType());
    }

    /**
     * An argument as it stands, to be sent on without being read.
     *
     * @throws ArgumentException when there is no such argument
     */
    RawArgument raw(int index);

    /** All arguments as they stand, to be sent on without being read: {@code emit("copy", args.toArray())}. */
    default Object[] toArray() {
        Object[] raw = new Object[size()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = raw(i);
        }
        return raw;
    }

    /** These arguments and one more behind them, of any kind that an emit takes. */
    default Arguments plus(@Nullable Object value) {
        @Nullable Object[] all = Arrays.copyOf(toArray(), size() + 1);
        all[size()] = value;
        return of(all);
    }

    /** For the log: bounded, and without characters that could break a line. */
    @Override
    String toString();

    /** Arguments made of live values, of any kind that an emit takes. The array is theirs from now on. */
    static Arguments of(@Nullable Object... values) {
        return values.length == 0 ? LiveArguments.NONE : new LiveArguments(values);
    }

    /** Arguments made of live values, of any kind that an emit takes. */
    static Arguments of(List<? extends @Nullable Object> values) {
        return of(values.toArray());
    }
}
