package io.sockeye.conformance;

import io.sockeye.ConnectionStateRecovery;
import io.sockeye.SocketIoServerBuilder;
import io.sockeye.protocol.socketio.DefaultParser;
import io.sockeye.protocol.socketio.MsgpackParser;
import io.sockeye.protocol.socketio.ParserFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a server: a port and then flags, each with at most one value.
 *
 * @param args the words
 */
record Flags(List<String> args) {
    private static final String NEXT = "--and";

    /** The command lines of several servers, one behind the other with {@code --and} in between. */
    static List<Flags> groups(List<String> args) {
        List<Flags> groups = new ArrayList<>();
        List<String> rest = args;
        for (int end = rest.indexOf(NEXT); end >= 0; end = rest.indexOf(NEXT)) {
            groups.add(new Flags(rest.subList(0, end)));
            rest = rest.subList(end + 1, rest.size());
        }
        groups.add(new Flags(rest));
        return groups;
    }

    int port() {
        return args.isEmpty() ? 0 : Integer.parseInt(args.get(0));
    }

    /** The same with another port. */
    Flags withPort(int port) {
        List<String> words = new ArrayList<>(args);
        if (!words.isEmpty()) {
            words.remove(0);
        }
        words.add(0, String.valueOf(port));
        return new Flags(words);
    }

    boolean has(String flag) {
        return args.contains(flag);
    }

    Duration millis(String flag, int standard) {
        return Duration.ofMillis(number(flag, standard));
    }

    int number(String flag, int standard) {
        return Integer.parseInt(text(flag, String.valueOf(standard)));
    }

    ParserFactory parser() {
        return text("--parser", "").equals("msgpack") ? MsgpackParser.factory() : DefaultParser.factory();
    }

    /** Turns connection state recovery on, if {@code --recovery} says for how long. */
    void turnOnRecovery(SocketIoServerBuilder builder) {
        if (has("--recovery")) {
            builder.connectionStateRecovery(ConnectionStateRecovery.builder()
                    .maxDisconnectionDuration(millis("--recovery", 0))
                    .build());
        }
    }

    String text(String flag, String standard) {
        int at = args.lastIndexOf(flag); // as with most programs, the last one counts
        return at < 0 ? standard : args.get(at + 1);
    }
}
