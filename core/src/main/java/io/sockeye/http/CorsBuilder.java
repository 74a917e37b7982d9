package io.sockeye.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Cors}. Each setter checks its value at once. Confined to one thread. */
public final class CorsBuilder {
    private static final String ANY = "*";

    private final Set<String> origins = new LinkedHashSet<>();
    private final List<Predicate<String>> rules = new ArrayList<>();
    private String methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
    private @Nullable String allowedHeaders; // null: those that the preflight asks for
    private @Nullable String exposedHeaders; // null: none
    private boolean credentials;
    private @Nullable String maxAgeSeconds; // null: not said
    private int preflightStatus = 204;
    private boolean trustForwardedHeaders;

    CorsBuilder() {}

    /**
     * Allows these origins beside those allowed before, each compared exactly: {@code https://app.example}; {@code *}
     * allows every origin. An origin that is the only one is announced in every answer, several are announced to whom
     * they belong.
     */
    public CorsBuilder origins(String... origins) {
        for (String origin : origins) {
            if (origin.isBlank() || origin.endsWith("/")) {
                throw new IllegalArgumentException("corsOrigins: \"" + origin
                        + "\" (expected: scheme, host and port without a slash at the end, as https://app.example)");
            }
            this.origins.add(origin);
        }
        return this;
    }

    /** Allows the origins in which the pattern is found; anchor it with {@code ^} and {@code $}. */
    public CorsBuilder originPattern(Pattern pattern) {
        Objects.requireNonNull(pattern, "pattern");
        rules.add(origin -> pattern.matcher(origin).find());
        return this;
    }

    /** Allows the origins the predicate accepts. Called on event loops; must not block. */
    public CorsBuilder originPredicate(Predicate<String> predicate) {
        rules.add(Objects.requireNonNull(predicate, "predicate"));
        return this;
    }

    /** {@code Access-Control-Allow-Methods}. Default: GET, HEAD, PUT, PATCH, POST and DELETE. */
    public CorsBuilder methods(String... methods) {
        this.methods = String.join(",", methods);
        return this;
    }

    /** {@code Access-Control-Allow-Headers}. Default: those that the preflight asks for. */
    public CorsBuilder allowedHeaders(String... allowedHeaders) {
        this.allowedHeaders = String.join(",", allowedHeaders);
        return this;
    }

    /** {@code Access-Control-Expose-Headers}. Default: none. */
    public CorsBuilder exposedHeaders(String... exposedHeaders) {
        this.exposedHeaders = String.join(",", exposedHeaders);
        return this;
    }

    /** Whether browsers may send cookies and client certificates. Default: no. */
    public CorsBuilder credentials(boolean credentials) {
        this.credentials = credentials;
        return this;
    }

    /** How long browsers may keep a preflight's answer, in whole seconds. Default: not said. */
    public CorsBuilder maxAge(Duration maxAge) {
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: >= 0)");
        }
        this.maxAgeSeconds = Long.toString(maxAge.toSeconds());
        return this;
    }

    /** The status of a preflight's answer. Default: 204. */
    public CorsBuilder preflightStatus(int preflightStatus) {
        if (preflightStatus < 200 || preflightStatus > 299) {
            throw new IllegalArgumentException("preflightStatus: " + preflightStatus + " (expected: 200-299)");
        }
        this.preflightStatus = preflightStatus;
        return this;
    }

    /**
     * Whether a proxy in front of the server is trusted to say in {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}
     * which host the client asked. Default: no.
     */
    public CorsBuilder trustForwardedHeaders(boolean trustForwardedHeaders) {
        this.trustForwardedHeaders = trustForwardedHeaders;
        return this;
    }

    /** The configuration. CORS is off when no origin was allowed. */
    public Cors build() {
        Set<String> exact = Set.copyOf(origins);
        List<Predicate<String>> all = new ArrayList<>();
        if (!exact.isEmpty()) {
            all.add(exact::contains);
        }
        all.addAll(rules);
        boolean only = origins.size() == 1 && rules.isEmpty();
        return new Cors(new Cors.Settings(
                /* enabled= */ !all.isEmpty(),
                /* anyOrigin= */ origins.contains(ANY),
                only ? origins.iterator().next() : null,
                Cors.anyOf(all),
                methods,
                allowedHeaders,
                exposedHeaders,
                credentials,
                maxAgeSeconds,
                preflightStatus,
                trustForwardedHeaders));
    }
}
