package io.sockeye;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one packet is emitted.
 *
 * @param volatileFlag whether it is dropped when the connection cannot take it at once
 * @param compress whether transports may compress it
 * @param timeout how long an acknowledgement is waited for; null for as long as the socket is connected
 */
record EmitOptions(
        boolean volatileFlag, boolean compress, @Nullable Duration timeout) {
    /** What counts as for ever: it fits a count of nanoseconds with room to spare. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(36_500);

    static final EmitOptions DEFAULT = new EmitOptions(/* volatileFlag= */ false, /* compress= */ true, null);

    EmitOptions withVolatile() {
        return new EmitOptions(/* volatileFlag= */ true, compress, timeout);
    }

    EmitOptions withCompress(boolean value) {
        return new EmitOptions(volatileFlag, value, timeout);
    }

    EmitOptions withTimeout(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("timeout: " + value + " (expected: > 0)");
        }
        return new EmitOptions(volatileFlag, compress, value.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : value);
    }
}
