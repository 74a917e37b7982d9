package io.sockeye.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.ForeignRequest;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A node on a loopback socket without an engine: requests with {@code ?node=TAG} belong to the node with that tag. Its own wait
 * for the test, which answers them.
 */
final class ClusterNode implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    private static final int MAX_BODY = 1_000_000;

    private final BlockingQueue<HttpExchange> own = new LinkedBlockingQueue<>();
    private final Set<String> tags = ConcurrentHashMap.newKeySet();
    private final Forwarder forwarder;
    private final HttpServer server;
    private final String tag;
    private volatile Consumer<HttpExchange> beforeForwarding = exchange -> {};

    private ClusterNode(ClusterEngine engine, HttpServerBuilder builder) {
        forwarder = engine.forwarder();
        server = builder.host("127.0.0.1")
                .eventLoopThreads(2)
                .handler(this::handle)
                .build()
                .start();
        forwarder.join(server);
        tag = Objects.requireNonNull(forwarder.tag());
        tags.add(tag);
    }

    static ClusterNode start(ClusterEngine engine) {
        return start(engine, HttpServer.builder());
    }

    static ClusterNode start(ClusterEngine engine, HttpServerBuilder builder) {
        return new ClusterNode(engine, builder);
    }

    private void handle(HttpExchange exchange) {
        String node = Objects.requireNonNull(exchange.query("node"));
        if (tags.contains(node)) {
            own.add(exchange);
            return;
        }
        beforeForwarding.accept(exchange);
        Runnable unknown = () -> exchange.respond(400, HttpFields.create(), "unknown".getBytes(UTF_8));
        if (!forwarder.forward(new ForeignRequest(exchange, node, MAX_BODY, MAX_BODY, unknown))) {
            unknown.run();
        }
    }

    /** Done with each request that is not its own. */
    void beforeForwarding(Consumer<HttpExchange> action) {
        beforeForwarding = action;
    }

    /** Takes requests with that tag for its own too. */
    void answersTo(String another) {
        tags.add(another);
    }

    int port() {
        return server.port();
    }

    String tag() {
        return tag;
    }

    HttpServer server() {
        return server;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    /** The next request of its own. */
    HttpExchange take() {
        try {
            HttpExchange exchange = own.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(exchange).as("a request at its owner").isNotNull();
            return exchange;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean hasNothing() {
        return own.isEmpty();
    }

    /** The whole body of a request. */
    static String body(HttpExchange exchange) {
        CompletableFuture<String> text = new CompletableFuture<>();
        exchange.readBody(MAX_BODY, new HttpExchange.BodyListener() {
            @Override
            public void complete(byte[] body) {
                text.complete(new String(body, ISO_8859_1));
            }

            @Override
            public void tooLarge() {
                text.completeExceptionally(new AssertionError("too large"));
            }

            @Override
            public void aborted() {
                text.completeExceptionally(new AssertionError("aborted"));
            }
        });
        return text.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Ends it without a word to the directory. */
    void kill() {
        server.close(Duration.ZERO);
    }

    @Override
    public void close() {
        forwarder.stop();
        server.close(Duration.ZERO);
        forwarder.leave();
    }
}
