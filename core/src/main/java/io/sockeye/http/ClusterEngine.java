package io.sockeye.http;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings with which a server in a cluster also serves the requests of sessions that another node has, by passing them on to
 * that node. Load balancers then need no sticky sessions. Every node must have it, with the same directory. Immutable.
 */
public final class ClusterEngine {
    private final Builder settings;

    private ClusterEngine(Builder settings) {
        this.settings = settings;
    }

    /** The defaults, with the nodes that the directory knows. */
    public static ClusterEngine of(NodeDirectory directory) {
        return builder(directory).build();
    }

    /** A builder with the defaults. */
    public static Builder builder(NodeDirectory directory) {
        return new Builder(directory);
    }

    /** What passes requests on; one for each server. */
    public Forwarder forwarder() {
        return new Forwarder(this, System::nanoTime);
    }

    NodeDirectory directory() {
        return settings.directory;
    }

    /** Null for the address that the server listens on. */
    @Nullable String host() {
        return settings.host;
    }

    /** 0 for the port that the server listens on. */
    int port() {
        return settings.port;
    }

    Duration connectTimeout() {
        return settings.connectTimeout;
    }

    Duration answerTimeout() {
        return settings.answerTimeout;
    }

    Duration idleTimeout() {
        return settings.idleTimeout;
    }

    int maxIdleConnections() {
        return settings.maxIdleConnections;
    }

    /** Builds a {@link ClusterEngine}. Each setter checks its value at once. Confined to one thread. */
    public static final class Builder {
        private final NodeDirectory directory;
        private @Nullable String host;
        private int port;
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration answerTimeout = Duration.ofMinutes(2);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private int maxIdleConnections = 64;

        private Builder(NodeDirectory directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        private Builder(Builder other) {
            this.directory = other.directory;
            this.host = other.host;
            this.port = other.port;
            this.connectTimeout = other.connectTimeout;
            this.answerTimeout = other.answerTimeout;
            this.idleTimeout = other.idleTimeout;
            this.maxIdleConnections = other.maxIdleConnections;
        }

        /**
         * The address or name under which the other nodes reach this one. Default: the address that the server listens on; a
         * server that listens on every interface has to be told.
         */
        public Builder host(String host) {
            this.host = new NodeAddress(host, /* port= */ 1).host();
            return this;
        }

        /** The port under which the other nodes reach this one. Default: the one that the server listens on. */
        public Builder port(int port) {
            this.port = new NodeAddress("any", port).port();
            return this;
        }

        /** How long another node may take to accept a connection; then its sessions count as unknown. Default: 2 s. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = positive("connectTimeout", connectTimeout);
            return this;
        }

        /**
         * How long another node may take over an answer, and a forwarded WebSocket may be silent, before the connection to the
         * node is given up. Must be longer than the ping interval and the ping timeout together. Default: 2 min.
         */
        public Builder answerTimeout(Duration answerTimeout) {
            this.answerTimeout = positive("answerTimeout", answerTimeout);
            return this;
        }

        /**
         * How long a connection to another node is kept for the next request. It is never longer than half of the time for which
         * the other node keeps it. Default: 30 s.
         */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = positive("idleTimeout", idleTimeout);
            return this;
        }

        /** How many idle connections each event loop keeps to each other node. Default: 64. */
        public Builder maxIdleConnections(int maxIdleConnections) {
            if (maxIdleConnections < 0) {
                throw new IllegalArgumentException("maxIdleConnections: " + maxIdleConnections + " (expected: >= 0)");
            }
            this.maxIdleConnections = maxIdleConnections;
            return this;
        }

        /** The settings as they are now. */
        public ClusterEngine build() {
            return new ClusterEngine(new Builder(this));
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }
    }
}
