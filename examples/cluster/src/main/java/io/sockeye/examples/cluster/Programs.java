package io.sockeye.examples.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** Finds the programs that a cluster consists of. Without state. */
final class Programs {
    private static final List<String> ALSO_IN = List.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin");
    private static final Map<String, String> PACKAGES =
            Map.of("haproxy", "Debian, Ubuntu: apt-get install haproxy; macOS: brew install haproxy");

    private Programs() {}

    /** {@code redis-server} of the PATH, else the one inside of the embedded-redis artifact. */
    static String redisServer() {
        String found = onPath("redis-server");
        try {
            return found != null
                    ? found
                    : ExecutableProvider.newJarResourceProvider(
                                    Files.createTempDirectory("redis").toFile())
                            .get()
                            .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The load balancer.
     *
     * @throws IllegalStateException when it is not installed; the message says how to
     */
    static String haproxy() {
        String found = onPath("haproxy");
        if (found == null) {
            throw new IllegalStateException(
                    "This example needs HAProxy on the PATH, and there is none. " + PACKAGES.get("haproxy"));
        }
        return found;
    }

    private static @Nullable String onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), ALSO_IN.stream())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** The command that runs a class of this program in another process. */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "--enable-native-access=ALL-UNNAMED", "-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Under {@code mvn exec:java} the class path is that of a class loader, and the JVM's is Maven's own. */
    private static String classPath() {
        return Programs.class.getClassLoader() instanceof URLClassLoader loader
                ? Stream.of(loader.getURLs()).map(Programs::file).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        return Path.of(java.net.URI.create(url.toString())).toString();
    }
}
