package io.sockeye.transport.polling;

import io.sockeye.transport.EventLoop;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.Transport;
import io.sockeye.transport.TransportConfig;
import io.sockeye.transport.TransportFactory;
import java.util.function.Consumer;

/**
 * Makes HTTP long-polling transports: {@code transport=polling}. A record only because {@link java.util.ServiceLoader} asks
 * for a public constructor. Thread-safe: without state.
 */
public record PollingTransportFactory() implements TransportFactory {
    static final String NAME = "polling";

    /** The factory, to be set on a builder by hand. */
    public static PollingTransportFactory create() {
        return new PollingTransportFactory();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean upgradesConnection() {
        return false;
    }

    @Override
    public void open(HttpExchange exchange, TransportConfig config, EventLoop sessionLoop, Consumer<Transport> opened) {
        opened.accept(new PollingTransport(exchange.eventLoop(), config, PayloadFormat.of(exchange)));
    }
}
