package io.sockeye.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sockeye.benchmarks.floor.FloorServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some operations of each scenario, over the loopback interface. What is checked is that load and floor agree on all bytes. */
class LoadOnFloorTest {
    private static final int PING_INTERVAL_MILLIS = 50;

    @ParameterizedTest
    @CsvSource({
        "echo --clients 4, false",
        "echo --clients 4, true",
        "echo --clients 3 --in-flight 1 --active 2, false",
        "echo --clients 2 --event ack, false",
        "echo --clients 2 --event ack, true",
        "echo --clients 2 --event binary --bytes 1024, false",
        "echo --clients 2 --event binary --bytes 1024, true",
        "echo --clients 2 --json true --bytes 70000, false",
        "echo --clients 2 --json true --bytes 70000, true",
        "echo --clients 2 --json true --bytes 4096 --deflate true, false",
        "fan-out --clients 10, false",
        "fan-out --clients 10, true",
        "'fan-out --clients 12 --to rooms --room 4 --sizes 20,4000,300', false",
        "fan-out --clients 12 --to rooms --room 4 --rooms-each 4 --active 2, true",
        "connects --at-once 3, false",
        "connects --at-once 3, true",
        "avalanche --clients 20 --rounds 2 --settle 0.01, false",
        "heartbeats --clients 20 --interval 0.05, true",
    })
    void loadAndFloorAgree(String words, boolean raw) throws IOException {
        Map<String, String> found = run(words, raw);
        assertThat(found).containsKeys("cpuMillis", "residentMegabytes");
        assertThat(Long.parseLong(found.getOrDefault("operations", "0"))).isGreaterThanOrEqualTo(20);
    }

    @Test
    void idleConnectionsAreWeighed() throws IOException {
        assertThat(run("idle --clients 10 --more 20 --churn 5 --settle 0.01 --collect 0.01", /* raw= */ false))
                .containsKey("bytesPerConnection");
    }

    @Test
    void serverThatAnswersOtherwiseIsNoticed() {
        assertThatExceptionOfType(LoadFailure.class)
                .isThrownBy(() -> run("echo --clients 1 --event binary --typed-attachments true", /* raw= */ false))
                .withMessageStartingWith("wrong answer, expected ");
    }

    private static Map<String, String> run(String words, boolean raw) throws IOException {
        try (FloorServer floor = FloorServer.start(0, PING_INTERVAL_MILLIS, raw, words.contains("deflate"))) {
            List<String> line = new ArrayList<>(List.of(words.split(" ", -1)));
            line.addAll(List.of("--port", Integer.toString(floor.port()), "--pid", "self"));
            line.addAll(List.of("--operations", "40"));
            BufferedReader nobody = new BufferedReader(Reader.nullReader());
            return Load.run(line, new ServerTalk(nobody, new PrintStream(OutputStream.nullOutputStream())));
        }
    }
}
