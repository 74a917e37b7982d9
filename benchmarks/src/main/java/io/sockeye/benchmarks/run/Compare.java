package io.sockeye.benchmarks.run;

import io.sockeye.benchmarks.run.Measurement.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures servers beside each other: {@code Compare HOME [--scenarios A,B] [--servers A,B] [--rounds N] [--warmup S]
 * [--seconds S] [--out FILE]}.
 *
 * <p>In each round, each scenario is run once with each server, each time in fresh processes, beginning with another
 * server in each round. Whatever else the machine does is thereby shared fairly.
 */
public final class Compare {
    private static final String ALL_SERVERS = "sockeye,sockeye-inline,node,bun,netty-socketio,floor,floor-raw";

    private final List<String> words;
    private final Installation installation;

    private Compare(List<String> words) {
        this.words = words;
        installation = Installation.in(Path.of(words.get(0)));
    }

    /** Runs all that is asked for, and writes the report. */
    public static void main(String[] args) throws IOException {
        new Compare(Arrays.asList(args)).run();
    }

    private void run() throws IOException {
        List<Plan> plans = new Plans(Machine.openFiles()).select(option("--scenarios", "all"));
        List<Peer> peers = Arrays.stream(option("--servers", ALL_SERVERS).split(",", -1))
                .map(Peer::of)
                .toList();
        int rounds = Integer.parseInt(option("--rounds", "5"));
        Path out = Path.of(
                option("--out", installation.home().resolve("target/results.md").toString()));
        Path raw = out.resolveSibling(out.getFileName() + ".tsv");
        Files.deleteIfExists(raw);
        boolean together = words.contains("--together");
        boolean pinned = Runtime.getRuntime().availableProcessors() > 1;
        List<String> loadFlags = List.of("--warmup", option("--warmup", "4"), "--seconds", option("--seconds", "4"));
        Measurement measurement = new Measurement(
                installation, loadFlags, pinned, installation.home().resolve("target/servers.err"));
        Results results = new Results();
        for (int round = 0; round < rounds; round++) {
            for (Plan plan : plans) {
                List<Peer> able = inTurn(peers, round).stream()
                        .filter(peer -> peer.serves(plan))
                        .toList();
                if (together) {
                    List<Outcome> outcomes = measurement.takeTogether(able, plan);
                    for (int i = 0; i < able.size(); i++) {
                        results.add(plan, able.get(i), outcomes.get(i));
                        note(raw, round, plan, able.get(i), outcomes.get(i));
                    }
                } else {
                    for (Peer peer : able) {
                        Outcome outcome = measurement.take(peer, plan);
                        results.add(plan, peer, outcome);
                        note(raw, round, plan, peer, outcome);
                    }
                }
            }
            List<String> facts = new ArrayList<>(Machine.facts(installation));
            facts.add(together ? "all servers at once" : "one server after the other");
            facts.add(pinned ? "server on core 0, load on core 1" : "nothing pinned: there is one core only");
            Files.writeString(out, new Report(results, plans, peers).markdown(facts, round + 1));
        }
        say("written to " + out);
    }

    private static List<Peer> inTurn(List<Peer> peers, int round) {
        List<Peer> turned = new ArrayList<>(peers);
        Collections.rotate(turned, -round);
        return turned;
    }

    private static void note(Path raw, int round, Plan plan, Peer peer, Outcome outcome) throws IOException {
        String figure = outcome.failure().isEmpty()
                ? String.format(
                        Locale.ROOT, "%.2f %s", outcome.figures().getOrDefault(plan.figure(), Double.NaN), plan.unit())
                : "failed: " + outcome.failure();
        say(String.format(
                Locale.ROOT,
                "%s round %d  %-22s %-16s %s",
                LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
                round + 1,
                plan.name(),
                peer.word(),
                figure));
        String line = String.join(
                "\t",
                Integer.toString(round + 1),
                plan.name(),
                peer.word(),
                outcome.figures() + outcome.failure() + "\n");
        Files.writeString(raw, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String option(String name, String otherwise) {
        int at = words.indexOf(name);
        return at < 0 ? otherwise : words.get(at + 1);
    }

    @SuppressWarnings("SystemOut") // progress, on a terminal
    private static void say(String line) {
        System.out.println(line);
    }
}
