import org.jspecify.annotations.NullMarked;

/** HTTP long-polling for Sockeye. */
@NullMarked
module io.sockeye.transport.polling {
    requires transitive io.sockeye.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.sockeye.transport.polling;

    provides io.sockeye.transport.TransportFactory with
            io.sockeye.transport.polling.PollingTransportFactory;
}
