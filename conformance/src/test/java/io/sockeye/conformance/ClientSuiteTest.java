package io.sockeye.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final List<String> BASICS =
            List.of("release", "events", "acks", "binary", "namespaces", "admission");

    /**
     * What older releases are tested with: where it matters to the server which release a client has. The other files can be
     * run with them by hand.
     */
    private static final Map<String, List<String>> OLDER_RELEASES =
            Map.of("4.0", BASICS, "3.1", BASICS, "2.5", ofRelease2());

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void installClients() {
        ClientFolder.NPM.install();
    }

    @TestFactory
    Stream<DynamicContainer> clients() {
        return ClientFolder.testFiles().stream().map(file -> dynamicContainer(stage(file), tests(file)));
    }

    @TestFactory
    Stream<DynamicContainer> olderClients() {
        return OLDER_RELEASES.keySet().stream().sorted().map(release -> {
            Stream<DynamicContainer> stages = ClientFolder.testFiles().stream()
                    .filter(file -> OLDER_RELEASES.get(release).contains(stage(file)))
                    .map(file -> dynamicContainer(stage(file), tests(file, release)));
            return dynamicContainer(release, stages);
        });
    }

    private static Stream<DynamicTest> tests(Path file) {
        return tests(file, "");
    }

    /** The tests of a file with a release of the client; the newest if there is no name. */
    private static Stream<DynamicTest> tests(Path file, String release) {
        List<String> arguments = List.of(
                "--test-reporter=./lib/json-lines-reporter.mjs",
                "--test-reporter-destination=stdout",
                ClientFolder.NPM.path().relativize(file).toString());
        Map<String, String> environment = new HashMap<>(ClientFolder.environment());
        environment.put("SOCKEYE_CLIENT", release);
        return new NodeRun(
                        ClientFolder.NPM,
                        (stage(file) + " " + release).strip(),
                        arguments,
                        SECONDS_PER_FILE,
                        environment)
                .tests();
    }

    /** These have a protocol of their own. */
    private static List<String> ofRelease2() {
        List<String> files = new ArrayList<>(BASICS);
        files.addAll(List.of("rooms", "disconnect", "heartbeat", "upgrade", "limits"));
        return List.copyOf(files);
    }

    private static String stage(Path file) {
        return file.getFileName().toString().replace(".test.mjs", "");
    }
}
