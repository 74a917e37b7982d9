package io.sockeye.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONException;

/** The folder of the tests in JavaScript, and the fixture that they run against. Safe for any thread. */
final class ClientFolder {
    static final NpmFolder NPM = new NpmFolder("clients");

    private static final String LOOK_FOR_LEAKS = "-Dio.netty.leakDetection.level=paranoid";

    private ClientFolder() {}

    /** The test files, in the order of their names. */
    static List<Path> testFiles() {
        try (Stream<Path> files = Files.list(NPM.path().resolve("test"))) {
            return files.filter(file -> file.toString().endsWith(".test.mjs"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of the command that starts a fixture in this folder, without port and flags. */
    static List<String> fixtureCommand() {
        String words = System.getenv("SOCKEYE_FIXTURE");
        if (words == null || words.isBlank()) {
            boolean reference = System.getProperty("sockeye.fixture", "").equals("reference");
            return reference ? List.of("node", "reference-fixture.mjs") : List.of("../fixture");
        }
        return words.startsWith("[")
                ? jsonStrings(words)
                : List.of(words.strip().split("\\s+", -1));
    }

    /** What the processes get that are started here: the fixture's command, and that a fixture in Java looks for leaks. */
    static Map<String, String> environment() {
        return Map.of(
                "SOCKEYE_FIXTURE", new JSONArray(fixtureCommand()).toString(),
                "SOCKEYE_JAVA_OPTS", System.getenv().getOrDefault("SOCKEYE_JAVA_OPTS", LOOK_FOR_LEAKS));
    }

    private static List<String> jsonStrings(String json) {
        try {
            JSONArray array = new JSONArray(json);
            String[] words = new String[array.length()];
            for (int i = 0; i < words.length; i++) {
                words[i] = array.getString(i);
            }
            return List.of(words);
        } catch (JSONException e) {
            throw new AssertionError("SOCKEYE_FIXTURE is no JSON array of strings: " + json, e);
        }
    }
}
