package io.sockeye.examples.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that was started here, and that ends with this one in whatever way: it runs for as long as its standard input is open,
 * or has a shell as its keeper that does. What it says goes to the standard error stream, with its name in front. Thread-safe.
 */
final class Child implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int END_SECONDS = 10;

    /** Runs a command until the standard input ends. */
    private static final List<String> KEEPER = List.of(
            "sh",
            "-c",
            "\"$@\" & child=$!; trap 'kill $child' TERM; cat > /dev/null; kill $child; wait $child",
            "keeper");

    private final Process process;

    private Child(String name, List<String> command, String sign, CompletableFuture<Void> ready) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(() -> read(name, sign, ready), "says-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a command that ends with its standard input. Returns when it says that it is ready. */
    static Child start(String name, List<String> command, String sign) {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Child child = new Child(name, command, sign, ready);
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
            return child;
        } catch (ExecutionException | TimeoutException e) {
            child.close();
            throw new IllegalStateException(name + " does not start", e);
        } catch (InterruptedException e) {
            child.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** As {@link #start}, for a command that takes no notice of its standard input. */
    static Child keep(String name, List<String> command, String sign) {
        List<String> kept = new ArrayList<>(KEEPER);
        kept.addAll(command);
        return start(name, kept, sign);
    }

    private void read(String name, String sign, CompletableFuture<Void> ready) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(sign)) {
                    ready.complete(null);
                } else if (ready.isDone() || !sign.equals("Ready to accept connections")) {
                    System.err.println(name + ": " + line);
                }
            }
        } catch (IOException e) {
            // it has ended
        }
        ready.completeExceptionally(new IllegalStateException("it has ended"));
    }

    /** Runs the action when the process ends. */
    void onEnd(Runnable action) {
        var unused = process.onExit().thenRun(action);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it in good order, and soon. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
