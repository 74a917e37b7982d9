package io.sockeye;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the packages to the tree that the design draws: arrows point downwards only. */
class ArchitectureTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final int LONGEST_FILE = 450;

    private static final String TOP = "io.sockeye";
    private static final String HTTP = "io.sockeye.http";
    private static final String ADAPTER = "io.sockeye.adapter";
    private static final String CLUSTER = "io.sockeye.adapter.cluster";
    private static final String ENGINE = "io.sockeye.engine";
    private static final String TRANSPORT = "io.sockeye.transport";
    private static final String SOCKET_IO = "io.sockeye.protocol.socketio";
    private static final String ENGINE_IO = "io.sockeye.protocol.engineio";
    private static final String PROTOCOL = "io.sockeye.protocol";

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter().importPath(CLASSES);
    }

    /** Each package with those below it, which it may use. */
    static Stream<Arguments> packages() {
        return Stream.of(
                Arguments.of(TOP, List.of(HTTP, ADAPTER, CLUSTER, ENGINE, TRANSPORT, SOCKET_IO, ENGINE_IO, PROTOCOL)),
                Arguments.of(HTTP, List.of(ENGINE, TRANSPORT, SOCKET_IO, ENGINE_IO, PROTOCOL)),
                Arguments.of(ADAPTER, List.of(SOCKET_IO, ENGINE_IO, PROTOCOL)),
                Arguments.of(CLUSTER, List.of(ADAPTER, SOCKET_IO, ENGINE_IO, PROTOCOL)),
                Arguments.of(ENGINE, List.of(TRANSPORT, ENGINE_IO, PROTOCOL)),
                Arguments.of(TRANSPORT, List.of(ENGINE_IO, PROTOCOL)),
                Arguments.of(SOCKET_IO, List.of(ENGINE_IO, PROTOCOL)),
                Arguments.of(ENGINE_IO, List.of(PROTOCOL)),
                Arguments.of(PROTOCOL, List.of()));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyThoseBelowIt(String name, List<String> below) {
        List<String> allowed = new ArrayList<>(below);
        allowed.add(name);
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.sockeye..").and(resideOutsideOfPackages(allowed.toArray(String[]::new))))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void everyPackageHasItsPlaceInTheTree() {
        Set<String> drawn =
                packages().map(arguments -> (String) arguments.get()[0]).collect(toCollection(TreeSet::new));
        Set<String> found = classes.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new));
        assertThat(drawn).containsAll(found);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void protocolsEngineAndTransportSpiDoNotKnowNetty() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOL + "..", ENGINE, TRANSPORT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void onlyTheFrontDoorKnowsChannelsAndHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HTTP)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "io.netty.bootstrap.."))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void onlyRecordsAndExceptionsHavePublicConstructors() {
        noConstructors()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .should()
                .beDeclaredInClassesThat()
                .areNotAssignableTo(Throwable.class)
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void loggingGoesThroughSlf4j() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(true).check(classes);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.allowEmptyShould(true).check(classes);
    }

    @Test
    void everyPackageStatesItsPurposeAndIsNullMarked() throws IOException {
        for (Path file : sources()) {
            Path info = file.resolveSibling("package-info.java");
            if (!file.equals(SOURCES.resolve("module-info.java"))) {
                assertThat(info).content().startsWith("/**").contains("\n@NullMarked\n");
            }
        }
    }

    @Test
    void filesFitInTheHead() throws IOException {
        for (Path file : sources()) {
            assertThat(Files.readAllLines(file)).as("lines of %s", file).hasSizeLessThanOrEqualTo(LONGEST_FILE);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
