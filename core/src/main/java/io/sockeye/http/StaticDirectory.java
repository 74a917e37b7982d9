package io.sockeye.http;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A fixed list of nodes. Immutable. */
final class StaticDirectory implements NodeDirectory {
    private final Map<String, NodeAddress> nodes;

    StaticDirectory(Collection<NodeAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: none (expected: those of all nodes)");
        }
        Map<String, NodeAddress> byTag = new HashMap<>();
        for (NodeAddress address : addresses) {
            NodeAddress other = byTag.put(NodeTags.of(address), address);
            if (address.equals(other)) {
                throw new IllegalArgumentException("addresses: " + address + " twice (expected: once each)");
            }
            if (other != null) {
                throw new IllegalArgumentException("addresses: " + address + " and " + other
                        + " have one tag (expected: another name or port for one of them)");
            }
        }
        this.nodes = Map.copyOf(byTag);
    }

    @Override
    public Membership join(NodeAddress address) {
        String tag = NodeTags.of(address);
        if (!address.equals(nodes.get(tag))) {
            throw new IllegalStateException(
                    "this node is " + address + ", which is not among the nodes " + nodes.values());
        }
        return new Member(tag);
    }

    private final class Member implements Membership {
        private final String tag;

        Member(String tag) {
            this.tag = tag;
        }

        @Override
        public String tag() {
            return tag;
        }

        @Override
        public CompletionStage<@Nullable NodeAddress> find(String other) {
            return CompletableFuture.completedFuture(nodes.get(other));
        }

        @Override
        public void close() {
            // the list stays as it is
        }
    }
}
