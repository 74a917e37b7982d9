package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.fixture.FakePolling;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.ManualEventLoop;
import io.sockeye.fixture.ManualLoops;
import io.sockeye.fixture.TestExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * A server on two event loops, whose clients are the test, and a record of what application code told. When a test is over,
 * it fails if a packet, something told, an error or a log line was not expected, if an acknowledgement is still awaited, and,
 * once the server is closed, if a session, a socket, a room, a timer or a queued byte is left.
 *
 * <p>Handlers run when the test says so ({@link #settle}, {@link #runHandlers}), on the event loops, or on real threads. Only
 * {@link #tell} and what the server itself allows is for threads other than the test's.
 */
final class SocketIoFixture implements BeforeEachCallback, AfterEachCallback {
    /** Where handlers run. */
    enum Handlers {
        BY_HAND,
        INLINE,
        ON_THREADS
    }

    final ManualLoops loops = new ManualLoops();

    /** The loop that clients come in on unless the test says otherwise. */
    final ManualEventLoop loop = loops.create("one");

    /** Another one. */
    final ManualEventLoop otherLoop = loops.create("two");

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final List<TestExchange> exchanges = new ArrayList<>();
    private final SocketIoServerBuilder builder =
            SocketIoServer.builder().serveClient(false).validator(null);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private @Nullable SocketIoServer server; // null until first asked for

    /** Handlers run by hand. */
    SocketIoFixture() {
        this(Handlers.BY_HAND);
    }

    SocketIoFixture(Handlers handlers) {
        builder.transports(new FakePolling.Factory(), new FakeWebSocket.Factory())
                .nanoClock(loop::nanoTime)
                .timer(new LoopTimer(loop));
        switch (handlers) {
            case BY_HAND -> builder.execution(HandlerExecution.of(waiting::add, waiting::add));
            case INLINE -> builder.inlineHandlers();
            case ON_THREADS -> builder.handlerThreads(64);
        }
    }

    /** The settings; to be changed before the server is first asked for. */
    SocketIoServerBuilder settings() {
        assertThat(server).as("server built already").isNull();
        return builder;
    }

    /** The server, built at the first call. */
    SocketIoServer server() {
        if (server == null) {
            server = builder.build();
            server.onError((socket, event, error) -> tell("error of " + event + ": " + error.getMessage()));
        }
        return server;
    }

    /** Opens a connection over WebSocket, on the first loop. */
    TestClient connect() {
        return connect(loop);
    }

    /** Opens a connection over WebSocket. */
    TestClient connect(ManualEventLoop on) {
        TestExchange exchange = new TestExchange(on, "GET", "/socket.io/?EIO=4&transport=websocket").upgrade();
        handle(exchange);
        FakeWebSocket webSocket = exchange.webSocket();
        assertThat(webSocket.next()).startsWith("0{");
        return new TestClient(this, webSocket);
    }

    /** A request. */
    TestExchange handle(TestExchange exchange) {
        exchanges.add(exchange);
        exchange.eventLoop().execute(() -> server().httpHandler().handle(exchange));
        settle();
        return exchange;
    }

    /** A GET with that query. */
    TestExchange get(String query) {
        return handle(new TestExchange(loop, "GET", "/socket.io/?" + query));
    }

    /** Opens a connection over polling and answers the query of its further requests. */
    String openPolling() {
        String open = get("EIO=4&transport=polling").answer().text();
        assertThat(open).startsWith("0{\"sid\":\"");
        return "EIO=4&transport=polling&sid=" + open.substring(9, 29);
    }

    /** Runs event loops and handlers until neither has anything to do. The clock stands. */
    void settle() {
        do {
            loops.settle();
        } while (runHandlers());
    }

    /** Runs the handlers that wait now, but not what that brings up; answers whether there were any. */
    boolean runHandlers() {
        List<Runnable> batch = new ArrayList<>();
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            batch.add(next);
        }
        batch.forEach(Runnable::run);
        return !batch.isEmpty();
    }

    /** Runs the event loops until something holds that handlers on real threads bring about. */
    void settleUntil(BooleanSupplier condition) throws InterruptedException {
        loops.settleUntil(condition);
    }

    /** Moves the clock, and lets everything settle. */
    void advance(Duration duration) {
        settle();
        loops.advance(duration);
        settle();
    }

    /** Notes something for {@link #expectTold}. From any thread. */
    void tell(String text) {
        told.add(text);
        loops.wake();
    }

    /** What was told since the last expectation. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** Fails unless these, and nothing else, were told since the last call. */
    void expectTold(String... events) {
        List<String> actual = List.copyOf(told);
        told.clear();
        assertThat(actual).containsExactly(events);
    }

    /** Fails unless these, and nothing else, were logged as warnings or errors since the last call. */
    void expectLogged(String... messages) {
        assertThat(logged()).containsExactly(messages);
    }

    /** What was logged as a warning or an error since the last call. */
    List<String> logged() {
        List<String> actual = logged.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
        logged.list.clear();
        return actual;
    }

    /** Leaves the server alone when the test is over: it cannot be closed any more. */
    void discardServer() {
        server().closeResources(Duration.ZERO);
        server = null;
    }

    /** Forgets what was sent to the clients so far: the test is about something else. */
    void discardSent() {
        exchanges.clear();
    }

    /** What the future, which must have completed, completed with. */
    static <T> T now(CompletableFuture<T> future) {
        assertThat(future).isDone();
        return future.join();
    }

    /** Starts to close the server and lets everything settle. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed =
                server().closeSessions(Duration.ofSeconds(1)).toCompletableFuture();
        settle();
        return closed;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        open();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        close(context.getExecutionException().isEmpty());
    }

    /** Starts to listen to the log. JUnit calls it; others do so themselves. */
    void open() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.sockeye");
        logger.setAdditive(false);
        logged.addFilter(new WarningsOnly());
        logged.start();
        logger.addAppender(logged);
    }

    /** Ends the fixture, and fails if anything is left, if that matters. JUnit calls it; others do so themselves. */
    void close(boolean nothingMayBeLeft) {
        try {
            if (nothingMayBeLeft) {
                assertNothingIsLeft();
            }
        } finally {
            Logger logger = (Logger) LoggerFactory.getLogger("io.sockeye");
            logger.detachAppender(logged);
            logger.setAdditive(true);
            if (server != null) {
                server.closeResources(Duration.ofSeconds(20));
            }
        }
    }

    private void assertNothingIsLeft() {
        settle();
        assertThat(told).as("told and not expected").isEmpty();
        assertThat(exchanges).as("packets and answers not expected").allMatch(TestExchange::isSilent);
        expectLogged();
        if (server == null) {
            return;
        }
        for (Namespace namespace : server.namespaces()) {
            for (String id : namespace.adapter().sockets(Set.of())) {
                assertThat(namespace.socket(id).outbox().pendingAckCount())
                        .as("acknowledgements awaited")
                        .isZero();
            }
        }
        CompletableFuture<Void> closed = close();
        advance(Duration.ofSeconds(2));
        assertThat(closed).isCompleted();
        assertThat(server.engine().sessions()).as("sessions left").isZero();
        assertThat(server.connectionCount()).as("connections left").isZero();
        for (Namespace namespace : server.namespaces()) {
            assertThat(namespace.socketCount())
                    .as("sockets left in %s", namespace)
                    .isZero();
            assertThat(namespace.rooms().names())
                    .as("rooms left in %s", namespace)
                    .isEmpty();
        }
        assertThat(waiting).as("handlers left").isEmpty();
        assertThat(exchanges).as("requests that were never answered").allMatch(TestExchange::isOver);
        server.closeResources(Duration.ofSeconds(20)); // ends the handler threads, which may still hand something over
        advance(Duration.ofMillis(2)); // the longest that they may be quiet
        loops.assertIdle();
        expectLogged();
    }

    /** Runs tasks on an event loop. */
    private record LoopTimer(ManualEventLoop loop) implements ServerTimer {
        @Override
        public LocalNamespace.Scheduled schedule(Runnable task, long delayNanos) {
            return loop.schedule(task, delayNanos)::cancel;
        }

        @Override
        public void close() {}
    }

    /** Keeps debug lines out. */
    private static final class WarningsOnly extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return event.getLevel().isGreaterOrEqual(Level.WARN) ? FilterReply.NEUTRAL : FilterReply.DENY;
        }
    }
}
