package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code KILL_NODE}: three nodes of Sockeye over Redis streams, two of which are killed and started again while numbers are broadcast,
 * and every client sees every number once and in order, a short form of {@code conformance/kill-node}; and a cluster with a Node.js
 * server in it.
 */
class KillNodeTest {
    private static final NpmFolder NPM = new NpmFolder("cluster");

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        NPM.install();
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void clientsOfKilledNodesMissNothingAndGetNothingTwice() throws IOException, InterruptedException {
        assertThat(run("kill-node.mjs", "--clients", "60", "--rate", "50", "--every", "8", "--seconds", "24"))
                .contains("(100.000 %) | 0 | 0 |");
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void sessionsMoveBetweenSockeyeAndNodeJsAndOutliveTheCluster() throws IOException, InterruptedException {
        assertThat(run("mixed-recovery.mjs")).contains("ok: from 0 to 1", "ok: from 1 to 0", "started again");
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void clientsOfAMixedClusterSeeWhatTheModelSays() throws IOException, InterruptedException {
        assertThat(run("random-cluster.mjs", "--seconds", "20")).contains("seed 1:");
    }

    /** What a program says, which has to end well. */
    private static String run(String... program) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(
                        Stream.concat(Stream.of("node"), Stream.of(program)).toList())
                .directory(Path.of("cluster").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        return said;
    }
}
