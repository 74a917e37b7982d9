package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * One test file in JavaScript, run by Node.js: the outcomes of its tests, each as soon as it is there. The first call of
 * {@link #hasNext} starts the process, which ends in a bounded time. Confined to the thread that iterates.
 */
final class NodeRun implements Iterator<NodeRun.Outcome> {
    private static final int SECONDS = 180;
    private static final String PASSED = "passed";

    private final Path file;
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

    NodeRun(Path file) {
        this.file = file;
        this.errors = ClientFolder.OUTPUT.resolve(file.getFileName() + ".stderr.txt");
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
        Files.createDirectories(ClientFolder.OUTPUT);
        ProcessBuilder builder = new ProcessBuilder(
                "node",
                "--test-reporter=./lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                ClientFolder.PATH.relativize(file).toString());
        builder.environment().putAll(ClientFolder.environment());
        Process started = builder.directory(ClientFolder.PATH.toFile())
                .redirectError(errors.toFile())
                .start();
        // What it started in turn ends with it.
        CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(started::destroyForcibly);
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
                "node " + file.getFileName(),
                "node ended with exit code " + code + " after " + (count - 1) + " tests (it has " + SECONDS
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
