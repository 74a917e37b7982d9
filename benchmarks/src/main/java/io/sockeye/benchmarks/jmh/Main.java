package io.sockeye.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro-benchmarks and compares them with the baseline: {@code Main BASELINE [--save] [--quick] [PATTERN…]}. With
 * {@code --save}, what is measured becomes the baseline.
 *
 * <p>A line of the baseline is a benchmark with its parameters, its time in ns and what it allocates in bytes per operation,
 * separated by tabs.
 */
public final class Main {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Main() {}

    /** Runs all that match one of the patterns, or all. */
    public static void main(String[] args) throws IOException, RunnerException {
        Path baseline = Path.of(args[0]);
        List<String> words = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
        boolean save = words.remove("--save");
        boolean quick = words.remove("--quick");
        OptionsBuilder options = new OptionsBuilder();
        if (words.isEmpty()) {
            words.add("io.sockeye.benchmarks.jmh");
        }
        words.forEach(options::include);
        options.addProfiler(GCProfiler.class)
                .forks(quick ? 1 : 3)
                .warmupIterations(quick ? 2 : 5)
                .measurementIterations(quick ? 2 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementTime(TimeValue.seconds(1))
                .jvmArgs("-Xmx1g", "-XX:+UseSerialGC");
        Map<String, Figures> measured = figures(new Runner(options.build()).run());
        Map<String, Figures> before = Files.exists(baseline) ? read(baseline) : Map.of();
        report(measured, before);
        if (save) {
            Map<String, Figures> all = new TreeMap<>(before);
            all.putAll(measured);
            write(baseline, all);
        }
    }

    private static Map<String, Figures> figures(Collection<RunResult> results) {
        Map<String, Figures> figures = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replace("io.sockeye.benchmarks.jmh.", "");
            String parameters = result.getParams().getParamsKeys().stream()
                    .map(key -> key + "=" + result.getParams().getParam(key))
                    .collect(Collectors.joining(" "));
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            figures.put(
                    (name + " " + parameters).trim(),
                    new Figures(
                            time.getScore(),
                            time.getScoreError(),
                            allocated == null ? Double.NaN : allocated.getScore()));
        }
        return figures;
    }

    @SuppressWarnings("SystemOut") // the comparison is the program's output
    private static void report(Map<String, Figures> measured, Map<String, Figures> before) {
        System.out.printf("%n%-60s %12s %10s %12s %10s%n", "benchmark", "ns", "before", "B allocated", "before");
        measured.forEach((name, now) -> {
            Figures then = before.getOrDefault(name, Figures.UNKNOWN);
            System.out.printf(
                    Locale.ROOT,
                    "%-60s %12.1f %10s %12.0f %10s%n",
                    name,
                    now.nanos(),
                    change(now.nanos(), then.nanos()),
                    now.allocatedBytes(),
                    change(now.allocatedBytes(), then.allocatedBytes()));
        });
    }

    private static String change(double now, double then) {
        return Double.isNaN(then) || then == 0 ? "–" : String.format(Locale.ROOT, "%+.1f %%", 100 * (now / then - 1));
    }

    private static Map<String, Figures> read(Path file) throws IOException {
        Map<String, Figures> figures = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t", -1);
            figures.put(
                    fields[0],
                    new Figures(
                            Double.parseDouble(fields[1]),
                            Double.parseDouble(fields[2]),
                            Double.parseDouble(fields[3])));
        }
        return figures;
    }

    private static void write(Path file, Map<String, Figures> figures) throws IOException {
        List<String> lines = new ArrayList<>();
        figures.forEach((name, figure) -> lines.add(String.format(
                Locale.ROOT,
                "%s\t%.1f\t%.1f\t%.0f",
                name,
                figure.nanos(),
                figure.nanosError(),
                figure.allocatedBytes())));
        Files.write(file, lines);
    }

    /** Time and garbage of one operation. */
    private record Figures(double nanos, double nanosError, double allocatedBytes) {
        static final Figures UNKNOWN = new Figures(Double.NaN, Double.NaN, Double.NaN);
    }
}
