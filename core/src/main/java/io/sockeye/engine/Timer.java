package io.sockeye.engine;

import org.jspecify.annotations.Nullable;

/**
 * Something that falls due once, linked into its {@link TimerWheel} by its own fields, so that arming one allocates
 * nothing. Confined to the wheel's event loop.
 */
abstract class Timer {
    static final long IDLE = -1;

    @Nullable Timer previous; // in its list; null at the head and while idle

    @Nullable Timer next; // in its list; null at the tail and while idle

    long dueTick = IDLE; // touched by the wheel only

    /** Called once, when the time has come; the timer is idle again. May arm any timer. */
    abstract void expire();

    final boolean isArmed() {
        return dueTick != IDLE;
    }
}
