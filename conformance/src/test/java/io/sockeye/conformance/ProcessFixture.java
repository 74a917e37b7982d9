package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A fixture in a process of its own, which ends with this one at the latest. Used by the test's thread; threads of its own
 * read what the process prints.
 */
final class ProcessFixture implements Fixture {
    private static final int START_SECONDS = 30;
    private static final int WAIT_SECONDS = 10;

    private final List<String> flags;
    private final ConcurrentMap<String, CompletableFuture<String>> ends = new ConcurrentHashMap<>();
    private int port; // 0 until the first start
    private Process process;
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    private ProcessFixture(List<String> flags) {
        this.flags = flags;
        this.process = start();
    }

    /** Starts one with these flags, each followed by its value. */
    static ProcessFixture start(String... flags) {
        if (ClientFolder.fixtureCommand().contains("reference-fixture.mjs")) {
            ClientFolder.NPM.install();
        }
        return new ProcessFixture(List.of(flags));
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public String endOf(String socketId) {
        return await(end(socketId), WAIT_SECONDS, "the end of socket " + socketId);
    }

    @Override
    public void restart() {
        close();
        process = start();
    }

    @Override
    public void close() {
        // Process.destroy would close its streams as well, and lose what it says on its way out.
        process.toHandle().destroy();
        int code = await(process.onExit(), WAIT_SECONDS, "the fixture to end after SIGTERM")
                .exitValue();
        if (code != 0) {
            throw new AssertionError("The fixture ended with exit code " + code + " after SIGTERM");
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("The fixture leaked: " + String.join("\n", leaks));
        }
    }

    private Process start() {
        List<String> command = new ArrayList<>(ClientFolder.fixtureCommand());
        command.add(String.valueOf(port));
        command.add("--until-eof");
        command.addAll(flags);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(ClientFolder.NPM.path().toFile());
            builder.environment().putAll(ClientFolder.environment());
            Process started = builder.start();
            CompletableFuture<Integer> ready = new CompletableFuture<>();
            readInBackground(() -> readOutput(started, ready));
            readInBackground(() -> readErrors(started));
            port = await(ready, START_SECONDS, "the fixture to be ready: " + String.join(" ", command));
            return started;
        } catch (IOException e) {
            throw new AssertionError("The fixture does not start: " + String.join(" ", command), e);
        }
    }

    private static void readInBackground(Runnable reader) {
        Thread thread = new Thread(reader, "fixture");
        thread.setDaemon(true);
        thread.start();
    }

    private void readOutput(Process started, CompletableFuture<Integer> ready) {
        try (BufferedReader lines = started.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("ready")) {
                    ready.complete(Integer.valueOf(words[1]));
                } else if (words[0].equals("gone")) {
                    end(words[1]).complete(words[2]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ready.completeExceptionally(new IllegalStateException("it ended"));
        }
    }

    private void readErrors(Process started) {
        try (BufferedReader lines = started.errorReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.err.println(line);
                if (line.contains("LEAK")) {
                    leaks.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<String> end(String socketId) {
        return ends.computeIfAbsent(socketId, id -> new CompletableFuture<>());
    }

    private static <T> T await(CompletableFuture<T> future, int seconds, String what) {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Waited for " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
