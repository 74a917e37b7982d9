package io.sockeye.engine;

import io.sockeye.transport.TransportFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the transports on the class or module path. Thread-safe: without state. */
final class InstalledTransports {
    /** The order in which the reference server prefers them; others follow. */
    private static final List<String> ORDER = List.of("polling", "websocket");

    private InstalledTransports() {}

    static List<TransportFactory> find() {
        List<TransportFactory> found = new ArrayList<>();
        ServiceLoader.load(TransportFactory.class, EngineServer.class.getClassLoader())
                .forEach(found::add);
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "transports: none found (expected: sockeye-transport-websocket or sockeye-transport-polling)");
        }
        found.sort(Comparator.comparingInt(InstalledTransports::rank));
        return found;
    }

    private static int rank(TransportFactory factory) {
        int index = ORDER.indexOf(factory.name());
        return index < 0 ? ORDER.size() : index;
    }
}
