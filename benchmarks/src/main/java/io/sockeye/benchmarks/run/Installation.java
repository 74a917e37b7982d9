package io.sockeye.benchmarks.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where things are: this module's folder, its class path, the JDK that servers run on. Immutable.
 *
 * @param home the folder {@code benchmarks}
 * @param jdk the home of the JDK that all JVM servers and the load run on
 */
record Installation(Path home, Path jdk) {
    private static final String WANTED_RELEASE = "25";

    /** The same for all JVM servers and the load. One core has the serial collector anyway; this says so. */
    private static final List<String> JVM_FLAGS =
            List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /** This module in that folder, with JDK 25 if there is one, else the JDK that runs this. */
    static Installation in(Path home) {
        return new Installation(home, findJdk());
    }

    /** The command that runs Java, up to the main class. */
    List<String> java(List<String> flags, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(jdk.resolve("bin/java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath));
        return command;
    }

    /** The class path of this module. */
    String classPath() {
        return classPath(home);
    }

    /** The class path of a Maven module that has been compiled. */
    String classPath(Path module) {
        try {
            Path target = module.resolve("target");
            return target.resolve("classes") + ":" + Files.readString(target.resolve("class-path.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException("not compiled: " + module, e);
        }
    }

    /** A file of the peers. */
    String peers(String file) {
        return home.resolve("peers").resolve(file).toString();
    }

    private static Path findJdk() {
        Map<String, String> environment = System.getenv();
        String set = environment.get("JAVA_HOME_" + WANTED_RELEASE);
        if (set != null) {
            return Path.of(set);
        }
        try (DirectoryStream<Path> homes =
                Files.newDirectoryStream(Path.of("/usr/lib/jvm"), "*" + WANTED_RELEASE + "*")) {
            for (Path home : homes) {
                if (Files.isExecutable(home.resolve("bin/java"))) {
                    return home;
                }
            }
        } catch (IOException notThere) {
            return Path.of(System.getProperty("java.home"));
        }
        return Path.of(System.getProperty("java.home"));
    }
}
