package io.sockeye.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/compatibility.md} says about how a feature is checked names tests that exist. */
class CompatibilityTableTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SCENARIOS = Path.of("clients/scenarios/cases");
    private static final String NOT_YET = "–";
    private static final int FEWEST_ROWS = 80;

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern JUNIT = Pattern.compile("([A-Z]\\w*Test)(?:\\.(\\w+))?");

    @Test
    void everyFeatureNamesTestsThatExist() throws IOException {
        String scenarios = textOfAll(SCENARIOS, ".mjs");
        List<String> rows = rows();
        List<String> wrong = new ArrayList<>();
        for (String row : rows) {
            List<String> tests = testsOf(row);
            if (tests.isEmpty() && !cells(row).contains(NOT_YET)) {
                wrong.add("names no test: " + row);
            }
            for (String test : tests) {
                if (!exists(test, scenarios)) {
                    wrong.add(test);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThan(FEWEST_ROWS);
    }

    private static boolean exists(String test, String scenarios) throws IOException {
        if (test.startsWith("scenario: ")) {
            String title = test.substring("scenario: ".length());
            return scenarios.contains("scenario(\"" + title + "\"") || scenarios.contains("scenario(`" + title + "`");
        }
        Matcher junit = JUNIT.matcher(test);
        if (!junit.matches()) {
            return Files.exists(Path.of(test));
        }
        String method = junit.group(2);
        for (Path file : testClasses(junit.group(1))) {
            if (method == null || Files.readString(file).contains(" " + method + "(")) {
                return true;
            }
        }
        return false;
    }

    /** The rows of the tables whose last column says how something is checked. */
    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        boolean counts = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/compatibility.md"))) {
            if (!line.startsWith("|")) {
                counts = false;
            } else if (line.endsWith("| checked by |")) {
                counts = true;
            } else if (counts && !line.startsWith("|--")) {
                rows.add(line);
            }
        }
        return rows;
    }

    private static List<String> testsOf(String row) {
        List<String> cells = cells(row);
        return QUOTED.matcher(cells.get(cells.size() - 1))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static List<String> cells(String row) {
        return Stream.of(row.substring(1, row.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    private static List<Path> testClasses(String name) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.endsWith(name + ".java")).forEach(found::add);
                }
            }
        }
        return found;
    }

    private static String textOfAll(Path folder, String suffix) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(suffix)).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
