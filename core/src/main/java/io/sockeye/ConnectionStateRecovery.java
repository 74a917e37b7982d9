package io.sockeye;

import io.sockeye.adapter.RecoverySettings;
import java.time.Duration;

/**
 * How clients are brought back whose connection was lost (Socket.IO documentation, "Connection state recovery"): the socket has
 * its id, its rooms and its data again, and the client gets the packets that it has missed, each once and in order. It is off
 * unless {@link SocketIoServerBuilder#connectionStateRecovery} turns it on. {@code docs/delivery.md} says what is promised.
 *
 * <p>Immutable.
 */
public final class ConnectionStateRecovery {
    private final Duration maxDisconnectionDuration;
    private final boolean skipMiddlewares;
    private final int maxPackets;
    private final long maxBytes;
    private final int maxSessions;

    private ConnectionStateRecovery(Builder builder) {
        this.maxDisconnectionDuration = builder.maxDisconnectionDuration;
        this.skipMiddlewares = builder.skipMiddlewares;
        this.maxPackets = builder.maxPackets;
        this.maxBytes = builder.maxBytes;
        this.maxSessions = builder.maxSessions;
    }

    /** With the defaults that the builder's setters name. */
    public static ConnectionStateRecovery defaults() {
        return builder().build();
    }

    /** Configures it. */
    public static Builder builder() {
        return new Builder();
    }

    boolean skipMiddlewares() {
        return skipMiddlewares;
    }

    Duration maxDisconnectionDuration() {
        return maxDisconnectionDuration;
    }

    /**
     * What the adapter is told.
     *
     * @param longestSilence how long a connection may be dead before the server notices
     */
    RecoverySettings settings(Duration longestSilence) {
        return new RecoverySettings(
                maxDisconnectionDuration,
                maxDisconnectionDuration.plus(longestSilence),
                maxPackets,
                maxBytes,
                maxSessions);
    }

    /** Sets how clients are brought back. Each setter checks its value at once. Confined to the caller's thread. */
    public static final class Builder {
        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration LONGEST = Duration.ofDays(1);

        private Duration maxDisconnectionDuration = Duration.ofMinutes(2);
        private boolean skipMiddlewares = true;
        private int maxPackets = 100_000;
        private long maxBytes = 64L << 20;
        private int maxSessions = 100_000;

        private Builder() {}

        /**
         * How long after the loss of its connection a client may still come back. Packets are kept for longer, by the time in
         * which the server may not have noticed that a connection is dead: {@code pingInterval} and six times {@code
         * pingTimeout}. Default: 2 minutes.
         */
        public Builder maxDisconnectionDuration(Duration maxDisconnectionDuration) {
            if (maxDisconnectionDuration.compareTo(SHORTEST) < 0 || maxDisconnectionDuration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "maxDisconnectionDuration: " + maxDisconnectionDuration + " (expected: 1 ms to 1 day)");
            }
            this.maxDisconnectionDuration = maxDisconnectionDuration;
            return this;
        }

        /** Whether a client that comes back is let in without asking middleware again. Default: true. */
        public Builder skipMiddlewares(boolean skipMiddlewares) {
            this.skipMiddlewares = skipMiddlewares;
            return this;
        }

        /** How many packets are kept per namespace; a client that needs older ones is not recovered. Default: 100,000. */
        public Builder maxPackets(int maxPackets) {
            this.maxPackets = (int) positive("maxPackets", maxPackets);
            return this;
        }

        /**
         * How many bytes the packets may occupy that are kept per namespace; a client that needs older ones is not recovered.
         * Default: 64 MiB.
         */
        public Builder maxBytes(long maxBytes) {
            this.maxBytes = positive("maxBytes", maxBytes);
            return this;
        }

        /** How many sockets without a connection are kept per namespace; beyond it, some are not recovered. Default: 100,000. */
        public Builder maxSessions(int maxSessions) {
            this.maxSessions = (int) positive("maxSessions", maxSessions);
            return this;
        }

        /** The settings. */
        public ConnectionStateRecovery build() {
            return new ConnectionStateRecovery(this);
        }

        private static long positive(String name, long value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }
    }
}
