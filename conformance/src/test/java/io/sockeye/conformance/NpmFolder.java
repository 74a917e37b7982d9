package io.sockeye.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A folder of this module with a {@code package.json}, and what it takes to run it with Node.js. Safe for any thread. */
final class NpmFolder {
    private static final String WHERE_TO_GET_NODE = "The conformance tests need Node.js 20.11 or newer with npm"
            + " (https://nodejs.org; Debian: apt-get install nodejs npm)";
    private static final Pattern NODE_VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");

    private final Path path;
    private final Path output;

    /** The folder of that name. */
    NpmFolder(String name) {
        this.path = Path.of(name).toAbsolutePath();
        this.output = Path.of("target", name).toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /** Where what processes print is kept. */
    Path output() {
        try {
            return Files.createDirectories(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code npm ci} unless what is installed is what the lock file says. Takes a minute at most. */
    synchronized void install() {
        requireNode();
        Path installed = path.resolve("node_modules/.package-lock.json");
        if (isOlder(path.resolve("package.json"), installed) && isOlder(path.resolve("package-lock.json"), installed)) {
            return;
        }
        String said = run(WINDOWS ? "npm.cmd" : "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (!isOlder(path.resolve("package-lock.json"), installed)) {
            throw new AssertionError("npm ci in " + path + " did not install what the lock file says:\n" + said);
        }
    }

    private void requireNode() {
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
    private String run(String... command) {
        try {
            Path said = Files.createTempFile(output(), command[0], ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(path.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            return Files.readString(said, UTF_8);
        } catch (IOException e) {
            throw new AssertionError(WHERE_TO_GET_NODE + ", and find no '" + command[0] + "' on the PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
