package io.sockeye.engine;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;

/**
 * What a server takes from the world around it, for tests to replace.
 *
 * @param wallClock the time of day, for {@link HandshakeRequest#issued}; all else is measured by event loops' clocks
 * @param random where session identifiers come from; must be unguessable
 */
record Environment(InstantSource wallClock, Random random) {

    static Environment system() {
        return new Environment(Clock.systemUTC(), new SecureRandom());
    }
}
