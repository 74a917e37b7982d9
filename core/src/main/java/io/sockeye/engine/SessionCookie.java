package io.sockeye.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that a polling handshake may set to the session's identifier, for load balancers that route by it. The engine
 * never reads it. Immutable.
 *
 * @param name the cookie's name, a token (RFC 6265, 4.1.1)
 * @param path the {@code Path} attribute; null for none
 * @param domain the {@code Domain} attribute; null for none
 * @param maxAge the {@code Max-Age} attribute in whole seconds; null for a cookie that ends with the browser
 * @param httpOnly whether scripts are kept from it
 * @param secure whether it is sent over encrypted connections only
 * @param sameSite the {@code SameSite} attribute; null for none
 */
public record SessionCookie(
        String name,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Duration maxAge,
        boolean httpOnly,
        boolean secure,
        @Nullable SameSite sameSite) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern ATTRIBUTE = Pattern.compile("[\\x20-\\x3a\\x3c-\\x7e]*");

    /** With which requests of other sites a browser sends a cookie. */
    public enum SameSite {
        /** With none. */
        STRICT("Strict"),
        /** With navigations. */
        LAX("Lax"),
        /** With all; browsers ask for {@code secure} too. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /** Checks the name and the attributes. */
    public SessionCookie {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("cookie.name: \"" + name + "\" (expected: a token)");
        }
        requireAttribute("path", path);
        requireAttribute("domain", domain);
        if (maxAge != null && maxAge.isNegative()) {
            throw new IllegalArgumentException("cookie.maxAge: " + maxAge + " (expected: >= 0)");
        }
    }

    /** A cookie of that name with {@code Path=/; HttpOnly; SameSite=Lax}. The reference server's default name is {@code io}. */
    public static SessionCookie named(String name) {
        return new SessionCookie(
                Objects.requireNonNull(name, "name"),
                "/",
                /* domain= */ null,
                /* maxAge= */ null,
                /* httpOnly= */ true,
                /* secure= */ false,
                SameSite.LAX);
    }

    /** The {@code Set-Cookie} header's value (RFC 6265, 4.1.1), attributes in the reference's order. */
    String header(String sessionId) {
        StringBuilder text = new StringBuilder(96).append(name).append('=').append(sessionId);
        if (maxAge != null) {
            text.append("; Max-Age=").append(maxAge.toSeconds());
        }
        if (domain != null) {
            text.append("; Domain=").append(domain);
        }
        if (path != null) {
            text.append("; Path=").append(path);
        }
        if (httpOnly) {
            text.append("; HttpOnly");
        }
        if (secure) {
            text.append("; Secure");
        }
        if (sameSite != null) {
            text.append("; SameSite=").append(sameSite.text);
        }
        return text.toString();
    }

    private static void requireAttribute(String attribute, @Nullable String value) {
        if (value != null && !ATTRIBUTE.matcher(value).matches()) {
            throw new IllegalArgumentException("cookie." + attribute + ": contains ';' or control characters");
        }
    }
}
