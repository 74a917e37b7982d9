package io.sockeye.conformance;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The same bytes to npm's socket.io and to Sockeye, and the answers compared: each case in {@code differential/cases} as a test
 * of its own. Differences that are meant are listed in {@code differential/departures.json}.
 */
class DifferentialTest {
    private static final NpmFolder FOLDER = new NpmFolder("differential");
    private static final int SECONDS = 600;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installReference() {
        FOLDER.install();
    }

    /** That the comparison itself notices differences. */
    @TestFactory
    Stream<DynamicTest> comparison() {
        List<String> arguments = List.of(
                "--test-reporter=../clients/lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                "test/rules.test.mjs");
        return new NodeRun(FOLDER, "comparison", arguments, 60, Map.of()).tests();
    }

    @TestFactory
    Stream<DynamicTest> differential() {
        // A small heap is collected often, and only then are leaked buffers found.
        Map<String, String> environment =
                Map.of("SOCKEYE_JAVA_OPTS", "-Xmx128m -Dio.netty.leakDetection.level=paranoid");
        return new NodeRun(FOLDER, "differential", List.of("run.mjs", "--json"), SECONDS, environment).tests();
    }
}
