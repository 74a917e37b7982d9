package io.sockeye.http;

import org.jspecify.annotations.Nullable;

/**
 * Texts that occur in request after request: names of headers, and short values of them. Sessions keep their request's headers for
 * life, and share these. Direct-mapped: a text takes the place of another one that hashes alike, so clients can make the table
 * useless but not large.
 *
 * <p>Thread-safe: strings are immutable, and who does not see one keeps his own.
 */
final class RecurringTexts {
    private static final int ENTRIES = 256; // a power of two
    private static final int LONGEST = 24;

    private final @Nullable String[] texts = new @Nullable String[ENTRIES];

    /** An equal text, the one that is kept here if it can be. */
    String shared(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & (ENTRIES - 1);
        String present = texts[slot];
        if (present != null && present.equals(text)) {
            return present;
        }
        texts[slot] = text;
        return text;
    }
}
