package io.sockeye.adapter;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A socket as other nodes see it ({@link Adapter#fetchSockets}). For a socket of this node it is a view of the socket itself;
 * an adapter makes its own for what other nodes have sent. Thread-safe.
 */
public interface SocketView {

    /** Its id. */
    String id();

    /** The rooms it is in. */
    Set<String> rooms();

    /** Its handshake, in the form in which the reference's adapters send it: {@code headers}, {@code time}, {@code address}, … */
    JsonNode handshake();

    /** What the application has attached to it, one JSON object. */
    JsonNode data();
}
