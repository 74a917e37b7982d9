package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message between the nodes of a cluster after the other, JSON or MessagePack, from front to back:
 *
 * <pre>{@code
 * reader.read(bytes);
 * reader.startObject();
 * for (String name = reader.nextName(); name != null; name = reader.nextName()) {
 *     switch (name) {
 *         case "uid" -> uid = reader.string();
 *         default -> reader.skip();
 *     }
 * }
 * reader.end();
 * }</pre>
 *
 * <p>Whatever the bytes are, nothing but {@link ProtocolException} is raised. Arguments stay ranges of the bytes, which must not
 * be written to. Confined to its owner.
 */
public abstract sealed class MessageReader permits JsonMessageReader, MsgpackMessageReader {
    private static final int MIN_BOUNDS = 16;

    /** Names of fields and events, of which there are few. */
    final NameCache names = new NameCache();

    final Bounds bounds = new Bounds();
    byte[] array = JsonString.EMPTY;
    /** The position of what comes next. */
    int p;

    /** Package-private: two formats are enough. */
    MessageReader() {}

    /** A reader of JSON. */
    public static MessageReader json() {
        return new JsonMessageReader();
    }

    /** A reader of MessagePack, in which a timestamp is a date. */
    public static MessageReader msgpack() {
        return new MsgpackMessageReader();
    }

    /** What kind of value comes next. */
    public enum Kind {
        /** An object. */
        OBJECT,
        /** An array. */
        ARRAY,
        /** Text. */
        STRING,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** {@code null}. */
        NULL,
        /** Bytes, or a date. */
        OTHER
    }

    /**
     * Begins with a message.
     *
     * @throws ProtocolException when it can be no text
     */
    public abstract void read(byte[] message) throws ProtocolException;

    /** The kind of the value that comes next. */
    public abstract Kind kind() throws ProtocolException;

    /** Enters the object that comes next. */
    public abstract void startObject() throws ProtocolException;

    /** The name of the next value of the object that was entered last; null behind its last one, which leaves the object. */
    public abstract @Nullable String nextName() throws ProtocolException;

    /** Enters the array that comes next. */
    public abstract void startArray() throws ProtocolException;

    /** Whether another value comes in the array that was entered last; if not, leaves the array. */
    public abstract boolean hasNext() throws ProtocolException;

    /** The text that comes next. */
    public abstract String string() throws ProtocolException;

    /** The number that comes next, which is whole. */
    public abstract long integer() throws ProtocolException;

    /** The {@code true} or {@code false} that comes next. */
    public abstract boolean bool() throws ProtocolException;

    /** The value that comes next, whatever it is. */
    public abstract RawArgument raw() throws ProtocolException;

    /** Checks the value that comes next, and passes it. */
    public final void skip() throws ProtocolException {
        int behind = behindValue();
        if (behind < 0) {
            throw malformed();
        }
        p = behind;
    }

    /** The position behind the value that comes next; negative when there is none, or it is malformed. */
    abstract int behindValue();

    /** Where the value that comes next begins, for {@link #back}. */
    public final int position() {
        return p;
    }

    /** Goes back to a value that has been passed since, to read it with what is in it; {@link #resume} ends that. */
    public abstract void back(int position);

    /** The position that was left by {@link #back}, in the objects and arrays that were entered then. */
    public abstract void resume();

    /** Checks that the message is over. */
    public abstract void end() throws ProtocolException;

    /** The rest of the array that was entered last, which this leaves. */
    abstract Arguments rest() throws ProtocolException;

    /** The name of an event, which comes next: text or a number. */
    abstract String eventName() throws ProtocolException;

    /** The arguments that come next, an array. */
    public final Arguments arguments() throws ProtocolException {
        startArray();
        return rest();
    }

    /**
     * The name of an event and its arguments, which come next in one array. The name may be any, also a {@linkplain
     * ReservedEvents reserved} one.
     */
    public final NamedArguments event() throws ProtocolException {
        startArray();
        if (!hasNext()) {
            throw malformed();
        }
        String name = eventName();
        return new NamedArguments(name, rest());
    }

    /** An event's name and arguments. Immutable. */
    public record NamedArguments(String name, Arguments args) {}

    /** An array of texts, which comes next; a number counts as the text that JavaScript makes of it. */
    public final Set<String> strings() throws ProtocolException {
        startArray();
        if (!hasNext()) {
            return Set.of();
        }
        String first = eventName();
        if (!hasNext()) {
            return Set.of(first);
        }
        Set<String> all = new LinkedHashSet<>();
        all.add(first);
        do {
            all.add(eventName());
        } while (hasNext());
        return all;
    }

    /** What is thrown for whatever is no such message. */
    static ProtocolException malformed() {
        return new ProtocolException("malformed message");
    }

    /** Where elements start and end, two positions each, in the making. Confined to its reader. */
    static final class Bounds {
        private int[] positions = new int[MIN_BOUNDS];
        private int size;

        void clear() {
            size = 0;
            if (positions.length > 64 * MIN_BOUNDS) {
                positions = new int[MIN_BOUNDS];
            }
        }

        void add(int position) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, 2 * size);
            }
            positions[size++] = position;
        }

        int size() {
            return size;
        }

        int at(int index) {
            return positions[index];
        }

        int[] from(int index) {
            return Arrays.copyOfRange(positions, index, size);
        }
    }
}
