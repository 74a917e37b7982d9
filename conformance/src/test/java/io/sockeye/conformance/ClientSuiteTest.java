package io.sockeye.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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
    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.install();
    }

    @TestFactory
    Stream<DynamicContainer> clients() {
        return ClientFolder.testFiles().stream().map(file -> dynamicContainer(stage(file), tests(stage(file), file)));
    }

    private static Stream<DynamicTest> tests(String stage, Path file) {
        Spliterator<NodeRun.Outcome> outcomes =
                Spliterators.spliteratorUnknownSize(new NodeRun(file), Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(outcomes, /* parallel= */ false).map(outcome -> test(stage, outcome));
    }

    private static String stage(Path file) {
        return file.getFileName().toString().replace(".test.mjs", "");
    }

    private static DynamicTest test(String stage, NodeRun.Outcome outcome) {
        return dynamicTest(outcome.name(), () -> {
            if (outcome.problem() != null) {
                throw new AssertionError(stage + ": " + outcome.name() + ": " + outcome.problem());
            }
        });
    }
}
