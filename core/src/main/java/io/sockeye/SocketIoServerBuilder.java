package io.sockeye;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.InMemoryAdapter;
import io.sockeye.engine.EngineServer;
import io.sockeye.engine.EngineServerBuilder;
import io.sockeye.http.ClusterEngine;
import io.sockeye.http.Cors;
import io.sockeye.http.Forwarder;
import io.sockeye.http.HttpServer;
import io.sockeye.http.HttpServerBuilder;
import io.sockeye.protocol.socketio.DefaultParser;
import io.sockeye.protocol.socketio.ParserFactory;
import io.sockeye.protocol.socketio.SocketJson;
import io.sockeye.transport.HttpHandler;
import io.sockeye.transport.TransportFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configures a {@link SocketIoServer}. Each setter checks its value at once. Confined to the caller's thread.
 *
 * <p>What is set here most often has a setter here; everything about Engine.IO is set with {@link #engine} and everything
 * about the port with {@link #http}.
 */
public final class SocketIoServerBuilder {
    private static final int DEFAULT_PORT = 3000;
    private static final int DEFAULT_POOL_THREADS_PER_CORE = 16;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final EngineServerBuilder engine = EngineServer.builder();
    private final HttpServerBuilder http = HttpServer.builder().port(DEFAULT_PORT);

    private String path = "/socket.io/";
    private boolean addTrailingSlash = true;
    private boolean serveClient = true;
    private Duration connectTimeout = Duration.ofSeconds(45);
    private int maxPendingEvents = 256;
    private int maxNamespacesPerConnection = 100;
    private int maxAttachments = 10;
    private AdapterFactory adapter = InMemoryAdapter.factory();
    private ParserFactory parser = DefaultParser.factory();
    private Cors cors = Cors.sameOrigin();
    private JsonMapper jsonMapper = SocketJson.mapper().build();
    private @Nullable ArgumentValidator validator;
    private boolean validatorIsSet;
    private @Nullable ConnectionStateRecovery recovery; // null for off
    private @Nullable ClusterEngine clusterEngine; // null for off
    private LongSupplier nanoClock = System::nanoTime;
    private @Nullable ServerTimer timer; // null but in tests
    private @Nullable Executor handlerExecutor;
    private boolean inlineHandlers;
    private @Nullable HandlerExecution execution; // null but in tests
    private int handlerThreads =
            DEFAULT_POOL_THREADS_PER_CORE * Runtime.getRuntime().availableProcessors();

    SocketIoServerBuilder() {}

    /** The port to listen on; 0 for any free one. Default: 3000. */
    public SocketIoServerBuilder port(int port) {
        http.port(port);
        return this;
    }

    /** The path that clients connect to. Default: {@code /socket.io}. */
    public SocketIoServerBuilder path(String path) {
        if (path.isEmpty() || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new IllegalArgumentException("path: " + path + " (expected: a path such as /socket.io)");
        }
        String start = path.startsWith("/") ? path : "/" + path;
        this.path = start.endsWith("/") ? start : start + "/";
        return this;
    }

    /**
     * Whether a request's path must have a slash behind {@link #path}. Without it {@code /socket.io?EIO=4} is taken too, for
     * clients with {@code addTrailingSlash: false}; and so is everything else that begins like it. Default: true.
     */
    public SocketIoServerBuilder addTrailingSlash(boolean addTrailingSlash) {
        this.addTrailingSlash = addTrailingSlash;
        return this;
    }

    /** Whether the client's files are served from {@link #path}, {@code socket.io.js} and its kin. Default: true. */
    public SocketIoServerBuilder serveClient(boolean serveClient) {
        this.serveClient = serveClient;
        return this;
    }

    /**
     * The origins whose pages may connect: {@code https://app.example}, or {@code *} for all. Default: none but the server's
     * own.
     */
    public SocketIoServerBuilder corsOrigins(String... origins) {
        return cors(Cors.builder().origins(origins).build());
    }

    /** The rules for requests from other origins. Default: {@link Cors#sameOrigin}. */
    public SocketIoServerBuilder cors(Cors cors) {
        this.cors = Objects.requireNonNull(cors, "cors");
        return this;
    }

    /**
     * How long a connection may stay without joining a namespace before it is closed, and how long middleware may take before
     * it refuses. Default: 45 s.
     */
    public SocketIoServerBuilder connectTimeout(Duration connectTimeout) {
        if (connectTimeout.compareTo(SHORTEST) < 0 || connectTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("connectTimeout: " + connectTimeout + " (expected: 1 ms to 1 day)");
        }
        this.connectTimeout = connectTimeout;
        return this;
    }

    /** How often the server pings each client. Default: 25 s. */
    public SocketIoServerBuilder pingInterval(Duration pingInterval) {
        engine.pingInterval(pingInterval);
        return this;
    }

    /** How long a client may take to answer a ping. Default: 20 s. */
    public SocketIoServerBuilder pingTimeout(Duration pingTimeout) {
        engine.pingTimeout(pingTimeout);
        return this;
    }

    /** The longest message or request body in bytes that a client may send. Default: 1,000,000. */
    public SocketIoServerBuilder maxPayload(int maxPayload) {
        engine.maxPayload(maxPayload);
        return this;
    }

    /**
     * Whether {@code socket.io-client} 1.x and 2.x may connect, with Engine.IO 3 and Socket.IO 4 over every transport and over
     * JSONP. Such a client takes the connection's identifier for its socket's, so with it the {@link Socket#id} of these
     * clients is a secret: who has it can take their connection over. Default: false, they are refused.
     */
    public SocketIoServerBuilder allowEio3(boolean allowEio3) {
        engine.allowEio3(allowEio3);
        return this;
    }

    /** The transports, in order of preference. Default: those on the class path, long-polling first. */
    public SocketIoServerBuilder transports(TransportFactory... transports) {
        engine.transports(transports);
        return this;
    }

    /**
     * How many of a socket's events may wait for its handlers before reading from its connection stops. A large event counts
     * once more for every 16 KiB. Default: 256, and so 4 MiB of large ones.
     */
    public SocketIoServerBuilder maxPendingEvents(int maxPendingEvents) {
        this.maxPendingEvents = positive("maxPendingEvents", maxPendingEvents);
        return this;
    }

    /** How many namespaces one connection may join; further ones are refused. Default: 100. */
    public SocketIoServerBuilder maxNamespacesPerConnection(int maxNamespacesPerConnection) {
        this.maxNamespacesPerConnection = positive("maxNamespacesPerConnection", maxNamespacesPerConnection);
        return this;
    }

    /** How many binary attachments an event of a client may have. Default: 10. */
    public SocketIoServerBuilder maxAttachments(int maxAttachments) {
        this.maxAttachments = positive("maxAttachments", maxAttachments);
        return this;
    }

    /** What joins this server to others. Default: nothing, {@link InMemoryAdapter}. */
    public SocketIoServerBuilder adapter(AdapterFactory adapter) {
        this.adapter = Objects.requireNonNull(adapter, "adapter");
        return this;
    }

    /**
     * Lets a cluster's load balancer send each request to any node: one that came to another node than its session's is passed on
     * to that node. Every node must have it, and be reached by the others. Needs no adapter, and no adapter needs it. Default:
     * off, and then all requests of a client over long-polling must come to one node (sticky sessions).
     */
    public SocketIoServerBuilder clusterEngine(ClusterEngine clusterEngine) {
        this.clusterEngine = Objects.requireNonNull(clusterEngine, "clusterEngine");
        return this;
    }

    /**
     * Brings clients back whose connection was lost, with their rooms and data and what they have missed. Every event without
     * an acknowledgement then has one more argument, a text that tells the client's position. Default: off.
     */
    public SocketIoServerBuilder connectionStateRecovery(ConnectionStateRecovery recovery) {
        this.recovery = Objects.requireNonNull(recovery, "recovery");
        return this;
    }

    /**
     * How packets are written and read, which clients have to be told as well ({@code parser}). Default: {@link
     * DefaultParser}.
     */
    public SocketIoServerBuilder parser(ParserFactory parser) {
        this.parser = Objects.requireNonNull(parser, "parser");
        return this;
    }

    /** Binds and writes arguments. Default: {@link SocketJson#mapper()}. */
    public SocketIoServerBuilder jsonMapper(JsonMapper jsonMapper) {
        this.jsonMapper = Objects.requireNonNull(jsonMapper, "jsonMapper");
        return this;
    }

    /**
     * Looks at the arguments of typed handlers before they run; null for nobody. Default: {@link BeanValidation#installed}, that
     * is, Jakarta Bean Validation where a provider of it is on the class path, and nobody where none is.
     */
    public SocketIoServerBuilder validator(@Nullable ArgumentValidator validator) {
        this.validator = validator;
        this.validatorIsSet = true;
        return this;
    }

    /**
     * Runs middleware and handlers on this executor, which the application shuts down itself. Default: virtual threads where
     * the JDK has them, else {@link #handlerThreads}. Of this and {@link #inlineHandlers} the last one set counts. When the
     * executor rejects a socket's events, the socket's connection is closed: its events would be lost.
     */
    public SocketIoServerBuilder handlerExecutor(Executor handlerExecutor) {
        this.handlerExecutor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        this.inlineHandlers = false;
        return this;
    }

    /** How many threads run handlers on a JDK without virtual threads. Default: 16 per processor. */
    public SocketIoServerBuilder handlerThreads(int handlerThreads) {
        this.handlerThreads = positive("handlerThreads", handlerThreads);
        return this;
    }

    /**
     * Runs middleware and handlers on the event loops. Only for handlers that never block: one that does stops every
     * connection of its loop. Default: off.
     */
    public SocketIoServerBuilder inlineHandlers() {
        this.inlineHandlers = true;
        return this;
    }

    /** What answers requests outside of {@link #path}. Default: nothing, they get 404. */
    public SocketIoServerBuilder handler(HttpHandler handler) {
        http.handler(handler);
        return this;
    }

    /**
     * Configures Engine.IO further: upgrade, compression, cookie, send queue. Who is told of new sessions and which origins are
     * allowed is not for it: the server sets both.
     */
    public SocketIoServerBuilder engine(Consumer<EngineServerBuilder> engine) {
        engine.accept(this.engine);
        return this;
    }

    /** Configures the port further: address, TLS, threads, limits. */
    public SocketIoServerBuilder http(Consumer<HttpServerBuilder> http) {
        http.accept(this.http);
        return this;
    }

    /** What the age of sessions and packets is measured by. */
    SocketIoServerBuilder nanoClock(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        return this;
    }

    /** What runs adapters' tasks later. */
    SocketIoServerBuilder timer(ServerTimer timer) {
        this.timer = timer;
        return this;
    }

    /** Replaces everything that is said about where handlers run. */
    SocketIoServerBuilder execution(HandlerExecution execution) {
        this.execution = execution;
        return this;
    }

    /** Makes the server. It does not listen before {@link SocketIoServer#start}. */
    public SocketIoServer build() {
        SocketIoConfig config = new SocketIoConfig(
                path,
                addTrailingSlash,
                connectTimeout,
                maxPendingEvents,
                maxNamespacesPerConnection,
                maxAttachments,
                adapter,
                parser,
                jsonMapper,
                validatorIsSet ? validator : InstalledValidation.VALIDATOR,
                recovery,
                nanoClock,
                timer == null ? new TimerThread() : timer);
        Forwarder forwarder = clusterEngine == null ? null : clusterEngine.forwarder();
        return new SocketIoServer(config, engine, http, cors, serveClient, forwarder, execution());
    }

    private HandlerExecution execution() {
        if (execution != null) {
            return execution;
        }
        if (inlineHandlers) {
            return HandlerExecution.inline();
        }
        return handlerExecutor == null
                ? HandlerExecution.automatic(handlerThreads)
                : HandlerExecution.on(handlerExecutor);
    }

    private static int positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
