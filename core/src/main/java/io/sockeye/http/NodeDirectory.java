package io.sockeye.http;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * SPI: where the nodes of a cluster find each other. Each has a tag that no other has, with which the identifiers of its
 * sessions begin: three characters of the alphabet of base64 for URLs. Thread-safe. It belongs to whoever made it, and may
 * serve several nodes of one process.
 */
public interface NodeDirectory {

    /**
     * Announces a node. May block for a few seconds; called once by each node, when it starts.
     *
     * @param address where the other nodes reach it
     * @throws IllegalStateException when the node cannot be announced; the message says why
     */
    Membership join(NodeAddress address);

    /** A directory for nodes of one process, such as those of a test. */
    static NodeDirectory inProcess() {
        return new InProcessDirectory();
    }

    /**
     * A directory of nodes that never change: every node is given the same addresses, in whatever order, its own among them. A
     * node's tag follows from its address.
     *
     * @throws IllegalArgumentException when there is none, one is there twice, or two happen to have one tag
     */
    static NodeDirectory of(NodeAddress... addresses) {
        return of(List.of(addresses));
    }

    /** As {@link #of(NodeAddress...)}. */
    static NodeDirectory of(Collection<NodeAddress> addresses) {
        return new StaticDirectory(addresses);
    }

    /** A node's place in the directory, from {@link #join} to {@link #close}. Thread-safe. */
    interface Membership extends AutoCloseable {

        /**
         * The node's tag. It may change when the directory has had to give it to another node; must not block.
         */
        String tag();

        /**
         * Where the node with that tag is reached. Must not block; completes within a second or two, on any thread. While the
         * directory itself is out of reach it had better tell what it knew last.
         *
         * @return completed with null when there is no such node, and with an exception when that cannot be known
         */
        CompletionStage<@Nullable NodeAddress> find(String tag);

        /** Withdraws the node. May block for a few seconds. Idempotent. */
        @Override
        void close();
    }
}
