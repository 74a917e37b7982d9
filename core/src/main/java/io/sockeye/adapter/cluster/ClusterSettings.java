package io.sockeye.adapter.cluster;

import java.time.Duration;

/** How the nodes of a cluster look after each other ({@link ClusterAdapter}). Immutable. */
public final class ClusterSettings {
    private final Duration heartbeatInterval;
    private final Duration heartbeatTimeout;
    private final Duration requestTimeout;
    private final int maxRequests;

    private ClusterSettings(Builder builder) {
        this.heartbeatInterval = builder.heartbeatInterval;
        this.heartbeatTimeout = builder.heartbeatTimeout;
        this.requestTimeout = builder.requestTimeout;
        this.maxRequests = builder.maxRequests;
    }

    /** With the defaults that the builder's setters name. */
    public static ClusterSettings defaults() {
        return builder().build();
    }

    /** Configures them. */
    public static Builder builder() {
        return new Builder();
    }

    /** How often a node says that it is alive. */
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    /** For how long nothing need be heard of a node until it counts as dead. */
    public Duration heartbeatTimeout() {
        return heartbeatTimeout;
    }

    /** How long an answer is waited for where the question says nothing else. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How many questions of one namespace may wait for answers. */
    public int maxRequests() {
        return maxRequests;
    }

    /** Sets how nodes look after each other. Each setter checks its value at once. Confined to the caller's thread. */
    public static final class Builder {
        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration LONGEST = Duration.ofDays(1);

        private Duration heartbeatInterval = Duration.ofSeconds(5);
        private Duration heartbeatTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(5);
        private int maxRequests = 10_000;

        private Builder() {}

        /** How often a node says that it is alive. Default: 5 s. */
        public Builder heartbeatInterval(Duration heartbeatInterval) {
            this.heartbeatInterval = checked("heartbeatInterval", heartbeatInterval);
            return this;
        }

        /**
         * For how long nothing need be heard of a node until it counts as dead. Longer than {@link #heartbeatInterval}. Default:
         * 10 s.
         */
        public Builder heartbeatTimeout(Duration heartbeatTimeout) {
            this.heartbeatTimeout = checked("heartbeatTimeout", heartbeatTimeout);
            return this;
        }

        /** How long an answer is waited for where the question says nothing else. Default: 5 s. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = checked("requestTimeout", requestTimeout);
            return this;
        }

        /**
         * How many questions to other nodes may wait for answers in one namespace; further ones are answered at once, by this
         * node alone. Default: 10,000.
         */
        public Builder maxRequests(int maxRequests) {
            if (maxRequests <= 0) {
                throw new IllegalArgumentException("maxRequests: " + maxRequests + " (expected: > 0)");
            }
            this.maxRequests = maxRequests;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when a node would count as dead before its next heartbeat
         */
        public ClusterSettings build() {
            if (heartbeatTimeout.compareTo(heartbeatInterval) <= 0) {
                throw new IllegalArgumentException("heartbeatTimeout: " + heartbeatTimeout
                        + " (expected: longer than heartbeatInterval, " + heartbeatInterval + ")");
            }
            return new ClusterSettings(this);
        }

        private static Duration checked(String name, Duration value) {
            if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: 1 ms to 1 day)");
            }
            return value;
        }
    }
}
