package io.sockeye.protocol.socketio;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message between the nodes of a cluster, as JSON or as MessagePack, piece by piece:
 *
 * <pre>{@code
 * MessageWriter.json().startObject(2).name("uid").string(uid).name("type").integer(2).end().toBytes()
 * }</pre>
 *
 * <p>The forms are those that {@code JSON.stringify} and npm's notepack.io 3 or @msgpack/msgpack give. Confined to its caller.
 */
public abstract sealed class MessageWriter {

    /** Package-private: two formats are enough. */
    MessageWriter() {}

    /** Writes JSON. Binary data stands in it as a Node.js Buffer does, {@code {"type":"Buffer","data":[1,2,3]}}. */
    public static MessageWriter json() {
        return new Json();
    }

    /** Writes MessagePack. */
    public static MessageWriter msgpack() {
        return new Msgpack();
    }

    /** Begins an object, up to {@link #end}. Each value in it has a {@link #name}. */
    public abstract MessageWriter startObject(int entries);

    /** Begins an array, up to {@link #end}. */
    public abstract MessageWriter startArray(int elements);

    /** Ends the object or array that was begun last. */
    public abstract MessageWriter end();

    /** The name of the value that comes next, of ASCII characters that need no escapes in JSON. */
    public abstract MessageWriter name(String name);

    /** Text. */
    public abstract MessageWriter string(String value);

    /** A number. */
    public abstract MessageWriter integer(long value);

    /** {@code true} or {@code false}. */
    public abstract MessageWriter bool(boolean value);

    /**
     * Any value that an emit takes.
     *
     * @throws tools.jackson.core.JacksonException when it cannot be written
     */
    public abstract MessageWriter value(@Nullable Object value);

    /** Each of the arguments, within an array that has been begun. */
    public final MessageWriter values(Arguments args) {
        for (Object value : LiveArguments.valuesOf(args)) {
            value(value);
        }
        return this;
    }

    /** An array of texts. */
    public final MessageWriter strings(Collection<String> values) {
        startArray(values.size());
        for (String value : values) {
            string(value);
        }
        return end();
    }

    /** Whether what was written holds binary data. */
    public abstract boolean hasBinary();

    /** What was written. */
    public abstract byte[] toBytes();

    /** JSON. */
    private static final class Json extends MessageWriter {
        private static final ValueWriter VALUES = new ValueWriter(SocketJson.defaultMapper());
        private static final int CAPACITY = 256;

        private final InlineJsonOutput output = new InlineJsonOutput(CAPACITY);
        /** For each level, innermost lowest: whether it is an object. */
        private long objects;

        private boolean comma; // whether the next value or name has one before it

        @Override
        public MessageWriter startObject(int entries) {
            return start('{', 1);
        }

        @Override
        public MessageWriter startArray(int elements) {
            return start('[', 0);
        }

        private MessageWriter start(char bracket, long bit) {
            separate();
            output.ascii(bracket);
            objects = objects << 1 | bit;
            comma = false;
            return this;
        }

        @Override
        public MessageWriter end() {
            output.ascii((objects & 1) != 0 ? '}' : ']');
            objects >>>= 1;
            comma = true;
            return this;
        }

        @Override
        public MessageWriter name(String name) {
            separate();
            output.ascii('"');
            output.text(name);
            output.text("\":");
            comma = false;
            return this;
        }

        @Override
        public MessageWriter string(String value) {
            separate();
            output.string(value);
            comma = true;
            return this;
        }

        @Override
        public MessageWriter integer(long value) {
            separate();
            output.number(value);
            comma = true;
            return this;
        }

        @Override
        public MessageWriter bool(boolean value) {
            separate();
            output.text(value ? "true" : "false");
            comma = true;
            return this;
        }

        @Override
        public MessageWriter value(@Nullable Object value) {
            separate();
            VALUES.write(output, value);
            comma = true;
            return this;
        }

        private void separate() {
            if (comma) {
                output.ascii(',');
            }
        }

        @Override
        public boolean hasBinary() {
            return output.hasBinary();
        }

        @Override
        public byte[] toBytes() {
            return output.toBytes();
        }
    }

    /** MessagePack. */
    private static final class Msgpack extends MessageWriter {
        private static final MsgpackWriter VALUES =
                new MsgpackWriter(SocketJson.defaultMapper(), MsgpackDialect.OF_NODES);
        private static final int CAPACITY = 256;

        private final MsgpackOutput output = new MsgpackOutput(CAPACITY);

        @Override
        public MessageWriter startObject(int entries) {
            output.mapHeader(entries);
            return this;
        }

        @Override
        public MessageWriter startArray(int elements) {
            output.arrayHeader(elements);
            return this;
        }

        @Override
        public MessageWriter end() {
            return this;
        }

        @Override
        public MessageWriter name(String name) {
            output.string(name);
            return this;
        }

        @Override
        public MessageWriter string(String value) {
            output.string(value);
            return this;
        }

        @Override
        public MessageWriter integer(long value) {
            output.integer(value);
            return this;
        }

        @Override
        public MessageWriter bool(boolean value) {
            output.bool(value);
            return this;
        }

        @Override
        public MessageWriter value(@Nullable Object value) {
            VALUES.write(output, value);
            return this;
        }

        @Override
        public boolean hasBinary() {
            byte[] written = toBytes();
            MsgpackScanner scanner = new MsgpackScanner(SocketJson.MAX_DEPTH, MsgpackDialect.OF_NODES);
            scanner.value(written, 0, written.length);
            return scanner.takeBinary();
        }

        @Override
        public byte[] toBytes() {
            return output.toBytes();
        }
    }
}
