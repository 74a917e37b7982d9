package io.sockeye.benchmarks.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the figures were taken on. Stateless. */
final class Machine {
    private static final int DEFAULT_OPEN_FILES = 1024;

    private Machine() {}

    /** How many files this process, and those it starts, may have open. */
    static int openFiles() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +", -1)[3])
                .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                .findFirst()
                .orElse(DEFAULT_OPEN_FILES);
    }

    /** Facts as lines of a Markdown list. */
    static List<String> facts(Installation installation) throws IOException {
        List<String> facts = new ArrayList<>();
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
        facts.add("processor: " + processor + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        facts.add("kernel: "
                + Files.readString(Path.of("/proc/sys/kernel/osrelease")).trim());
        facts.add("JDK: " + firstLine(installation.jdk().resolve("bin/java").toString(), "-version"));
        facts.add("Node.js: " + firstLine("node", "--version"));
        facts.add("Bun: " + firstLine(installation.peers("node_modules/@oven/bun-linux-x64/bin/bun"), "--version"));
        facts.add("open files allowed: " + openFiles());
        facts.add("JVM flags: "
                + String.join(" ", installation.java(Plan.HEAP, "").subList(1, 6)));
        return facts;
    }

    private static String firstLine(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                String line = process.inputReader(UTF_8).readLine();
                return line == null ? "unknown" : line;
            } finally {
                process.waitFor(10, TimeUnit.SECONDS);
                process.destroy();
            }
        } catch (IOException notThere) {
            return "none";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
