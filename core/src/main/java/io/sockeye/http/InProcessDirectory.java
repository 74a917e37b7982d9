package io.sockeye.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The nodes of one process. Thread-safe. */
final class InProcessDirectory implements NodeDirectory {
    private final ConcurrentMap<String, NodeAddress> nodes = new ConcurrentHashMap<>();

    @Override
    public Membership join(NodeAddress address) {
        String tag = NodeTags.random();
        while (nodes.putIfAbsent(tag, address) != null) {
            tag = NodeTags.random();
        }
        return new Member(tag, address);
    }

    private final class Member implements Membership {
        private final String tag;
        private final NodeAddress address;

        Member(String tag, NodeAddress address) {
            this.tag = tag;
            this.address = address;
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
            nodes.remove(tag, address);
        }
    }
}
