package io.sockeye.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The official JavaScript client, in Node.js and in Chromium, against a running server: each test in {@code clients/test} as
 * a test of its own. One that is skipped counts as failed.
 */
class ClientSuiteTest {
    private static final int SECONDS_PER_FILE = 180;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.NPM.install();
    }

    @TestFactory
    Stream<DynamicContainer> clients() {
        return ClientFolder.testFiles().stream().map(file -> dynamicContainer(stage(file), tests(file)));
    }

    private static Stream<DynamicTest> tests(Path file) {
        List<String> arguments = List.of(
                "--test-reporter=./lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                ClientFolder.NPM.path().relativize(file).toString());
        return new NodeRun(ClientFolder.NPM, stage(file), arguments, SECONDS_PER_FILE, ClientFolder.environment())
                .tests();
    }

    private static String stage(Path file) {
        return file.getFileName().toString().replace(".test.mjs", "");
    }
}
