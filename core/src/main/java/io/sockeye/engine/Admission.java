package io.sockeye.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RequestGuard} says of a handshake. Immutable.
 *
 * @param accepted whether the handshake goes on
 * @param message the text that the client is refused with; null for the error's own text
 */
public record Admission(boolean accepted, @Nullable String message) {
    private static final Admission ACCEPTED = new Admission(/* accepted= */ true, null);
    private static final Admission REFUSED = new Admission(/* accepted= */ false, null);

    /** The handshake goes on. */
    public static Admission accept() {
        return ACCEPTED;
    }

    /** The handshake is refused with 403, code 4, "Forbidden". */
    public static Admission refuse() {
        return REFUSED;
    }

    /** The handshake is refused with 403, code 4 and a text of the application's, which the client gets to see. */
    public static Admission refuse(String message) {
        return new Admission(/* accepted= */ false, Objects.requireNonNull(message, "message"));
    }
}
