package io.sockeye.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP header fields in order, names compared without regard to case and repeated names allowed.
 *
 * <p>Confined to one thread while it is filled; safe to share once nobody adds any more.
 */
public final class HttpFields {
    /** Names at even, values at odd positions. */
    private final List<String> fields;

    private HttpFields(List<String> fields) {
        this.fields = fields;
    }

    /** New fields, without any. */
    public static HttpFields create() {
        return new HttpFields(new ArrayList<>(8));
    }

    /** New fields, of alternating names and values. */
    public static HttpFields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("namesAndValues: odd count (expected: pairs)");
        }
        return new HttpFields(new ArrayList<>(Arrays.asList(namesAndValues)));
    }

    /** Adds a field after the others. */
    public HttpFields add(String name, String value) {
        requireSafe(name);
        requireSafe(value);
        fields.add(name);
        fields.add(value);
        return this;
    }

    /** Replaces every field of that name by one, at the end. */
    public HttpFields set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    /** Removes every field of that name. */
    public HttpFields remove(String name) {
        for (int i = fields.size() - 2; i >= 0; i -= 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                fields.remove(i + 1);
                fields.remove(i);
            }
        }
        return this;
    }

    /** The first value of that name; null when there is none. */
    public @Nullable String get(String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    /** All values of that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        forEach((n, v) -> {
            if (n.equalsIgnoreCase(name)) {
                values.add(v);
            }
        });
        return values;
    }

    /** All values of that name as one list, with a comma and a space between two (RFC 9110, 5.3); null when there is none. */
    public @Nullable String joined(String name) {
        String joined = null;
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                String value = fields.get(i + 1);
                joined = joined == null ? value : joined + ", " + value;
            }
        }
        return joined;
    }

    /** The names as they were added, without repetition. */
    public List<String> names() {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        forEach((n, v) -> {
            if (names.stream().noneMatch(n::equalsIgnoreCase)) {
                names.add(n);
            }
        });
        return List.copyOf(names);
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Calls the visitor with each name and value, in order. */
    public void forEach(BiConsumer<String, String> visitor) {
        for (int i = 0; i < fields.size(); i += 2) {
            visitor.accept(fields.get(i), fields.get(i + 1));
        }
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    /** Keeps a value that an application or a peer supplied from ending the header it stands in. */
    private static void requireSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("header contains a line break or NUL");
            }
        }
    }
}
