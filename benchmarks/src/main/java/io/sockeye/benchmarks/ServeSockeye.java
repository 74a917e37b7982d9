package io.sockeye.benchmarks;

import io.sockeye.ConnectionStateRecovery;
import io.sockeye.Socket;
import io.sockeye.SocketIoServer;
import io.sockeye.SocketIoServerBuilder;
import io.sockeye.http.IoBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The benchmark fixture on Sockeye: {@code ServeSockeye PORT [--ping-interval MS] [--inline] [--io-uring] [--deflate] [--recovery]
 * [--until-eof]}. Everything else is the default. Handlers run where the server runs them.
 */
public final class ServeSockeye {
    private static final int COMPRESS_FROM_BYTES = 1024;

    private ServeSockeye() {}

    /** Serves until the process is ended. */
    public static void main(String[] args) throws IOException {
        List<String> flags = List.of(args);
        SocketIoServerBuilder builder = SocketIoServer.builder().port(Integer.parseInt(args[0]));
        int interval = flags.indexOf("--ping-interval");
        if (interval >= 0) {
            builder.pingInterval(Duration.ofMillis(Long.parseLong(flags.get(interval + 1))));
        }
        if (flags.contains("--inline")) {
            builder.inlineHandlers();
        }
        if (flags.contains("--io-uring")) {
            builder.http(http -> http.ioBackend(IoBackend.IO_URING));
        }
        if (flags.contains("--deflate")) {
            builder.engine(engine -> engine.perMessageDeflateThreshold(COMPRESS_FROM_BYTES));
        }
        if (flags.contains("--recovery")) {
            builder.connectionStateRecovery(ConnectionStateRecovery.defaults());
        }
        SocketIoServer io = builder.build();
        io.onConnection(socket -> serve(io, socket));
        io.start();
        FixtureControl.serve(io.port(), flags);
    }

    private static void serve(SocketIoServer io, Socket socket) {
        socket.on("message", event -> socket.emit("message-back", event.args()));
        socket.on("message-with-ack", event -> event.ack().send(event.args()));
        socket.on("broadcast", event -> io.emit("broadcast", event.args()));
        socket.on("join", String.class, room -> socket.join(room));
        socket.on("to-room", event -> {
            String room = Objects.requireNonNull(event.arg(0, String.class));
            io.to(room).emit("room-msg", event.args().raw(1));
        });
    }
}
