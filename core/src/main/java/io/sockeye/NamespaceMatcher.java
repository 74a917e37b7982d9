package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;

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
}
