package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.protocol.socketio.SocketJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Node.js process with servers, clients and emitters of npm: {@code src/test/node/peer.mjs}. What is asked of it is waited for.
 * Confined to one thread.
 */
final class NodePeer implements AutoCloseable {
    private static final JsonMapper MAPPER = SocketJson.mapper().build();
    private static final long PATIENCE_SECONDS = 30;
    private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();

    private final Process process;
    private final BufferedWriter in;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, LinkedBlockingQueue<String>> received = new ConcurrentHashMap<>();

    private NodePeer() throws IOException {
        process = new ProcessBuilder("node", "peer.mjs")
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread reading = new Thread(this::read, "node-peer");
        reading.setDaemon(true);
        reading.start();
    }

    static NodePeer start() {
        try {
            install();
            return new NodePeer();
        } catch (IOException e) {
            throw new AssertionError("The tests of mixed clusters need Node.js 20.11 or newer with npm", e);
        }
    }

    /** Runs {@code npm ci} unless what is installed is what the lock file says. */
    private static void install() throws IOException {
        Path installed = FOLDER.resolve("node_modules/.package-lock.json");
        Path wanted = FOLDER.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(wanted).compareTo(Files.getLastModifiedTime(installed)) <= 0) {
            return;
        }
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "npm-ci.txt").toFile())
                .start();
        try {
            assertThat(npm.waitFor(2, TimeUnit.MINUTES)).as("npm ci ends").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(npm.exitValue()).as("npm ci, see target/npm-ci.txt").isZero();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode said = MAPPER.readTree(line);
                if (said.has("who")) {
                    queueOf(said.get("who").asString()).add(said.get("event").asString() + said.get("args"));
                } else {
                    CompletableFuture<JsonNode> answer =
                            asked.remove(said.get("id").asInt());
                    if (said.has("error")) {
                        answer.completeExceptionally(
                                new AssertionError(said.get("error").asString()));
                    } else {
                        answer.complete(said.get("value"));
                    }
                }
            }
        } catch (IOException e) {
            // it was ended
        }
    }

    private LinkedBlockingQueue<String> queueOf(String who) {
        return received.computeIfAbsent(who, name -> new LinkedBlockingQueue<>());
    }

    /** What a client or server has received next: {@code event[args]}, in JSON. */
    String next(String who) {
        try {
            return queueOf(who).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** What those of that cluster have received and not been asked for. */
    Map<String, List<String>> unheard(String cluster) {
        Map<String, List<String>> left = new LinkedHashMap<>();
        received.forEach((who, queue) -> {
            List<String> all = new ArrayList<>();
            queue.drainTo(all);
            if (!all.isEmpty() && who.startsWith(cluster)) {
                left.put(who, all);
            }
        });
        return left;
    }

    /** Does something, with settings given as name, value, name, value. */
    JsonNode ask(String operation, Object... settings) {
        return asks(operation, settings).join();
    }

    /** Begins to do something. */
    CompletableFuture<JsonNode> asks(String operation, Object... settings) {
        int id = ids.incrementAndGet();
        ObjectNode command = MAPPER.createObjectNode().put("id", id).put("op", operation);
        for (int i = 0; i < settings.length; i += 2) {
            command.set((String) settings[i], MAPPER.valueToTree(plain(settings[i + 1])));
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Binary data in its form for the process. */
    private static Object plain(Object value) {
        if (value instanceof byte[] data) {
            return Map.of("$bin", HexFormat.of().formatHex(data));
        }
        if (value instanceof Object[] array) {
            return Arrays.stream(array).map(NodePeer::plain).toList();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(NodePeer::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            map.forEach((key, each) -> plain.put(key, plain(each)));
            return plain;
        }
        return value;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
