package io.sockeye.http;

import io.sockeye.engine.ForeignSessions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes tags of nodes. Thread-safe. */
public final class NodeTags {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 3; // of which 18 bits count

    private NodeTags() {}

    /** A tag drawn by lot. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return tag(bytes);
    }

    /** The tag that follows from an address. */
    static String of(NodeAddress address) {
        try {
            return tag(MessageDigest.getInstance("SHA-256")
                    .digest(address.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String tag(byte[] bytes) {
        return Base64.getUrlEncoder().encodeToString(bytes).substring(0, ForeignSessions.TAG_LENGTH);
    }
}
