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
 * Clients of Sockeye whose lines go down again and again: what {@code docs/delivery.md} promises. A short form of {@code
 * conformance/recovery-under-drops}, which the reference does not pass.
 */
class RecoveryUnderDropsTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SOCKEYE_FIXTURE", "[\"../fixture\"]", "SOCKEYE_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid");

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.NPM.install();
    }

    /** Each way of losing connections, with each transport. */
    @TestFactory
    Stream<DynamicTest> drops() {
        List<String> arguments =
                List.of("recovery/drops.mjs", "--check", "--seconds", "3", "--subscribers", "10", "--profile", "flap");
        return new NodeRun(ClientFolder.NPM, "drops", arguments, 240, ENVIRONMENT).tests();
    }

    /** Single losses where the reference fails. */
    @TestFactory
    Stream<DynamicTest> beyondTheReference() {
        List<String> arguments = List.of(
                "--test-reporter=./lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                "recovery/beyond.test.mjs");
        return new NodeRun(ClientFolder.NPM, "beyond", arguments, 180, ENVIRONMENT).tests();
    }
}
