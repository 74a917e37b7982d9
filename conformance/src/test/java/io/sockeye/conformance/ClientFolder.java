package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONException;

/** The folder of the tests in JavaScript, and what it takes to run them. Safe for any thread. */
final class ClientFolder {
    static final Path PATH = Path.of("clients").toAbsolutePath();
    static final Path OUTPUT = Path.of("target", "clients").toAbsolutePath();

    private static final String WHERE_TO_GET_NODE =
            "The tests with real clients need Node.js 20.11 or newer with npm (https://nodejs.org; Debian: apt-get install nodejs npm)";
    private static final Pattern NODE_VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");

    private static final String LOOK_FOR_LEAKS = "-Dio.netty.leakDetection.level=paranoid";

    private ClientFolder() {}

    /** The test files, in the order of their names. */
    static List<Path> testFiles() {
        try (Stream<Path> files = Files.list(PATH.resolve("test"))) {
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

    /** Runs {@code npm ci} unless what is installed is what the lock file says. Takes a minute at most. */
    static synchronized void install() {
        requireNode();
        Path installed = PATH.resolve("node_modules/.package-lock.json");
        if (isOlder(PATH.resolve("package.json"), installed) && isOlder(PATH.resolve("package-lock.json"), installed)) {
            return;
        }
        String output = run(WINDOWS ? "npm.cmd" : "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (!isOlder(PATH.resolve("package-lock.json"), installed)) {
            throw new AssertionError("npm ci did not install the clients:\n" + output);
        }
    }

    private static void requireNode() {
        Matcher version = NODE_VERSION.matcher(run("node", "--version").strip());
        boolean recent = version.matches()
                && Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2)) >= 20_011;
        if (!recent) {
            throw new AssertionError(WHERE_TO_GET_NODE + ", and find an older one: "
                    + (version.reset().matches() ? version.group() : "of no known version"));
        }
    }

    private static boolean isOlder(Path file, Path than) {
        try {
            return Files.exists(than)
                    && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) <= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command prints that ends by itself, in two minutes at most. */
    private static String run(String... command) {
        try {
            Files.createDirectories(OUTPUT);
            Path output = Files.createTempFile(OUTPUT, command[0], ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(PATH.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            return Files.readString(output, UTF_8);
        } catch (IOException e) {
            throw new AssertionError(WHERE_TO_GET_NODE + ", and find no '" + command[0] + "' on the PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
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
