package io.sockeye.conformance;

import java.time.Duration;
import java.util.List;

/**
 * The command line of a server: a port and then flags, each with at most one value.
 *
 * @param args the words
 */
record Flags(List<String> args) {
    int port() {
        return args.isEmpty() ? 0 : Integer.parseInt(args.get(0));
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

    String text(String flag, String standard) {
        int at = args.indexOf(flag);
        return at < 0 ? standard : args.get(at + 1);
    }
}
