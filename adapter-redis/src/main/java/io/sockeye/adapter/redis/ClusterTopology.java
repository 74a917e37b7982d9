package io.sockeye.adapter.redis;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.cluster.pubsub.api.async.RedisClusterPubSubAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/** A Redis Cluster. Thread-safe. */
final class ClusterTopology implements Topology {
    private static final Duration REFRESH_PERIOD = Duration.ofSeconds(10);

    private final RedisClusterClient client;
    private final boolean own;
    private final ScheduledExecutorService executor;

    private ClusterTopology(RedisClusterClient client, boolean own) {
        this.client = client;
        this.own = own;
        this.executor = client.getResources().eventExecutorGroup().next();
    }

    /** With a client of our own. */
    static ClusterTopology to(List<RedisURI> uris) {
        RedisClusterClient client = RedisClusterClient.create(SingleTopology.resources(), uris);
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(REFRESH_PERIOD)
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .build();
        client.setOptions(ClusterClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .topologyRefreshOptions(refresh)
                .build());
        return new ClusterTopology(client, /* own= */ true);
    }

    /** With a client that is not ours to shut down. */
    static ClusterTopology of(RedisClusterClient client) {
        return new ClusterTopology(client, /* own= */ false);
    }

    @Override
    public CompletionStage<Wire.Commands> connectCommands() {
        return ready().thenCompose(ready -> client.connectAsync(SingleTopology.CODEC))
                .thenApply(ClusterCommands::new);
    }

    @Override
    public CompletionStage<Wire.PubSub> connectPubSub(Wire.AnySink sink) {
        return ready().thenCompose(ready -> client.connectPubSubAsync(SingleTopology.CODEC))
                .thenApply(connection -> {
                    ClusterPubSub wire = new ClusterPubSub(connection);
                    connection.setNodeMessagePropagation(true);
                    connection.addListener(new SingleTopology.ToSink(sink) {
                        @Override
                        public void sunsubscribed(String channel, long count) {
                            wire.lost(channel);
                        }
                    });
                    return wire;
                });
    }

    /** The first look at the cluster, which a connection presupposes. */
    private CompletionStage<?> ready() {
        return client.refreshPartitionsAsync();
    }

    @Override
    public ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public String description() {
        return "Redis Cluster";
    }

    @Override
    public void shutdown() {
        if (own) {
            SingleTopology.shutdown(client.getResources(), client.shutdownAsync());
        }
    }

    private record ClusterCommands(StatefulRedisClusterConnection<String, byte[]> connection)
            implements Wire.Commands, LettuceWire {
        @Override
        public RedisClusterAsyncCommands<String, byte[]> async() {
            return connection.async();
        }

        @Override
        public CompletionStage<Long> subscribers(ChannelKind kind, String channel) {
            CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
            for (RedisClusterNode node : connection.getPartitions()) {
                if (node.getRole().isUpstream() && !node.getSlots().isEmpty()) {
                    sum = connection
                            .getConnectionAsync(node.getNodeId())
                            .thenCompose(at -> SingleTopology.countOf(at, kind, channel))
                            .thenCombine(sum, Long::sum);
                }
            }
            return sum;
        }
    }

    /**
     * Subscribes each name at the master that its slot belongs to, also where it would be heard everywhere: Node.js servers
     * count subscribers at masters only. When a slot has moved, it is subscribed to at its new master.
     */
    private static final class ClusterPubSub implements Wire.PubSub, LettuceWire {
        private final StatefulRedisClusterPubSubConnection<String, byte[]> connection;
        /** At which node each name is subscribed to; no node while nobody knows. */
        private final Map<Name, String> homes = new ConcurrentHashMap<>();

        ClusterPubSub(StatefulRedisClusterPubSubConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public StatefulRedisClusterPubSubConnection<String, byte[]> connection() {
            return connection;
        }

        @Override
        public RedisClusterPubSubAsyncCommands<String, byte[]> async() {
            return connection.async();
        }

        @Override
        public CompletionStage<?> subscribe(ChannelKind kind, String name) {
            return subscribe(new Name(kind, name));
        }

        private CompletionStage<?> subscribe(Name name) {
            homes.put(name, "");
            RedisClusterNode master = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(name.text()));
            if (master == null) {
                return CompletableFuture.failedFuture(new RedisException("no master for " + name.text()));
            }
            String home = master.getNodeId();
            return connection
                    .getConnectionAsync(home)
                    .thenCompose(at -> SingleTopology.subscribeAt(at, name.kind(), name.text()))
                    .thenAccept(done -> homes.replace(name, home));
        }

        @Override
        public void unsubscribe(ChannelKind kind, String text) {
            Name name = new Name(kind, text);
            String home = homes.remove(name);
            if (home != null) {
                leave(name, home);
            }
        }

        private void leave(Name name, String home) {
            if (connection.getPartitions().getPartitionByNodeId(home) != null) {
                Future<?> ignored = connection
                        .getConnectionAsync(home)
                        .thenAccept(at -> SingleTopology.unsubscribeAt(at, name.kind(), name.text()));
            }
        }

        /** The node says that it does not serve the channel any more, or we wanted it so. */
        void lost(String channel) {
            homes.replace(new Name(ChannelKind.SHARD, channel), "");
        }

        @Override
        public void tend() {
            for (Map.Entry<Name, String> each : homes.entrySet()) {
                RedisClusterNode master = connection
                        .getPartitions()
                        .getMasterBySlot(SlotHash.getSlot(each.getKey().text()));
                String home = each.getValue();
                if (master != null && !master.getNodeId().equals(home)) {
                    leave(each.getKey(), home);
                    CompletionStage<?> ignored = subscribe(each.getKey());
                }
            }
        }

        private record Name(ChannelKind kind, String text) {}
    }
}
