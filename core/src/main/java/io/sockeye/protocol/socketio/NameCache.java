package io.sockeye.protocol.socketio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A small cache from UTF-8 bytes to strings, so that event names and namespaces, of which an application has few, are not
 * made anew for each message. Direct-mapped: a text takes the place of another one that hashes alike, so a peer that sends
 * many names can make the cache useless but not large.
 *
 * <p>Confined to its owner.
 */
final class NameCache {
    private static final int MAX_BYTES = 64;
    private static final int ENTRIES = 64; // a power of two

    private final @Nullable Entry[] entries = new Entry[ENTRIES];

    /** The string of the bytes from {@code start} to {@code end}. */
    String text(byte[] array, int start, int end) {
        int length = end - start;
        if (length > MAX_BYTES) {
            return new String(array, start, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + array[i];
        }
        int slot = (hash ^ hash >>> 6 ^ hash >>> 15) & (ENTRIES - 1);
        Entry entry = entries[slot];
        if (entry == null || !Arrays.equals(entry.utf8, 0, entry.utf8.length, array, start, end)) {
            byte[] utf8 = Arrays.copyOfRange(array, start, end);
            entry = new Entry(utf8, new String(utf8, StandardCharsets.UTF_8));
            entries[slot] = entry;
        }
        return entry.text;
    }

    private record Entry(byte[] utf8, String text) {}
}
