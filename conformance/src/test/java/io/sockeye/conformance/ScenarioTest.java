package io.sockeye.conformance;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * One program of official clients against npm's socket.io and against Sockeye, whose fixtures have the same application logic,
 * and what the clients see compared: each scenario in {@code clients/scenarios} as a test of its own. The seed of a
 * randomised one is part of its name.
 */
class ScenarioTest {
    private static final int SECONDS = 400;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.NPM.install();
    }

    @TestFactory
    Stream<DynamicTest> scenarios() {
        List<String> arguments = List.of("scenarios/run.mjs", "--json");
        return new NodeRun(ClientFolder.NPM, "scenarios", arguments, SECONDS, ClientFolder.environment()).tests();
    }
}
