package io.sockeye.http;

import static io.sockeye.http.EmbeddedHttp.KEEP_ALIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.transport.HttpFields;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers are literally those of npm's cors 2.8; the origin rule is our own. */
class CorsTest {
    private static final String APP = "https://app.example";
    private static final String EVIL = "https://evil.example";
    private static final String OK_TAIL = "Content-Length: 2\r\n" + KEEP_ALIVE + "\r\nok";
    private static final String PREFLIGHT_TAIL = "Content-Length: 0\r\n" + KEEP_ALIVE + "\r\n";
    private static final String METHODS = "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n";

    /** What is answered to one request with these headers, without the status line. */
    private static String answer(Cors cors, String method, String... headers) {
        try (EmbeddedHttp http = new EmbeddedHttp(cors.wrap(EmbeddedHttp::ok))) {
            http.send(method + " / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", headers)
                    + (headers.length == 0 ? "\r\n" : "\r\n\r\n"));
            String sent = http.sent();
            return sent.substring(sent.indexOf("\r\n") + 2);
        }
    }

    private static boolean allows(Cors cors, String... headers) {
        return allows(cors, "/", headers);
    }

    private static boolean allowsJsonp(Cors cors, String... headers) {
        return allows(cors, "/?EIO=3&transport=polling&j=0", headers);
    }

    private static boolean allows(Cors cors, String target, String[] headers) {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            String answer = Boolean.toString(cors.allowsOrigin(exchange));
            exchange.respond(200, HttpFields.of("Answer", answer), new byte[0]);
        })) {
            http.send("GET " + target + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
            return http.sent().contains("Answer: true\r\n");
        }
    }

    @Nested
    class AnyOrigin {
        private final Cors cors = Cors.builder().origins("*").build();

        @Test
        void isAnnouncedToEverybody() {
            assertThat(answer(cors, "GET")).isEqualTo("Access-Control-Allow-Origin: *\r\n" + OK_TAIL);
            assertThat(answer(cors, "GET", "Origin: " + EVIL))
                    .isEqualTo("Access-Control-Allow-Origin: *\r\n" + OK_TAIL);
        }

        @Test
        void preflightIsAnsweredWithTheHeadersItAsksFor() {
            assertThat(answer(cors, "OPTIONS", "Access-Control-Request-Headers: X-A, x-b"))
                    .isEqualTo("Access-Control-Allow-Origin: *\r\n" + METHODS
                            + "Vary: Access-Control-Request-Headers\r\nAccess-Control-Allow-Headers: X-A, x-b\r\n"
                            + PREFLIGHT_TAIL);
        }

        @Test
        void preflightWithoutAQuestionIsAnsweredToo() {
            assertThat(answer(cors, "OPTIONS"))
                    .isEqualTo("Access-Control-Allow-Origin: *\r\n" + METHODS
                            + "Vary: Access-Control-Request-Headers\r\n" + PREFLIGHT_TAIL);
        }

        @Test
        void repeatedQuestionsAreJoined() {
            assertThat(answer(
                            cors,
                            "OPTIONS",
                            "Access-Control-Request-Headers: x-a",
                            "Access-Control-Request-Headers: x-b"))
                    .contains("Access-Control-Allow-Headers: x-a, x-b\r\n");
        }

        @Test
        void upgradeByOptionsIsHungUpOn() {
            try (EmbeddedHttp http = new EmbeddedHttp(cors.wrap(EmbeddedHttp::ok))) {
                http.send("OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                assertThat(http.isOpen()).isFalse();
            }
        }
    }

    @Nested
    class OneOrigin {
        private final Cors cors = Cors.builder().origins(APP).build();
        private static final String ANNOUNCED = "Access-Control-Allow-Origin: " + APP + "\r\nVary: Origin\r\n";

        @Test
        void isAnnouncedWhoeverAsks() {
            assertThat(answer(cors, "GET")).isEqualTo(ANNOUNCED + OK_TAIL);
            assertThat(answer(cors, "GET", "Origin: " + EVIL)).isEqualTo(ANNOUNCED + OK_TAIL);
        }

        @Test
        void preflightVariesByBoth() {
            assertThat(answer(cors, "OPTIONS", "Access-Control-Request-Headers: x-a"))
                    .isEqualTo("Access-Control-Allow-Origin: " + APP
                            + "\r\nVary: Origin, Access-Control-Request-Headers\r\n" + METHODS
                            + "Access-Control-Allow-Headers: x-a\r\n" + PREFLIGHT_TAIL);
        }

        @Test
        void errorsCarryItToo() {
            try (EmbeddedHttp http =
                    new EmbeddedHttp(cors.wrap(exchange -> exchange.respond(400, HttpFields.create(), new byte[0])))) {
                http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(http.sent()).startsWith("HTTP/1.1 400 Bad Request\r\n" + ANNOUNCED);
            }
        }
    }

    @Nested
    class SeveralOrigins {
        private final Cors cors = Cors.builder()
                .origins(APP, "http://localhost:8080")
                .originPattern(Pattern.compile("^https://[a-z]+\\.preview\\.example$"))
                .originPredicate("capacitor://localhost"::equals)
                .build();

        @ParameterizedTest
        @ValueSource(strings = {APP, "http://localhost:8080", "https://blue.preview.example", "capacitor://localhost"})
        void listedOneIsEchoed(String origin) {
            assertThat(answer(cors, "GET", "Origin: " + origin))
                    .isEqualTo("Access-Control-Allow-Origin: " + origin + "\r\nVary: Origin\r\n" + OK_TAIL);
            assertThat(allows(cors, "Host: a", "Origin: " + origin)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {EVIL, "https://blue.preview.example.evil.example", "null", "HTTPS://APP.EXAMPLE"})
        void anotherIsNot(String origin) {
            assertThat(answer(cors, "GET", "Origin: " + origin)).isEqualTo("Vary: Origin\r\n" + OK_TAIL);
            assertThat(allows(cors, "Host: a", "Origin: " + origin)).isFalse();
        }

        @Test
        void requestWithoutOneIsToldNone() {
            assertThat(answer(cors, "GET")).isEqualTo("Vary: Origin\r\n" + OK_TAIL);
        }
    }

    @Test
    void everySettingHasItsHeaderInTheOrderOfTheReference() {
        Cors cors = Cors.builder()
                .origins(APP)
                .methods("GET", "POST")
                .allowedHeaders("x-a", "x-b")
                .exposedHeaders("x-c", "x-d")
                .credentials(true)
                .maxAge(Duration.ofMinutes(10))
                .preflightStatus(200)
                .build();
        assertThat(answer(cors, "OPTIONS", "Access-Control-Request-Headers: x-other"))
                .isEqualTo("Access-Control-Allow-Origin: https://app.example\r\nVary: Origin\r\n"
                        + "Access-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Methods: GET,POST\r\n"
                        + "Access-Control-Allow-Headers: x-a,x-b\r\nAccess-Control-Max-Age: 600\r\n"
                        + "Access-Control-Expose-Headers: x-c,x-d\r\n" + PREFLIGHT_TAIL);
        assertThat(answer(cors, "GET"))
                .isEqualTo("Access-Control-Allow-Origin: https://app.example\r\nVary: Origin\r\n"
                        + "Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: x-c,x-d\r\n"
                        + OK_TAIL);
    }

    @Test
    void withoutAnyOriginNothingIsAddedAndOptionsIsAnOrdinaryRequest() {
        assertThat(answer(Cors.sameOrigin(), "OPTIONS", "Origin: " + APP)).isEqualTo(OK_TAIL);
    }

    /** The rule of DESIGN 6: no Origin, the request's own host, or one that is configured. */
    @ParameterizedTest
    @CsvSource({
        "app.example,       http://app.example,      true",
        "app.example,       HTTP://APP.example,      true",
        "app.example:80,    http://app.example,      true",
        "app.example,       http://app.example:80,   true",
        "app.example:8080,  http://app.example:8080, true",
        "app.example,       https://app.example,     true", // a proxy may have ended TLS
        "app.example:443,   https://app.example,     true",
        "[::1]:3000,        http://[::1]:3000,       true",
        "app.example:8080,  http://app.example,      false",
        "app.example,       http://app.example:8080, false",
        "app.example,       http://evil.example,     false",
        "app.example,       http://app.example.evil.example, false",
        "app.example,       ftp://app.example,       false",
        "app.example,       app.example,             false",
        "app.example,       null,                    false"
    })
    void ownOriginIsAllowed(String host, String origin, boolean allowed) {
        assertThat(allows(Cors.sameOrigin(), "Host: " + host, "Origin: " + origin))
                .isEqualTo(allowed);
    }

    @Test
    void jsonpIsJudgedByItsReferer() {
        Cors cors = Cors.builder().origins("https://app.example").build();
        assertThat(allowsJsonp(cors, "Host: a", "Referer: https://app.example/page"))
                .isTrue();
        assertThat(allowsJsonp(cors, "Host: a", "Referer: https://evil.example/page"))
                .isFalse();
        assertThat(allowsJsonp(cors, "Host: a")).isFalse();
        assertThat(allowsJsonp(Cors.builder().origins("*").build(), "Host: a")).isTrue();
    }

    @Test
    void requestWithoutOriginIsAllowed() {
        assertThat(allows(Cors.sameOrigin(), "Host: a")).isTrue();
    }

    @Test
    void anyOriginAllowsEvenNull() {
        assertThat(allows(Cors.builder().origins("*").build(), "Host: a", "Origin: null"))
                .isTrue();
    }

    @Test
    void proxiesAreBelievedOnlyOnRequest() {
        String[] headers = {
            "Host: backend:3000",
            "X-Forwarded-Proto: https, http",
            "X-Forwarded-Host: app.example, inner",
            "Origin: https://app.example"
        };
        assertThat(allows(Cors.sameOrigin(), headers)).isFalse();
        assertThat(allows(Cors.builder().trustForwardedHeaders(true).build(), headers))
                .isTrue();
    }

    @Test
    void plainOriginIsNotThatOfAnEncryptedSite() {
        assertThat(allows(
                        Cors.builder().trustForwardedHeaders(true).build(),
                        "Host: app.example",
                        "X-Forwarded-Proto: https",
                        "Origin: http://app.example"))
                .isFalse();
    }

    @Test
    void settingsAreCheckedAtOnce() {
        assertThatThrownBy(() -> Cors.builder().origins("https://app.example/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("corsOrigins: \"https://app.example/\" (expected: ");
        assertThatThrownBy(() -> Cors.builder().maxAge(Duration.ofSeconds(-1)))
                .hasMessage("maxAge: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> Cors.builder().preflightStatus(404))
                .hasMessage("preflightStatus: 404 (expected: 200-299)");
    }
}
