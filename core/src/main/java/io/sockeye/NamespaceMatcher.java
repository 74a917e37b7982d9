package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides whether a namespace that does not exist yet is made for the client that asks for it ({@link SocketIoServer#of(NamespaceMatcher)}). */
@FunctionalInterface
public interface NamespaceMatcher {

    /**
     * Whether the namespace is to be made. Runs where handlers run, and may block. An exception means no, and is logged.
     *
     * @param name the name, with its leading slash
     * @param auth the client's {@code auth} payload: nothing, or one JSON object
     */
    boolean matches(String name, Arguments auth) throws Exception;

    /** A matcher that decides later. */
    @FunctionalInterface
    interface Async {
        /**
         * Yields whether the namespace is to be made; otherwise like {@link NamespaceMatcher#matches}. A stage that fails means
         * no. A client waits for it as long as the server's {@code connectTimeout} lets it, and is refused then.
         */
        CompletionStage<Boolean> matches(String name, Arguments auth) throws Exception;

        /** One that decides at once. */
        static Async of(NamespaceMatcher matcher) {
            return (name, auth) -> CompletableFuture.completedFuture(matcher.matches(name, auth));
        }
    }
}
