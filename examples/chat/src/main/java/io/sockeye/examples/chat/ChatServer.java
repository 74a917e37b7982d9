package io.sockeye.examples.chat;

import io.sockeye.SocketIoServer;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The program: starts the chat and stops it on Ctrl+C. */
public final class ChatServer {
    private static final String DEFAULT_PORT = "3000";

    private ChatServer() {}

    /** Takes the port from the first argument, or else from the environment's {@code PORT}. Default: 3000. */
    public static void main(String[] args) {
        SocketIoServer io = create(port(args, System.getenv("PORT"))).start();
        Runtime.getRuntime().addShutdownHook(new Thread(io::close, "chat-shutdown"));
        System.out.println("Chat is ready at http://localhost:" + io.port() + " (Ctrl+C stops it)");
    }

    /** A server with the chat and its page, not started yet. */
    static SocketIoServer create(int port) {
        SocketIoServer io =
                SocketIoServer.builder().port(port).handler(new WebPage()).build();
        new Chat(Clock.systemUTC()).serve(io);
        return io;
    }

    static int port(String[] args, @Nullable String environment) {
        String port = args.length > 0 ? args[0] : environment != null ? environment : DEFAULT_PORT;
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("port: " + port + " (expected: a number)", e);
        }
    }
}
