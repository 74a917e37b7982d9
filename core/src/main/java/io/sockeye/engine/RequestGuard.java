package io.sockeye.engine;

import io.sockeye.transport.HttpExchange;
import java.util.concurrent.CompletionStage;

/** Decides on handshakes. Fails closed: an exception, a failed stage and a time-out refuse. */
@FunctionalInterface
public interface RequestGuard {

    /**
     * Says whether the request may open a session. Called for handshakes only, on the exchange's event loop; must not
     * block, and must not answer the exchange. The stage may be completed on any thread, within
     * {@link EngineServerBuilder#allowRequestTimeout}.
     */
    CompletionStage<Admission> admit(HttpExchange exchange);
}
