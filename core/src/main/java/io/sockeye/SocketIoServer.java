package io.sockeye;

import io.sockeye.adapter.RecoverySettings;
import io.sockeye.engine.EngineServer;
import io.sockeye.engine.EngineServerBuilder;
import io.sockeye.engine.EngineSession;
import io.sockeye.http.ClientBundle;
import io.sockeye.http.Cors;
import io.sockeye.http.Forwarder;
import io.sockeye.http.ForwarderStats;
import io.sockeye.http.HttpServer;
import io.sockeye.http.HttpServerBuilder;
import io.sockeye.http.HttpServerStats;
import io.sockeye.protocol.socketio.Parser;
import io.sockeye.protocol.socketio.ParserFactory;
import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpHandler;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Socket.IO server: namespaces of sockets, which clients reach over WebSocket and HTTP long-polling. What it broadcasts goes
 * to its main namespace, {@code /}.
 *
 * <p>States: <em>built</em>; <em>started</em> after {@link #start}; <em>closed</em> for good after {@link #close}.
 *
 * <p>Thread-safe.
 */
public final class SocketIoServer extends Broadcaster implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketIoServer.class);

    private static final Duration DEFAULT_CLOSE_DEADLINE = Duration.ofSeconds(5);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);
    private static final int ID_BYTES = 15; // 20 characters of base64

    private final SocketIoConfig config;
    private final EngineServer engine;
    private final HttpServer http;
    private final HttpHandler httpHandler;
    private final @Nullable Forwarder forwarder; // null unless other nodes' sessions are served
    private final Parser parser;
    private final Parser.Encoder encoder;
    /** Null unless clients are brought back. */
    private final @Nullable RecoverySettings recoverySettings;

    private final HandlerExecution execution;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<String, Namespace> namespaces = new ConcurrentHashMap<>();
    /** What the decoders of one event loop share. */
    private final ConcurrentHashMap<EventLoop, Parser.Decoders> decoding = new ConcurrentHashMap<>();

    private final Namespace main;
    private volatile boolean closing;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<ParentNamespace> parents = new CopyOnWriteArrayList<>();
    private final List<Consumer<Namespace>> namespaceHandlers = new CopyOnWriteArrayList<>();
    private final List<ErrorHook> errorHooks = new CopyOnWriteArrayList<>();

    SocketIoServer(
            SocketIoConfig config,
            EngineServerBuilder engine,
            HttpServerBuilder http,
            Cors cors,
            boolean serveClient,
            @Nullable Forwarder forwarder,
            HandlerExecution execution) {
        this.config = config;
        this.parser = config.parser().create(new ParserFactory.Settings(config.jsonMapper(), config.maxAttachments()));
        this.encoder = parser.encoder();
        this.execution = execution;
        this.forwarder = forwarder;
        if (forwarder != null) {
            engine.foreignSessions(forwarder);
        }
        this.engine =
                engine.allowOrigin(cors::allowsOrigin).onSession(this::accept).build();
        this.recoverySettings =
                config.recovery() == null ? null : config.recovery().settings(this.engine.longestSilence());
        this.httpHandler = cors.wrap(serveClient ? ClientBundle.load().wrap(config.path(), this.engine) : this.engine);
        this.http = http.mount(config.path(), config.addTrailingSlash(), httpHandler)
                .build();
        this.main = of("/");
    }

    /** Configures a server. */
    public static SocketIoServerBuilder builder() {
        return new SocketIoServerBuilder();
    }

    /**
     * Opens the port, and announces the server to the other nodes of its {@link SocketIoServerBuilder#clusterEngine}.
     *
     * @return this server
     * @throws java.io.UncheckedIOException when the port cannot be opened
     * @throws IllegalStateException when the server cannot be announced; its port is closed again
     */
    public SocketIoServer start() {
        http.start();
        if (forwarder != null) {
            forwarder.join(http);
        }
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

    /** What has been passed on to other nodes so far; nothing without {@link SocketIoServerBuilder#clusterEngine}. */
    public ForwarderStats forwarderStats() {
        return forwarder == null ? new ForwarderStats(0, 0, 0, 0) : forwarder.stats();
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
     * The namespace of that name, which is created on first use: as a child of the first parent whose {@link Pattern} matches,
     * if there is one. It stays for the life of the server.
     *
     * @param name with or without the leading slash
     */
    public Namespace of(String name) {
        String full = name.startsWith("/") ? name : "/" + name;
        while (true) {
            Namespace namespace = namespaces.get(full);
            if (namespace == null) {
                namespace = make(full, parentOf(full));
            }
            if (namespace.keep()) {
                return namespace;
            }
            namespaces.remove(full, namespace); // it is just being forgotten
        }
    }

    /** Namespaces whose names match the expression as a whole, made when a client first asks for one. */
    public ParentNamespace of(Pattern names) {
        return add(new ParentNamespace(
                NamespaceMatcher.Async.of((name, auth) -> names.matcher(name).matches()), names));
    }

    /** Namespaces that the matcher lets be made when a client first asks for one. Matchers are asked in order of adding. */
    public ParentNamespace of(NamespaceMatcher matcher) {
        return ofAsync(NamespaceMatcher.Async.of(matcher));
    }

    /** As {@link #of(NamespaceMatcher)}, for a matcher that decides later. */
    public ParentNamespace ofAsync(NamespaceMatcher.Async matcher) {
        return add(new ParentNamespace(matcher, null));
    }

    private ParentNamespace add(ParentNamespace parent) {
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

    /** Runs the handler for every socket that joins the main namespace. See {@link Namespace#onConnection}. */
    public void onConnection(SocketHandler handler) {
        main().onConnection(handler);
    }

    /**
     * Runs the handler for every namespace that is made from now on, before any client can join it, on the thread that makes it.
     * Must not ask for a namespace itself. An exception is logged.
     */
    public void onNewNamespace(Consumer<Namespace> handler) {
        namespaceHandlers.add(handler);
    }

    /** Adds a hook that learns of every exception of application code. */
    public void onError(ErrorHook hook) {
        errorHooks.add(hook);
    }

    /** Sends an event to the other servers of the cluster. See {@link Namespace#serverSideEmit}. */
    public boolean serverSideEmit(String event, @Nullable Object... args) {
        return main().serverSideEmit(event, args);
    }

    /** Sends an event to the other servers and gathers their answers. See {@link Namespace#serverSideEmitWithAck}. */
    public CompletableFuture<ServerAnswers> serverSideEmitWithAck(String event, @Nullable Object... args) {
        return main().serverSideEmitWithAck(event, args);
    }

    /** Runs the handler for each event of that name that another server sends. See {@link Namespace#onServerSide}. */
    public void onServerSide(String event, EventHandler handler) {
        main().onServerSide(event, handler);
    }

    /** Closes the server within five seconds. See {@link #close(Duration)}. */
    @Override
    public void close() {
        close(DEFAULT_CLOSE_DEADLINE);
    }

    /**
     * Closes the server: stops accepting, tells every socket ({@link DisconnectReason#SERVER_SHUTTING_DOWN}), sends what is
     * queued, closes the connections, and lets handlers end. Waits until that is done or the deadline has passed, when what is
     * left is cut off; handlers on the server's own threads still run to their end. A handler that calls it waits for itself
     * until the deadline. Idempotent.
     *
     * @throws IllegalStateException on an event loop of the server, which cannot wait for itself; nothing has been closed then
     */
    public void close(Duration deadline) {
        if (decoding.keySet().stream().anyMatch(EventLoop::inEventLoop)) {
            throw new IllegalStateException("close: called on an event loop of the server");
        }
        long endNanos = System.nanoTime() + deadline.toNanos();
        http.stopAccepting();
        try {
            closeSessions(deadline)
                    .toCompletableFuture()
                    .get(deadline.plus(CLOSE_GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("closing the sessions did not end in time; their connections are cut off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeResources(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())));
    }

    /** Tells every socket and closes the sessions; completes when none is left. */
    CompletionStage<Void> closeSessions(Duration deadline) {
        closing = true; // before the iteration: who is not in it sees it
        for (ClientConnection connection : connections) {
            if (!connection.execute(connection::shutDown)) {
                connectionEnded(connection); // its event loop has ended before
            }
        }
        namespaces.values().forEach(Namespace::stopSweeping);
        return engine.close(Duration.ZERO, deadline);
    }

    /** Closes what does not need a session, and lets handlers end. */
    void closeResources(Duration deadline) {
        if (forwarder != null) {
            forwarder.stop();
        }
        http.close(deadline);
        if (forwarder != null) {
            forwarder.leave(); // not before the last session has ended, whose requests come through other nodes too
        }
        namespaces.values().forEach(Namespace::close);
        config.timer().close();
        execution.close(deadline);
    }

    /** How sessions are kept; null when they are not. */
    @Nullable RecoverySettings recoverySettings() {
        return recoverySettings;
    }

    /** How many clients are connected. */
    int connectionCount() {
        return connections.size();
    }

    /** The namespaces there are. */
    Collection<Namespace> namespaces() {
        return namespaces.values();
    }

    SocketIoConfig config() {
        return config;
    }

    Parser.Encoder encoder() {
        return encoder;
    }

    Parser.Decoder newDecoder(EventLoop loop) {
        return decoding.computeIfAbsent(loop, l -> parser.newDecoders()).newDecoder();
    }

    HandlerExecution execution() {
        return execution;
    }

    ServerTimer timer() {
        return config.timer();
    }

    @Nullable Namespace namespace(String name) {
        return namespaces.get(name);
    }

    /** Those that make namespaces on demand, in the order in which they are asked. */
    List<ParentNamespace> parents() {
        return parents;
    }

    /** The child of that name, {@linkplain Namespace#enter entered}, which is made unless there is one. */
    Namespace child(ParentNamespace parent, String name) {
        Namespace child = make(name, parent);
        while (!child.enter()) {
            namespaces.remove(name, child); // it is just being forgotten
            child = make(name, parent);
        }
        return child;
    }

    private @Nullable ParentNamespace parentOf(String name) {
        for (ParentNamespace parent : parents) {
            if (parent.adopts(name)) {
                return parent;
            }
        }
        return null;
    }

    private Namespace make(String name, @Nullable ParentNamespace parent) {
        return namespaces.computeIfAbsent(name, n -> {
            Namespace namespace = new Namespace(n, this, config.adapter(), parent);
            if (parent != null) {
                parent.adopt(namespace);
            }
            namespaceHandlers.forEach(handler -> tell(handler, namespace));
            return namespace;
        });
    }

    private static void tell(Consumer<Namespace> handler, Namespace namespace) {
        try {
            handler.accept(namespace);
        } catch (Throwable e) { // application code: whatever it throws, the namespace is there
            log.error("a handler of new namespaces failed", e);
        }
    }

    /** The last user of a namespace that was made on demand has gone. */
    void forget(Namespace namespace) {
        namespaces.remove(namespace.name(), namespace);
        if (namespace.parent() != null) {
            namespace.parent().forget(namespace);
        }
        namespace.close();
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
        logHandlerFailure(event, error);
        tellErrorHooks(socket, event, error);
    }

    void logHandlerFailure(@Nullable String event, Throwable error) {
        log.error("a handler of event {} failed", event == null ? "(none)" : LogText.quote(event), error);
    }

    boolean hasErrorHooks() {
        return !errorHooks.isEmpty();
    }

    void middlewareFailed(Socket socket, Throwable error) {
        log.error(
                "a middleware of namespace {} failed; the socket is refused",
                LogText.quote(socket.namespace().name()),
                error);
        tellErrorHooks(socket, null, error);
    }

    void tellErrorHooks(Socket socket, @Nullable String event, Throwable error) {
        for (ErrorHook hook : errorHooks) {
            try {
                hook.onError(socket, event, error);
            } catch (Throwable e) { // application code: the next hook, and the next handler, are not to suffer
                log.error("an error hook failed", e);
            }
        }
    }

    @Override
    BroadcastOperator everybody() {
        return main.everybody();
    }

    private Namespace main() {
        return main;
    }

    private void accept(EngineSession session) {
        ClientConnection connection = new ClientConnection(this, session);
        connections.add(connection);
        connection.open();
        if (closing) {
            connection.shutDown();
        }
    }
}
