package io.sockeye.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The load generator: {@code Load SCENARIO --port PORT --pid PID [--warmup S] [--seconds S] [--NAME VALUE]…}.
 *
 * <p>Prints what it found as one line, {@code result NAME=VALUE …}; ends with 1 and a line {@code failure …} when a server
 * answers wrongly. One thread does everything.
 */
public final class Load {
    private Load() {}

    /** Runs one scenario. */
    @SuppressWarnings("SystemOut") // lines on the standard output are the program's interface
    public static void main(String[] args) throws IOException {
        ServerTalk talk = new ServerTalk(new BufferedReader(new InputStreamReader(System.in, UTF_8)), System.out);
        try {
            StringBuilder line = new StringBuilder("result");
            run(Arrays.asList(args), talk)
                    .forEach((name, value) ->
                            line.append(' ').append(name).append('=').append(value));
            System.out.println(line);
        } catch (LoadFailure failure) {
            System.out.println("failure " + failure.getMessage());
            System.exit(1);
        }
    }

    /** Runs one scenario; what is found is given by name. */
    static Map<String, String> run(List<String> words, ServerTalk talk) throws IOException {
        Settings settings = new Settings(words.subList(1, words.size()));
        try (Loop loop = new Loop(settings.number("port", 0))) {
            Bench bench = new Bench(loop, settings, talk);
            scenario(words.get(0), bench).run();
            return bench.result();
        }
    }

    private static Scenario scenario(String name, Bench bench) {
        return switch (name) {
            case "echo" -> new Echo(bench);
            case "fan-out" -> new FanOut(bench);
            case "polling" -> new Polling(bench);
            case "connects" -> new Connects(bench);
            case "idle" -> new Idle(bench);
            case "heartbeats" -> new Heartbeats(bench);
            case "avalanche" -> new Avalanche(bench);
            case "recovery-storm" -> new RecoveryStorm(bench);
            default -> throw new IllegalArgumentException("scenario: " + name);
        };
    }
}
