package io.sockeye.examples.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program: starts Redis, three nodes and a load balancer, each as a process of its own, starts nodes again that have died, and
 * ends everything on Ctrl+C. Thread-safe.
 */
public final class Cluster implements AutoCloseable {
    private static final int DEFAULT_PORT = 3000;
    private static final List<String> NAMES = List.of("node-1", "node-2", "node-3");
    private static final int DEAD_SECONDS = 5;

    private final Path folder;
    private final int port;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Child> nodes = new ConcurrentHashMap<>();
    private final List<Child> others = new ArrayList<>();
    private final ScheduledExecutorService revival = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "revival");
        thread.setDaemon(true);
        return thread;
    });
    private String redisUri = "";

    private Cluster(int port) throws IOException {
        this.folder = Files.createTempDirectory("sockeye-cluster");
        this.port = port == 0 ? freePort() : port;
    }

    /** Takes the load balancer's port from the first argument. Default: 3000. */
    public static void main(String[] args) throws InterruptedException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_PORT;
        Cluster cluster;
        try {
            cluster = start(port);
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "cluster-shutdown"));
        System.out.println("The cluster is ready at http://localhost:" + cluster.port() + " (Ctrl+C stops it)");
        Thread.currentThread().join();
    }

    /**
     * Starts everything. A port of 0 takes a free one for the load balancer.
     *
     * @throws IllegalStateException when something does not start, or the load balancer is not installed
     */
    static Cluster start(int port) {
        String haproxy = Programs.haproxy();
        try {
            Cluster cluster = new Cluster(port);
            boolean started = false;
            try {
                cluster.startAll(haproxy);
                started = true;
                return cluster;
            } finally {
                if (!started) {
                    cluster.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startAll(String haproxy) throws IOException {
        int redisPort = freePort();
        redisUri = "redis://127.0.0.1:" + redisPort;
        List<String> redis = new ArrayList<>(List.of(Programs.redisServer(), "--port", String.valueOf(redisPort)));
        redis.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString()));
        others.add(Child.keep("redis", redis, "Ready to accept connections"));
        for (String name : NAMES) {
            ports.put(name, freePort());
        }
        NAMES.parallelStream().forEach(this::startNode);
        List<String> balancer = List.of(haproxy, "-W", "-f", configuration().toString());
        others.add(Child.keep("balancer", balancer, "Loading success"));
    }

    private void startNode(String name) {
        Child node = Child.start(
                name, Programs.java(Node.class, name, String.valueOf(ports.get(name)), redisUri), /* sign= */ "ready");
        nodes.put(name, node);
        node.onEnd(() -> reviveLater(name));
    }

    private void reviveLater(String name) {
        if (!revival.isShutdown()) {
            var unused = revival.schedule(() -> startNode(name), DEAD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The load balancer's configuration, with the ports of this run. */
    private Path configuration() throws IOException {
        try (InputStream in = Cluster.class.getResourceAsStream("/haproxy.cfg")) {
            if (in == null) {
                throw new IllegalStateException("missing on the class path: /haproxy.cfg");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("{port}", String.valueOf(port));
            for (Map.Entry<String, Integer> each : ports.entrySet()) {
                text = text.replace("{" + each.getKey() + "}", "127.0.0.1:" + each.getValue());
            }
            return Files.writeString(folder.resolve("haproxy.cfg"), text);
        }
    }

    /** Where the load balancer listens. */
    int port() {
        return port;
    }

    /** The processes of the nodes that run, by name. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (node.isAlive()) {
                pids.put(name, node.pid());
            }
        });
        return pids;
    }

    /** Ends everything, the load balancer first. */
    @Override
    public void close() {
        revival.shutdownNow();
        others.stream().skip(1).forEach(Child::close);
        nodes.values().parallelStream().forEach(Child::close);
        others.stream().limit(1).forEach(Child::close);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
