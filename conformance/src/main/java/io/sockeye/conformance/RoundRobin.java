package io.sockeye.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A load balancer without sticky sessions: each request goes to the next of the servers on loopback ports, or to the one behind it
 * where nobody listens. To see each request, it has every connection closed after one, but for those that ask for an upgrade.
 *
 * <p>Thread-safe; has two threads for each connection.
 */
public final class RoundRobin implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Integer> ports;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private RoundRobin(int port, List<Integer> ports) throws IOException {
        this.listening = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress());
        this.ports = List.copyOf(ports);
    }

    /** Starts one in front of servers on these ports; a port of 0 takes a free one. */
    public static RoundRobin start(int port, List<Integer> ports) {
        try {
            RoundRobin balancer = new RoundRobin(port, ports);
            inBackground(balancer::accept);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Cuts every connection. */
    @Override
    public void close() {
        closeQuietly(listening);
        open.forEach(RoundRobin::closeQuietly);
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            open.add(client);
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client;
                Socket server = passOn(client, readHead(client.getInputStream()))) {
            open.add(server);
            inBackground(() -> pump(client, server));
            pump(server, client);
            open.remove(server);
        } finally {
            open.remove(client);
        }
    }

    /** A connection to the next server, which has got the head. */
    private Socket passOn(Socket client, String head) throws IOException {
        client.setTcpNoDelay(true);
        Socket server = connect();
        server.setTcpNoDelay(true);
        boolean upgrade = head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket");
        String passed = upgrade
                ? head
                : head.replaceAll("(?i)\r\nconnection:[^\r]*", "").replaceFirst("\r\n", "\r\nConnection: close\r\n");
        server.getOutputStream().write(passed.getBytes(StandardCharsets.ISO_8859_1));
        return server;
    }

    private Socket connect() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ports.get(Math.floorMod(next.getAndIncrement(), ports.size()));
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException e) {
                if (attempt == ports.size()) {
                    throw e;
                }
            }
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended within a head");
            }
            head.write(b);
            matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Passes on what comes until the end of it, which ends both sides. */
    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = new BufferedInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        }
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // one side has gone, and the other follows
                    }
                },
                "balancer");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException;
    }
}
