package io.sockeye;

import io.sockeye.engine.EngineServer;
import io.sockeye.engine.EngineServerBuilder;
import io.sockeye.engine.EngineSession;
import io.sockeye.http.ClientBundle;
import io.sockeye.http.Cors;
import io.sockeye.http.HttpServer;
import io.sockeye.http.HttpServerBuilder;
import io.sockeye.http.HttpServerStats;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.DecodingContext;
import io.sockeye.protocol.socketio.PacketDecoder;
import io.sockeye.protocol.socketio.PacketEncoder;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpHandler;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Socket.IO server: namespaces of sockets, which clients reach over WebSocket and HTTP long-polling.
 *
 * <p>States: <em>built</em>; <em>started</em> after {@link #start}; <em>closed</em> for good after {@link #close}.
 *
 * <p>Thread-safe.
 */
public final class SocketIoServer implements EventEmitter, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketIoServer.class);

    private static final Duration DEFAULT_CLOSE_DEADLINE = Duration.ofSeconds(5);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);
    private static final int ID_BYTES = 15; // 20 characters of base64

    private final SocketIoConfig config;
    private final EngineServer engine;
    private final HttpServer http;
    private final HttpHandler httpHandler;
    private final PacketEncoder encoder;
    private final HandlerExecution execution;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<String, Namespace> namespaces = new ConcurrentHashMap<>();
    /** What the decoders of one event loop share. */
    private final ConcurrentHashMap<EventLoop, DecodingContext> decoding = new ConcurrentHashMap<>();

    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<ParentNamespace> parents = new CopyOnWriteArrayList<>();
    private final List<ErrorHook> errorHooks = new CopyOnWriteArrayList<>();

    SocketIoServer(
            SocketIoConfig config,
            EngineServerBuilder engine,
            HttpServerBuilder http,
            Cors cors,
            boolean serveClient,
            HandlerExecution execution) {
        this.config = config;
        this.encoder = PacketEncoder.of(config.jsonMapper());
        this.execution = execution;
        this.engine =
                engine.allowOrigin(cors::allowsOrigin).onSession(this::accept).build();
        this.httpHandler = cors.wrap(serveClient ? ClientBundle.load().wrap(config.path(), this.engine) : this.engine);
        this.http = http.mount(config.path(), httpHandler).build();
        of("/");
    }

    /** Configures a server. */
    public static SocketIoServerBuilder builder() {
        return new SocketIoServerBuilder();
    }

    /**
     * Opens the port.
     *
     * @return this server
     * @throws java.io.UncheckedIOException when the port cannot be opened
     */
    public SocketIoServer start() {
        http.start();
        return this;
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** The engine below, with its sessions and their statistics. */
    public EngineServer engine() {
        return engine;
    }

    /** What the port has seen so far. */
    public HttpServerStats httpStats() {
        return http.stats();
    }

    /** The path that clients connect to, with a slash at both ends. Default: {@code /socket.io/}. */
    public String path() {
        return config.path();
    }

    /**
     * The handler behind {@link #path}, for an HTTP server other than this one's own: CORS, the client bundle and the engine.
     */
    public HttpHandler httpHandler() {
        return httpHandler;
    }

    /**
     * The namespace of that name, which is created on first use.
     *
     * @param name with or without the leading slash
     */
    public Namespace of(String name) {
        String full = name.startsWith("/") ? name : "/" + name;
        return namespaces.computeIfAbsent(full, n -> new Namespace(n, this, config.adapter()));
    }

    /** Namespaces whose names match the expression as a whole, made when a client first asks for one. */
    public ParentNamespace of(Pattern names) {
        return of((name, auth) -> names.matcher(name).matches());
    }

    /** Namespaces that the matcher lets be made when a client first asks for one. Matchers are asked in order of adding. */
    public ParentNamespace of(NamespaceMatcher matcher) {
        ParentNamespace parent = new ParentNamespace(matcher);
        parents.add(parent);
        return parent;
    }

    /** Adds middleware to the main namespace. See {@link Namespace#use}. */
    public void use(Middleware middleware) {
        main().use(middleware);
    }

    /** Adds middleware that decides later to the main namespace. */
    public void useAsync(Middleware.Async middleware) {
        main().useAsync(middleware);
    }

    /** Runs the handler for every socket that joins the main namespace. */
    public void onConnection(SocketHandler handler) {
        main().onConnection(handler);
    }

    /** Adds a hook that learns of every exception of application code. */
    public void onError(ErrorHook hook) {
        errorHooks.add(hook);
    }

    /** Broadcasts to the main namespace's sockets in these rooms. */
    public BroadcastOperator to(String... rooms) {
        return main().to(rooms);
    }

    /** Broadcasts to the main namespace's sockets in these rooms. */
    public BroadcastOperator in(String... rooms) {
        return main().in(rooms);
    }

    /** Broadcasts to the main namespace's sockets but those in these rooms. */
    public BroadcastOperator except(String... rooms) {
        return main().except(rooms);
    }

    /** Broadcasts what is dropped for sockets whose connection cannot take it at once. */
    public BroadcastOperator volatileFlag() {
        return main().volatileFlag();
    }

    /** Broadcasts with or without compression. */
    public BroadcastOperator compress(boolean compress) {
        return main().compress(compress);
    }

    /** Waits that long for acknowledgements. */
    public BroadcastOperator timeout(Duration timeout) {
        return main().timeout(timeout);
    }

    /** Broadcasts to this node's sockets only. */
    public BroadcastOperator local() {
        return main().local();
    }

    /** Puts every socket of the main namespace into rooms. */
    public void socketsJoin(String... rooms) {
        main().socketsJoin(rooms);
    }

    /** Takes every socket of the main namespace out of rooms. */
    public void socketsLeave(String... rooms) {
        main().socketsLeave(rooms);
    }

    /** Disconnects every socket of the main namespace. */
    public void disconnectSockets(boolean close) {
        main().disconnectSockets(close);
    }

    /** Broadcasts to every socket of the main namespace. */
    @Override
    public boolean emit(String event, @Nullable Object... args) {
        return main().emit(event, args);
    }

    /** Closes the server within five seconds. See {@link #close(Duration)}. */
    @Override
    public void close() {
        close(DEFAULT_CLOSE_DEADLINE);
    }

    /**
     * Closes the server: stops accepting, tells every socket ({@link DisconnectReason#SERVER_SHUTTING_DOWN}), sends what is
     * queued, closes the connections, and lets running handlers end. Waits until that is done or the deadline has passed,
     * when what is left is cut off. Not to be called on an event loop. Idempotent.
     */
    public void close(Duration deadline) {
        http.stopAccepting();
        for (ClientConnection connection : connections) {
            connection.session().execute(connection::shutDown);
        }
        try {
            engine.close(Duration.ZERO, deadline)
                    .toCompletableFuture()
                    .get(deadline.plus(CLOSE_GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("closing the sessions did not end in time; their connections are cut off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close(deadline);
        namespaces.values().forEach(Namespace::close);
        execution.close();
    }

    SocketIoConfig config() {
        return config;
    }

    PacketEncoder encoder() {
        return encoder;
    }

    PacketDecoder newDecoder(EventLoop loop) {
        return PacketDecoder.of(
                decoding.computeIfAbsent(loop, l -> DecodingContext.of(config.jsonMapper(), config.maxAttachments())));
    }

    HandlerExecution execution() {
        return execution;
    }

    @Nullable Namespace namespace(String name) {
        return namespaces.get(name);
    }

    /** Whether there are namespaces that are made on demand. */
    boolean hasParents() {
        return !parents.isEmpty();
    }

    /** The namespace of that name, made now if a parent lets it be; null otherwise. Runs application code. */
    @Nullable Namespace namespaceOnDemand(String name, Arguments auth) {
        for (ParentNamespace parent : parents) {
            boolean matches;
            try {
                matches = parent.matcher().matches(name, auth);
            } catch (Exception e) { // application code: whatever it throws means no
                log.error("a namespace matcher failed; the client is refused", e);
                return null;
            }
            if (matches) {
                return namespaces.computeIfAbsent(name, n -> {
                    Namespace child = new Namespace(n, this, config.adapter());
                    parent.adopt(child);
                    return child;
                });
            }
        }
        return null;
    }

    /** A new unguessable identifier of 20 characters. */
    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void connectionEnded(ClientConnection connection) {
        connections.remove(connection);
    }

    void handlerFailed(Socket socket, @Nullable String event, Throwable error) {
        log.error("a handler of event {} failed", event == null ? "(none)" : LogText.quote(event), error);
        for (ErrorHook hook : errorHooks) {
            hook.onError(socket, event, error);
        }
    }

    private Namespace main() {
        return of("/");
    }

    private void accept(EngineSession session) {
        ClientConnection connection = new ClientConnection(this, session);
        connections.add(connection);
        connection.open();
    }
}
