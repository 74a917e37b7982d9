package io.sockeye.conformance;

import io.sockeye.ConnectError;
import io.sockeye.Socket;
import io.sockeye.SocketIoServer;
import io.sockeye.SocketIoServerBuilder;
import io.sockeye.engine.CloseReason;
import io.sockeye.engine.EngineServer;
import io.sockeye.engine.EngineServerBuilder;
import io.sockeye.engine.EngineSession;
import io.sockeye.engine.SessionCookie;
import io.sockeye.http.Cors;
import io.sockeye.http.HttpServer;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server that the official protocol test suites expect, as described in the READMEs of the Engine.IO and Socket.IO
 * protocol repositories ("Test suite").
 *
 * <p>{@code ComplianceServer PORT} serves Socket.IO at {@code /socket.io/}; with {@code --engine} it echoes Engine.IO messages
 * at {@code /engine.io/}. The other flags move single settings, for comparisons with the reference server: {@code
 * --ping-interval MS}, {@code --ping-timeout MS}, {@code --upgrade-timeout MS}, {@code --max-payload BYTES}, {@code
 * --connect-timeout MS}, {@code --cors-origin ORIGIN}, {@code --no-cors}, {@code --cookie}, {@code --deflate}, {@code
 * --allow-eio3}, {@code --inline}, {@code --parser msgpack}, {@code
 * --recovery MS}. What follows {@code --and} is another server in the same process,
 * with settings of its own. With {@code
 * --until-eof} the process ends with its standard input, too.
 */
public final class ComplianceServer {
    /**
     * The suites send requests of one session over several connections at once and rely on the order in which the server
     * accepted those. Only one event loop can promise that.
     */
    private static final int ONE_LOOP = 1;

    /**
     * The suites look for one frame after the other with a listener for each, and lose the second when one read brings two.
     * On a busy machine that is the CONNECT packet and the event behind it.
     */
    private static final int AUTH_DELAY_MILLIS = 30;

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(1);
    private static final int COMPRESS_FROM_BYTES = 1024;

    private ComplianceServer() {}

    /** Starts the servers, prints one line for each when it is ready, and serves until the process is ended. */
    public static void main(String[] args) throws IOException {
        List<AutoCloseable> servers = new ArrayList<>();
        List<Flags> groups = Flags.groups(List.of(args));
        for (Flags flags : groups) {
            servers.add(flags.has("--engine") ? startEngine(flags) : startSocketIo(flags));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(servers), "shutdown"));
        if (groups.get(0).has("--until-eof")) {
            var unused = System.in.transferTo(OutputStream.nullOutputStream());
            System.exit(0);
        }
    }

    private static AutoCloseable startSocketIo(Flags flags) {
        SocketIoServerBuilder builder = SocketIoServer.builder()
                .port(flags.port())
                .http(http -> http.eventLoopThreads(ONE_LOOP))
                .connectTimeout(flags.millis("--connect-timeout", 1000))
                .cors(cors(flags))
                .parser(flags.parser())
                .engine(engine -> configure(engine, flags));
        if (flags.has("--inline")) {
            builder.inlineHandlers();
        }
        flags.turnOnRecovery(builder);
        SocketIoServer io = builder.build();
        io.onConnection(socket -> {
            greet(socket, flags);
            socket.on(
                    "message", event -> socket.emit("message-back", event.args().toArray()));
            socket.on("message-with-ack", event -> event.ack().send(event.args().toArray()));
        });
        io.of("/custom").onConnection(socket -> greet(socket, flags));
        io.of("/refused").use(socket -> {
            throw new ConnectError("not authorized");
        });
        io.of("/refused-with-data").use(socket -> {
            throw new ConnectError("not authorized", Map.of("code", 401));
        });
        io.start();
        ready("socket.io", io.port());
        return () -> io.close(CLOSE_DEADLINE);
    }

    /** Emits {@code auth}: at once if handlers run inline, else when the suites have read what stands before it. */
    private static void greet(Socket socket, Flags flags) {
        Executor when = flags.has("--inline")
                ? Runnable::run
                : CompletableFuture.delayedExecutor(AUTH_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        when.execute(() -> socket.emit("auth", socket.handshake().auth()));
    }

    private static AutoCloseable startEngine(Flags flags) {
        EngineServerBuilder builder = EngineServer.builder();
        configure(builder, flags);
        Cors cors = cors(flags);
        EngineServer engine = builder.allowOrigin(cors::allowsOrigin)
                .onSession(session -> session.listener(new Echo(session)))
                .build();
        HttpServer http = HttpServer.builder()
                .port(flags.port())
                .eventLoopThreads(ONE_LOOP)
                .mount("/engine.io/", cors.wrap(engine))
                .build()
                .start();
        ready("engine.io", http.port());
        return () -> {
            http.stopAccepting();
            engine.close(Duration.ZERO, CLOSE_DEADLINE)
                    .toCompletableFuture()
                    .get(2 * CLOSE_DEADLINE.toSeconds(), TimeUnit.SECONDS);
            http.close();
        };
    }

    private static void configure(EngineServerBuilder engine, Flags flags) {
        engine.pingInterval(flags.millis("--ping-interval", 300))
                .pingTimeout(flags.millis("--ping-timeout", 200))
                .maxPayload(flags.number("--max-payload", 1_000_000));
        engine.upgradeTimeout(flags.millis("--upgrade-timeout", 10_000));
        engine.allowEio3(flags.has("--allow-eio3"));
        if (flags.has("--deflate")) {
            engine.perMessageDeflateThreshold(COMPRESS_FROM_BYTES);
        }
        if (flags.has("--cookie")) {
            engine.cookie(SessionCookie.named("io"));
        }
    }

    private static Cors cors(Flags flags) {
        if (flags.has("--no-cors")) {
            return Cors.sameOrigin();
        }
        return Cors.builder().origins(flags.text("--cors-origin", "*")).build();
    }

    @SuppressWarnings("SystemOut") // the line that says it is ready is the program's interface
    private static void ready(String what, int port) {
        System.out.println(what + " ready on port " + port);
    }

    private static void close(List<AutoCloseable> servers) {
        for (AutoCloseable server : servers) {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException("the server did not close", e);
            }
        }
        Runtime.getRuntime().halt(0); // an orderly end, not the 143 of a signal
    }

    /** Sends every message back. */
    private record Echo(EngineSession session) implements EngineSession.Listener {
        @Override
        public void onMessage(byte[] array, int offset, int length) {
            byte[] copy = new byte[EncodedPacket.HEADROOM + length];
            System.arraycopy(array, offset, copy, EncodedPacket.HEADROOM, length);
            session.send(EncodedPacket.text(copy, length, /* compressible= */ true));
        }

        @Override
        public void onBinary(byte[] data) {
            session.send(EncodedPacket.binary(data, 0, data.length, /* compressible= */ true));
        }

        @Override
        public void onClose(CloseReason reason, @Nullable String description) {}
    }
}
