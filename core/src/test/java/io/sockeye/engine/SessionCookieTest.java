package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionCookieTest {
    @Test
    void attributesStandInTheReferencesOrder() {
        SessionCookie cookie = new SessionCookie(
                "io",
                "/chat",
                "app.example",
                Duration.ofMinutes(2),
                /* httpOnly= */ true,
                /* secure= */ true,
                SessionCookie.SameSite.NONE);
        assertThat(cookie.header("x"))
                .isEqualTo("io=x; Max-Age=120; Domain=app.example; Path=/chat; HttpOnly; Secure; SameSite=None");
    }

    @Test
    void attributesMayBeLeftOut() {
        assertThat(new SessionCookie("io", null, null, null, /* httpOnly= */ false, /* secure= */ false, null)
                        .header("x"))
                .isEqualTo("io=x");
    }

    @Test
    void whatWouldBreakTheHeaderIsRefused() {
        assertThatThrownBy(() -> SessionCookie.named("a b")).hasMessage("cookie.name: \"a b\" (expected: a token)");
        assertThatThrownBy(() -> with("/;x", null, null)).hasMessage("cookie.path: contains ';' or control characters");
        assertThatThrownBy(() -> with(null, "a\nb", null))
                .hasMessage("cookie.domain: contains ';' or control characters");
        assertThatThrownBy(() -> with(null, null, Duration.ofSeconds(-1)))
                .hasMessage("cookie.maxAge: PT-1S (expected: >= 0)");
    }

    private static SessionCookie with(String path, String domain, Duration maxAge) {
        return new SessionCookie("io", path, domain, maxAge, /* httpOnly= */ true, /* secure= */ true, null);
    }
}
