package io.sockeye.benchmarks.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Command line options of the form {@code --name value}. Immutable. */
final class Settings {
    private final Map<String, String> values = new HashMap<>();

    /** Takes the words of a command line apart. */
    Settings(List<String> words) {
        for (int i = 0; i < words.size(); i += 2) {
            if (!words.get(i).startsWith("--") || i + 1 == words.size()) {
                throw new IllegalArgumentException(words.get(i) + " (expected: --name value)");
            }
            values.put(words.get(i).substring(2), words.get(i + 1));
        }
    }

    /** A value that has to be given. */
    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    /** A value, or the other one when it is not given. */
    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** A whole number, or the other one when it is not given. */
    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** Whether the value is {@code true}. */
    boolean flag(String name) {
        return text(name, "false").equals("true");
    }

    /** Seconds as nanoseconds. */
    long nanos(String name, double otherwiseSeconds) {
        String value = values.get(name);
        return (long) ((value == null ? otherwiseSeconds : Double.parseDouble(value)) * 1e9);
    }
}
