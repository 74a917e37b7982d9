package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Tests in JavaScript, run by Node.js, which prints their outcomes as JSON, one per line: each of them as soon as it is there.
 * The first call of {@link #hasNext} starts the process, which ends in a bounded time. Confined to the thread that iterates.
 */
final class NodeRun implements Iterator<NodeRun.Outcome> {
    private static final String PASSED = "passed";

    private final NpmFolder folder;
    private final String name;
    private final List<String> arguments;
    private final int seconds;
    private final Map<String, String> environment;
    private final Path errors;

    private @Nullable Process process; // null until the first look, and after the last
    private @Nullable BufferedReader lines; // null when the process is
    private @Nullable Outcome next; // null while unknown
    private boolean finished;
    private int count;
    private boolean anyFailed;

    /**
     * What became of one test.
     *
     * @param name the test's name
     * @param problem why it failed; null if it passed
     */
    record Outcome(String name, @Nullable String problem) {}

    /**
     * A run of that name.
     *
     * @param arguments what {@code node} is called with in the folder
     * @param seconds the time it has
     * @param environment variables that it gets beside those of this process
     */
    NodeRun(NpmFolder folder, String name, List<String> arguments, int seconds, Map<String, String> environment) {
        this.folder = folder;
        this.name = name;
        this.arguments = arguments;
        this.seconds = seconds;
        this.environment = environment;
        this.errors = folder.output().resolve(name + ".stderr.txt");
    }

    /** Each outcome as a test. Its message begins with this run's name and its own. */
    Stream<DynamicTest> tests() {
        Spliterator<Outcome> outcomes =
                Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(outcomes, /* parallel= */ false)
                .map(outcome -> dynamicTest(outcome.name(), () -> {
                    if (outcome.problem() != null) {
                        throw new AssertionError(name + ": " + outcome.name() + ": " + outcome.problem());
                    }
                }));
    }

    @Override
    public boolean hasNext() {
        if (next == null && !finished) {
            next = read();
            finished = next == null;
        }
        return next != null;
    }

    @Override
    public Outcome next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Outcome outcome = next;
        next = null;
        return outcome;
    }

    private @Nullable Outcome read() {
        try {
            if (process == null) {
                start();
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Outcome outcome = outcome(line);
                if (outcome != null) {
                    count++;
                    anyFailed |= outcome.problem() != null;
                    return outcome;
                }
            }
            return end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process started = builder.directory(folder.path().toFile())
                .redirectError(errors.toFile())
                .start();
        // What it started in turn ends with it.
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(started::destroyForcibly);
        process = started;
        lines = started.inputReader(UTF_8);
    }

    /** Complains once about a run that ended badly although no test failed, or that had no tests. */
    private @Nullable Outcome end() throws IOException, InterruptedException {
        int code = process.waitFor();
        if (count > 0 && (anyFailed || code == 0)) {
            return null;
        }
        count++;
        anyFailed = true;
        String said = Files.readString(errors, UTF_8);
        return new Outcome(
                "node " + name,
                "node ended with exit code " + code + " after " + (count - 1) + " tests (it has " + seconds
                        + " s), and said: " + said);
    }

    private static @Nullable Outcome outcome(String line) {
        try {
            JSONObject json = new JSONObject(line);
            String name = json.getString("name");
            String outcome = json.getString("outcome");
            String problem = json.optString("problem");
            if (json.getBoolean("suite")) {
                // A suite fails by itself when what its tests share does not start or end well.
                boolean own = !outcome.equals(PASSED) && !problem.matches("\\d+ subtests? failed");
                return own ? new Outcome(name + ": start and end", problem) : null;
            }
            if (outcome.equals(PASSED)) {
                return new Outcome(name, null);
            }
            return new Outcome(name, problem.isEmpty() ? outcome : problem);
        } catch (JSONException e) {
            return new Outcome("node's output", "Not what the reporter writes: " + line);
        }
    }
}
