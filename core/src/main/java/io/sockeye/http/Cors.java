package io.sockeye.http;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which origins may use the server, and the CORS headers that say so to browsers. The headers are those that the
 * {@code cors} package of npm sends with the same settings.
 *
 * <p>Immutable and thread-safe.
 */
public final class Cors {
    private static final Logger log = LoggerFactory.getLogger(Cors.class);
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final byte[] EMPTY = {};
    private static final long LOG_INTERVAL_NANOS = 60_000_000_000L;
    private static final int LOGGED_LENGTH = 200;

    private final Settings settings;
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    Cors(Settings settings) {
        this.settings = settings;
    }

    /**
     * What a {@link Cors} was built with.
     *
     * @param enabled whether headers are sent and preflights answered
     * @param anyOrigin whether {@code *} is among the origins
     * @param fixedOrigin the only origin, announced in every answer; null when there are several, or none
     * @param listed whether an origin is one of those listed, by name, pattern or predicate
     * @param allowedHeaders null: those that the preflight asks for
     */
    record Settings(
            boolean enabled,
            boolean anyOrigin,
            @Nullable String fixedOrigin,
            Predicate<String> listed,
            String methods,
            @Nullable String allowedHeaders,
            @Nullable String exposedHeaders,
            boolean credentials,
            @Nullable String maxAgeSeconds,
            int preflightStatus,
            boolean trustForwardedHeaders) {}

    /** No CORS: only the server's own origin is allowed, no header is added and {@code OPTIONS} is nothing special. */
    public static Cors sameOrigin() {
        return new CorsBuilder().build();
    }

    /** A builder without any origin. */
    public static CorsBuilder builder() {
        return new CorsBuilder();
    }

    /**
     * Whether the request may open a connection: it has no {@linkplain HttpExchange#origin origin}, that is the host it was sent to,
     * or one that is configured. A refusal is logged, at most once a minute, with the name of the setting.
     */
    public boolean allowsOrigin(HttpExchange exchange) {
        String origin = exchange.origin();
        if (origin == null || settings.anyOrigin || settings.listed.test(origin) || isOwn(origin, exchange)) {
            return true;
        }
        logRefusal(origin, exchange);
        return false;
    }

    /** A handler that adds the CORS headers to every answer of another one, and answers preflights itself. */
    public HttpHandler wrap(HttpHandler handler) {
        if (!settings.enabled) {
            return handler;
        }
        return exchange -> {
            boolean preflight = exchange.method().equals("OPTIONS");
            addHeaders(exchange, preflight);
            NettyHttpExchange netty = exchange.unwrap(NettyHttpExchange.class);
            if (preflight && exchange.upgradeRequested() && netty != null) {
                var unused =
                        netty.channel().close(); // a preflight never asks for an upgrade; the reference hangs up too
            } else if (preflight) {
                exchange.respond(settings.preflightStatus, HttpFields.of("Content-Length", "0"), EMPTY);
            } else {
                handler.handle(exchange);
            }
        };
    }

    /** Adds the headers of a preflight's answer, or of any other, in the order of the {@code cors} package. */
    private void addHeaders(HttpExchange exchange, boolean preflight) {
        HttpFields headers = exchange.responseHeaders();
        boolean echoHeaders = preflight && settings.allowedHeaders == null;
        if (settings.anyOrigin) {
            headers.add(ALLOW_ORIGIN, "*");
        } else {
            String origin = announcedOrigin(exchange);
            if (origin != null) {
                headers.add(ALLOW_ORIGIN, origin);
            }
            headers.add("Vary", echoHeaders ? "Origin, Access-Control-Request-Headers" : "Origin");
        }
        if (settings.credentials) {
            headers.add("Access-Control-Allow-Credentials", "true");
        }
        if (preflight) {
            headers.add("Access-Control-Allow-Methods", settings.methods);
            if (echoHeaders && settings.anyOrigin) {
                headers.add("Vary", "Access-Control-Request-Headers");
            }
            String allowed =
                    echoHeaders ? exchange.headers().joined("Access-Control-Request-Headers") : settings.allowedHeaders;
            addUnlessEmpty(headers, "Access-Control-Allow-Headers", allowed);
            addUnlessEmpty(headers, "Access-Control-Max-Age", settings.maxAgeSeconds);
        }
        addUnlessEmpty(headers, "Access-Control-Expose-Headers", settings.exposedHeaders);
    }

    /** The origin to name in the answer: the fixed one whoever asks, or the request's own if it is allowed. */
    private @Nullable String announcedOrigin(HttpExchange exchange) {
        if (settings.fixedOrigin != null) {
            return settings.fixedOrigin;
        }
        String origin = exchange.header("Origin");
        return origin != null && settings.listed.test(origin) ? origin : null;
    }

    /**
     * Whether the origin is that of the request's own URL (RFC 6454, 5). A request that came unencrypted may have had its
     * encryption ended by a proxy, so the {@code https} origin of the same host is as good.
     */
    private boolean isOwn(String origin, HttpExchange exchange) {
        String scheme = exchange.secure() ? "https" : "http";
        String host = exchange.header("Host");
        if (settings.trustForwardedHeaders) {
            String forwardedProto = firstElement(exchange.header("X-Forwarded-Proto"));
            scheme = forwardedProto != null ? forwardedProto : scheme;
            String forwardedHost = firstElement(exchange.header("X-Forwarded-Host"));
            host = forwardedHost != null ? forwardedHost : host;
        }
        int schemeEnd = origin.indexOf("://");
        if (host == null || schemeEnd < 0) {
            return false;
        }
        String originScheme = origin.substring(0, schemeEnd);
        boolean sameScheme = originScheme.equalsIgnoreCase(scheme) || originScheme.equalsIgnoreCase("https");
        return sameScheme
                && withoutDefaultPort(origin.substring(schemeEnd + 3), originScheme)
                        .equalsIgnoreCase(withoutDefaultPort(host, originScheme));
    }

    private static String withoutDefaultPort(String host, String scheme) {
        String port = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
        return host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
    }

    /** The first of a comma-separated list, which the proxy nearest to the client wrote. */
    private static @Nullable String firstElement(@Nullable String list) {
        if (list == null) {
            return null;
        }
        int comma = list.indexOf(',');
        String first = (comma < 0 ? list : list.substring(0, comma)).strip();
        return first.isEmpty() ? null : first;
    }

    private static void addUnlessEmpty(HttpFields headers, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            headers.add(name, value);
        }
    }

    private void logRefusal(String origin, HttpExchange exchange) {
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            log.warn(
                    "refused a connection from origin {} to host {}: set corsOrigins to allow it"
                            + " (further refusals are logged once a minute)",
                    printable(origin),
                    printable(String.valueOf(exchange.header("Host"))));
        }
    }

    /** Peer input made fit for the log: bounded, and with nothing in it but printable ASCII. */
    private static String printable(String text) {
        String bounded = text.length() > LOGGED_LENGTH ? text.substring(0, LOGGED_LENGTH) + "..." : text;
        return bounded.replaceAll("[^ -~]", "?");
    }

    /** Origins listed by name, pattern or predicate. */
    static Predicate<String> anyOf(List<Predicate<String>> predicates) {
        List<Predicate<String>> all = List.copyOf(predicates);
        return origin -> {
            for (Predicate<String> predicate : all) {
                if (predicate.test(origin)) {
                    return true;
                }
            }
            return false;
        };
    }
}
