package io.sockeye.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a content coding by a request's {@code Accept-Encoding} (RFC 9110, 12.5.3) as the reference's
 * {@code negotiator} does: the highest weight first, then a coding named over {@code *}, then the order of the header.
 *
 * <p>Stateless.
 */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /** The best of the codings offered; null when the request accepts none of them, or does not say. */
    static @Nullable String choose(@Nullable String header, List<String> offered) {
        if (header == null || header.isEmpty()) {
            return null;
        }
        Preference best = Preference.NONE;
        String chosen = null;
        for (String coding : offered) {
            Preference preference = preference(header, coding);
            if (preference.weight > 0 && preference.betterThan(best)) {
                best = preference;
                chosen = coding;
            }
        }
        return chosen;
    }

    /** What the header says of one coding. */
    private static Preference preference(String header, String coding) {
        Preference found = Preference.NONE;
        String[] elements = header.split(",", -1);
        for (int i = 0; i < elements.length; i++) {
            String[] parts = elements[i].split(";", -1);
            String name = parts[0].strip().toLowerCase(Locale.ROOT);
            boolean named = name.equals(coding);
            if (named || name.equals("*")) {
                Preference preference = new Preference(weight(parts), named, i);
                if (preference.moreSpecificThan(found)) {
                    found = preference;
                }
            }
        }
        return found;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2).strip());
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /**
     * One coding's standing.
     *
     * @param named whether the header names the coding, instead of {@code *}
     * @param position where in the header it stands
     */
    private record Preference(double weight, boolean named, int position) {
        static final Preference NONE = new Preference(0, false, -1);

        boolean betterThan(Preference other) {
            if (weight != other.weight) {
                return weight > other.weight;
            }
            return named != other.named ? named : position < other.position;
        }

        boolean moreSpecificThan(Preference other) {
            if (named != other.named) {
                return named;
            }
            return weight != other.weight ? weight > other.weight : position > other.position;
        }
    }
}
