package io.sockeye.examples.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the page and the nodes tell each other, as JSON. */
final class Messages {
    private Messages() {}

    /**
     * What a visitor says.
     *
     * @param kind {@code all}, {@code room} or {@code user}
     * @param to the name of the room or the user; empty for all
     */
    record Say(String kind, String to, String text) {}

    /**
     * What a visitor has said.
     *
     * @param node the node that took it from the visitor
     */
    record Said(String from, String node, String kind, String to, String text) {}

    /**
     * To a visitor who has just come, or come back.
     *
     * @param node the node that serves the visitor
     * @param recovered whether the visitor came back within the time for it, with nothing missed
     */
    record Welcome(String node, String name, String room, boolean recovered) {}

    /** Somebody whom a node serves. */
    record Visitor(String id, String name, String room, String transport) {}

    /**
     * What a node says of itself, once a second.
     *
     * @param pid of its process
     * @param upSeconds how long it has been running
     * @param forwarded requests and upgrades that it has passed on, because another node has their sessions
     */
    record NodeState(String name, long pid, long upSeconds, long forwarded, List<Visitor> visitors) {}

    /** The receipt of what a visitor says; without an error it was taken. */
    record Receipt(String node, @Nullable String error) {}
}
