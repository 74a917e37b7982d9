package io.sockeye.conformance;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.cluster.ClusterAdapter;
import io.sockeye.adapter.cluster.InProcessCluster;
import io.sockeye.http.ClusterEngine;
import io.sockeye.http.NodeDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Three {@link ClientFixture}s with the cluster engine, behind a load balancer without sticky sessions that clients take for one
 * server.
 */
public final class ClusterFixture implements AutoCloseable {
    private static final int NODES = 3;

    private final List<ClientFixture> nodes = new ArrayList<>();
    private final InProcessCluster bus = InProcessCluster.live();
    private final RoundRobin balancer;

    private ClusterFixture(Flags flags) {
        ClusterEngine engine = ClusterEngine.of(NodeDirectory.inProcess());
        for (int i = 0; i < NODES; i++) {
            AdapterFactory adapter = ClusterAdapter.factory(bus.node("node-" + i));
            nodes.add(ClientFixture.start(
                    flags.withPort(0), builder -> builder.clusterEngine(engine).adapter(adapter)));
        }
        balancer = RoundRobin.start(
                flags.port(), nodes.stream().map(ClientFixture::port).toList());
    }

    /** Starts the fixture and serves until SIGTERM, or the end of standard input where asked for. */
    public static void main(String[] args) throws IOException {
        Flags flags = new Flags(List.of(args));
        ClusterFixture cluster = new ClusterFixture(flags);
        ClientFixture.serve(flags, cluster.balancer.port(), cluster::close);
    }

    @Override
    public void close() {
        nodes.parallelStream().forEach(ClientFixture::close);
        balancer.close();
        bus.close();
    }
}
