package io.sockeye.adapter.redis;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.MessageReader.Kind;
import io.sockeye.protocol.socketio.MessageWriter;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To whom and how, as all formats have it:
 *
 * <pre>
 *   { rooms: […], except: […], flags: { volatile: true, compress: false, timeout: ms } }
 * </pre>
 *
 * <p>Thread-safe: without state.
 */
final class OptionsCodec {
    /** The longest time-out that is believed, in milliseconds. */
    private static final long MAX_TIMEOUT_MILLIS = 24L * 60 * 60 * 1000;

    private OptionsCodec() {}

    /**
     * What was read.
     *
     * @param timeout how long acknowledgements are waited for; zero when nothing is said
     */
    record Options(BroadcastOptions options, Duration timeout) {}

    /** Writes the options with their flags. */
    static void write(MessageWriter writer, BroadcastOptions options, @Nullable Duration timeout) {
        writer.name("opts");
        writeValue(writer, options, timeout);
    }

    /** Writes the options with their flags, without a name. */
    static void writeValue(MessageWriter writer, BroadcastOptions options, @Nullable Duration timeout) {
        writer.startObject(3);
        rooms(writer, options);
        boolean plain = options.compress();
        int flags = (options.volatileFlag() ? 1 : 0) + (plain ? 0 : 1) + (timeout == null ? 0 : 1);
        writer.name("flags").startObject(flags);
        if (options.volatileFlag()) {
            writer.name("volatile").bool(true);
        }
        if (!plain) {
            writer.name("compress").bool(false);
        }
        if (timeout != null) {
            writer.name("timeout").integer(timeout.toMillis());
        }
        writer.end().end();
    }

    /** Writes the options without flags, as requests of the classic adapter have them. */
    static void writeBare(MessageWriter writer, BroadcastOptions options) {
        writer.name("opts").startObject(2);
        rooms(writer, options);
        writer.end();
    }

    private static void rooms(MessageWriter writer, BroadcastOptions options) {
        writer.name("rooms").strings(options.rooms());
        writer.name("except").strings(options.except());
    }

    /** Reads the options. */
    static Options read(MessageReader reader) throws ProtocolException {
        Set<String> rooms = Set.of();
        Set<String> except = Set.of();
        Flags flags = Flags.NONE;
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            Kind kind = reader.kind();
            if (name.equals("rooms") && kind == Kind.ARRAY) {
                rooms = reader.strings();
            } else if (name.equals("except") && kind == Kind.ARRAY) {
                except = reader.strings();
            } else if (name.equals("flags") && kind == Kind.OBJECT) {
                flags = flags(reader);
            } else {
                reader.skip();
            }
        }
        BroadcastOptions options =
                new BroadcastOptions(rooms, except, flags.volatileFlag(), flags.compress(), /* local= */ false);
        return new Options(options, Duration.ofMillis(flags.timeoutMillis()));
    }

    private record Flags(boolean volatileFlag, boolean compress, long timeoutMillis) {
        static final Flags NONE = new Flags(false, true, 0);
    }

    private static Flags flags(MessageReader reader) throws ProtocolException {
        boolean volatileFlag = false;
        boolean compress = true;
        long timeoutMillis = 0;
        reader.startObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            Kind kind = reader.kind();
            if (name.equals("volatile") && kind == Kind.BOOLEAN) {
                volatileFlag = reader.bool();
            } else if (name.equals("compress") && kind == Kind.BOOLEAN) {
                compress = reader.bool();
            } else if (name.equals("timeout") && kind == Kind.NUMBER) {
                timeoutMillis = Math.max(0, Math.min(MAX_TIMEOUT_MILLIS, reader.integer()));
            } else {
                reader.skip();
            }
        }
        return new Flags(volatileFlag, compress, timeoutMillis);
    }
}
