package io.sockeye.adapter.cluster;

import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * Carries the messages of one namespace from node to node: a broker's publish and subscribe, a log, or whatever connects
 * processes. The cluster's logic stands above it, in {@link ClusterAdapter}, and takes it that a driver may lose messages and delay
 * them. What one node publishes arrives in the order in which it was published, as far as it arrives. Questions and answers may
 * arrive twice without harm; a driver whose broker may repeat broadcasts sorts these out, by the broker's own positions, since
 * what the reference writes says nothing that they could be told apart by.
 *
 * <p>A driver that loses its way to the other nodes keeps trying, and holds back no more than a bound; beyond it {@link #publish}
 * answers false.
 *
 * <p>Thread-safe. Methods return without waiting for the broker.
 */
public interface ClusterDriver {

    /** Connects one namespace of one node. */
    @FunctionalInterface
    interface Factory {
        /**
         * Connects. Returns at once; what is published before the connection stands is held back, within the bound.
         *
         * @param namespace the namespace's name
         * @param receiver learns what arrives, from now on and until {@link ClusterDriver#close}
         */
        ClusterDriver connect(String namespace, Receiver receiver);
    }

    /** Learns what arrives. One call at a time, in the order of arrival, on a thread of the driver's, which must not be held up. */
    interface Receiver {
        /**
         * A message of another node has arrived. Messages of the node itself need not be sorted out by the driver.
         *
         * @param uid which node's; {@code emitter} for a process that is no node. Empty when the message does not say, as some
         *     of the reference's. Those of Sockeye's nodes always say it, answers too: by it a dead node is told from one that
         *     has answered
         */
        void received(String uid, ClusterMessage message);

        /** The way to the other nodes is broken: what they publish from now on may be lost. Told once per break. */
        void disconnected();

        /** The way to the other nodes stands (again), and everything is subscribed to. */
        void connected();
    }

    /** The identifier of this node in this namespace, by which others answer it. Always the same. */
    String uid();

    /**
     * Hands a message to every other node.
     *
     * @return false when it was refused: the driver is closed, or holds back too much already
     */
    boolean publish(ClusterMessage message);

    /**
     * Hands an answer to the node that asked.
     *
     * @param uid whose request it answers
     * @return false when it was refused, like {@link #publish}
     */
    boolean respond(String uid, ClusterMessage.Response response);

    /**
     * How many nodes the broker sees in this namespace, this one among them; empty when it does not know, and heartbeats alone
     * tell. Completes exceptionally when the broker cannot be asked.
     */
    CompletionStage<OptionalInt> nodeCount();

    /**
     * Whether {@link #roomCreated} and {@link #roomDeleted} are to be called for the rooms of sockets' own ids too, beside rooms of
     * the same names that other sockets have joined. Always the same.
     */
    default boolean wantsOwnRooms() {
        return false;
    }

    /** A room has got its first socket on this node. */
    default void roomCreated(String room) {}

    /** A room has lost its last socket on this node. */
    default void roomDeleted(String room) {}

    /** Ends the connection of this namespace. What was published before is still sent, if the broker is there. Idempotent. */
    void close();
}
