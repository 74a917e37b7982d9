package io.sockeye.adapter.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Redis server on a free loopback port: that of the PATH, else the one inside of the embedded-redis artifact. It can be
 * killed, paused, and started again on its port. Confined to one thread.
 */
final class RedisServer implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final List<String> command = new ArrayList<>();
    private final Path directory;
    private final int port;
    private Process process;

    private RedisServer(int port, List<String> arguments) throws IOException {
        this.port = port;
        this.directory = Files.createTempDirectory("redis");
        command.add(executable());
        command.addAll(arguments);
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
        if (!arguments.contains("--sentinel")) {
            command.addAll(List.of("--save", "", "--appendonly", "no"));
        }
    }

    /** Starts one. */
    static RedisServer start(String... settings) {
        for (int attempt = 0; ; attempt++) {
            int port = freePort();
            try {
                return startAt(
                        port,
                        Stream.concat(Stream.of("--port", String.valueOf(port)), Stream.of(settings))
                                .toList());
            } catch (IllegalStateException e) {
                if (attempt == ATTEMPTS) {
                    throw e; // else somebody else has taken the port
                }
            }
        }
    }

    /** Starts one with these arguments, which make it listen at that port. */
    static RedisServer startAt(int port, List<String> arguments) {
        try {
            RedisServer server = new RedisServer(port, arguments);
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listened at a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String executable() throws IOException {
        for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, "redis-server");
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return redis.embedded.core.ExecutableProvider.newJarResourceProvider(
                        Files.createTempDirectory("redis").toFile())
                .get()
                .toString();
    }

    /** Starts it on its port, empty. Returns when it takes connections. */
    void startAgain() {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader log =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder said = new StringBuilder();
            String line = log.readLine();
            while (line != null && !line.contains("Ready to accept connections") && !line.contains("Sentinel ID is")) {
                said.append(line).append('\n');
                line = log.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("redis-server did not start:\n" + said);
            }
            Thread drain = new Thread(() -> drain(log), "redis-log");
            drain.setDaemon(true);
            drain.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader log) {
        try (log) {
            while (log.readLine() != null) {
                // nobody wants to know
            }
        } catch (IOException e) {
            // it was killed
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it at once, with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets it answer nothing until {@link #resume}, as if packets were lost on the way. */
    void pause() {
        signal("STOP");
    }

    /** Ends a pause. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
