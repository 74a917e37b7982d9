package io.sockeye.benchmarks.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that this one has started on a core of its own and talks to by lines. It is ended when this is closed, when
 * its time is over, and when this process ends. Confined to the main thread, save for the watchdog that ends it in time.
 */
final class Child implements AutoCloseable {
    private static final long GRACE_SECONDS = 5;

    private final Process process;
    private final Thread watchdog;
    private final BufferedReader output;
    private final BufferedWriter input;

    private Child(Process process, long limitSeconds) {
        this.process = process;
        output = process.inputReader(UTF_8);
        input = process.outputWriter(UTF_8);
        watchdog = new Thread(() -> endInTime(limitSeconds), "watchdog of " + process.pid());
        watchdog.setDaemon(true);
        watchdog.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Starts a command.
     *
     * @param core the core it runs on; negative for any
     * @param errors the file that its standard error is appended to
     * @param limitSeconds how long it may run
     */
    static Child start(List<String> command, int core, Path errors, long limitSeconds) throws IOException {
        List<String> pinned = new ArrayList<>();
        if (core >= 0) {
            pinned.addAll(List.of("taskset", "-c", Integer.toString(core)));
        }
        pinned.addAll(command);
        Process process = new ProcessBuilder(pinned)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        return new Child(process, limitSeconds);
    }

    /** Its process id; taskset has become the command by the time it prints anything. */
    long pid() {
        return process.pid();
    }

    /** The next line it prints; null when it has ended. */
    @Nullable String readLine() throws IOException {
        return output.readLine();
    }

    /** Sends it a line. */
    void writeLine(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    @Override
    public void close() {
        watchdog.interrupt();
        try {
            input.close();
        } catch (IOException ended) {
            process.destroy();
        }
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void endInTime(long limitSeconds) {
        try {
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
