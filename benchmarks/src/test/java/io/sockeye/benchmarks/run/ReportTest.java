package io.sockeye.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.benchmarks.run.Measurement.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Plan ECHO = Plan.perOperation("echo", "echo of something", "echo");

    private final Results results = new Results();

    @Test
    void mediansSpreadAndRatiosAreShown() {
        add(Peer.FLOOR, 1.0, 1.2, 1.1);
        add(Peer.NODE, 11.0, 9.9, 12.1);
        String report = report(List.of(Peer.NODE, Peer.FLOOR));
        assertThat(report)
                .contains(
                        "| server | echo, µs |\n|---|--:|\n| Node.js, socket.io | 11.0 ±10 % |\n| floor: Netty codec | 1.10 ±9 % |")
                .contains(
                        "Times the floor (Netty's codec)\n\n| server | echo, µs |\n|---|--:|\n| Node.js, socket.io | 11.00 |")
                .contains("| floor: Netty codec | 0.09 |"); // the rounds' ratios are 11, 8.25 and 11
    }

    @Test
    void failureIsShownWithItsReason() {
        add(Peer.FLOOR, 1.0);
        results.add(ECHO, Peer.BUN, Outcome.failed("wrong answer"));
        assertThat(report(List.of(Peer.BUN, Peer.FLOOR)))
                .contains("| Bun, @socket.io/bun-engine | failed |")
                .contains("* Bun, @socket.io/bun-engine failed: wrong answer");
    }

    @Test
    void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        add(Peer.FLOOR, 4.0, 1.0, 2.0, 3.0);
        assertThat(results.median(ECHO, Peer.FLOOR, ECHO.figure())).isEqualTo(2.5);
        assertThat(results.spread(ECHO, Peer.FLOOR, ECHO.figure())).isEqualTo(0.6);
    }

    private void add(Peer peer, double... values) {
        for (double value : values) {
            results.add(ECHO, peer, new Outcome(Map.of(ECHO.figure(), value), ""));
        }
    }

    private String report(List<Peer> peers) {
        return new Report(results, List.of(ECHO), peers).markdown(List.of("a fact"), 3);
    }
}
