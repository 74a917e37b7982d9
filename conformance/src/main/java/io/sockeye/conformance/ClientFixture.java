package io.sockeye.conformance;

import io.sockeye.ConnectError;
import io.sockeye.Socket;
import io.sockeye.SocketHandler;
import io.sockeye.SocketIoServer;
import io.sockeye.SocketIoServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The server that the tests with real clients talk to. {@code conformance/README.md} says what it serves, word by word, and
 * how its process behaves.
 */
public final class ClientFixture {
    private final SocketIoServer io;
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flow");
        thread.setDaemon(true);
        return thread;
    });

    private ClientFixture(Flags flags, Consumer<SocketIoServerBuilder> further) {
        SocketIoServerBuilder builder = SocketIoServer.builder()
                .port(flags.port())
                .http(http -> http.host("127.0.0.1"))
                .corsOrigins("*")
                .pingInterval(flags.millis("--ping-interval", 25_000))
                .pingTimeout(flags.millis("--ping-timeout", 20_000))
                .engine(engine -> engine.upgradeTimeout(flags.millis("--upgrade-timeout", 10_000)))
                .maxPayload(flags.number("--max-payload", 1_000_000))
                .allowEio3(flags.has("--allow-eio3"))
                .parser(flags.parser());
        flags.turnOnRecovery(builder);
        further.accept(builder);
        io = builder.build();
        SocketHandler serve = socket -> {
            announceEnd(socket);
            FixtureSocket.serve(socket, timers);
        };
        ScenarioNamespaces.addTo(io, serve);
        io.onConnection(serve);
        io.of("/chat").onConnection(serve);
        io.of(Pattern.compile("/dynamic-\\d+")).onConnection(serve);
        io.of("/guarded").use(ClientFixture::admit);
        io.of("/guarded").onConnection(serve);
        io.of("/mirror").onConnection(socket -> {
            announceEnd(socket);
            socket.onAny(event -> socket.emit(event.name(), event.args().toArray()));
        });
    }

    /** Starts the fixture and serves until SIGTERM, or the end of standard input where asked for. */
    public static void main(String[] args) throws IOException {
        Flags flags = new Flags(List.of(args));
        ClientFixture fixture = start(flags);
        serve(flags, fixture.port(), fixture::close);
    }

    /** What the process of a fixture does once it listens. */
    static void serve(Flags flags, int port, Runnable close) throws IOException {
        Runnable end = () -> {
            close.run();
            Runtime.getRuntime().halt(0); // an orderly end, not the 143 of a signal
        };
        Runtime.getRuntime().addShutdownHook(new Thread(end, "shutdown"));
        say("ready " + port);
        if (flags.has("--until-eof")) {
            while (System.in.read() >= 0) {
                // what comes in means nothing, only its end does
            }
            System.exit(0);
        }
    }

    /** Starts a fixture within this process. */
    static ClientFixture start(Flags flags) {
        return start(flags, builder -> {});
    }

    /** As {@link #start(Flags)}, with further settings. */
    static ClientFixture start(Flags flags, Consumer<SocketIoServerBuilder> further) {
        ClientFixture fixture = new ClientFixture(flags, further);
        fixture.io.start();
        return fixture;
    }

    int port() {
        return io.port();
    }

    void close() {
        io.close();
        timers.shutdownNow();
    }

    private static void admit(Socket socket) throws InterruptedException {
        socket.join("waiting");
        JsonNode auth = socket.handshake().auth();
        Thread.sleep(auth.path("delay").asLong(0));
        String token = auth.path("token").asString("");
        if (token.equals("bare")) {
            throw new ConnectError("no reason given");
        }
        if (!token.equals("let-me-in")) {
            throw new ConnectError("not authorized", Map.of("code", 401, "wanted", List.of("token")));
        }
    }

    private static void announceEnd(Socket socket) {
        socket.onDisconnect(reason -> say("gone " + socket.id() + " " + reason.text()));
    }

    /** Prints a line of the fixture's interface. */
    private static void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (ClientFixture.class) {
            try {
                System.out.write(bytes);
                System.out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
