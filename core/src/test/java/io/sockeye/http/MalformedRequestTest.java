package io.sockeye.http;

import static io.sockeye.http.EmbeddedHttp.DATE;
import static io.sockeye.http.EmbeddedHttp.KEEP_ALIVE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not HTTP, or too much of it, ends its connection with the reference's words and reaches no handler. */
class MalformedRequestTest {
    private static final String BAD_REQUEST = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    private static final String TOO_LARGE = "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
                "get / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void isRefused(String request) {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(request);
            assertThat(http.sent()).isEqualTo(BAD_REQUEST);
            assertThat(http.isOpen()).isFalse();
            assertThat(http.exchanges).isEmpty();
            assertThat(http.counters.snapshot().malformed()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\"<> HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://other/x HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\nX:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\u00e9\u00ff\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\n\r\nhi",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX: y\r\n\r\n"
            })
    void isAccepted(String request) {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(request);
            assertThat(http.sent()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
            assertThat(http.isOpen()).isTrue();
        }
    }

    @Test
    void fiveHundredHeadersAreFine() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n".repeat(500) + "\r\n");
            assertThat(http.sent()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void tooLongLineIsRefusedBeforeItsEnd() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET /" + "a".repeat(20_000));
            assertThat(http.sent()).isEqualTo(TOO_LARGE);
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void tooLongHeadersAreRefusedBeforeTheirEnd() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n".repeat(5000));
            assertThat(http.sent()).isEqualTo(TOO_LARGE);
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void garbageBehindARequestComesAfterItsAnswer() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\ngarbage\r\n\r\n");
            assertThat(http.sent()).isEmpty();
            EmbeddedHttp.ok(http.exchange());
            assertThat(http.sent()).endsWith("ok" + BAD_REQUEST);
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void brokenChunkEndsTheExchange() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            RecordedBody body = new RecordedBody();
            http.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            http.exchange().readBody(10, body);
            http.send("zz\r\n");
            assertThat(http.sent()).isEqualTo(BAD_REQUEST);
            assertThat(body.told()).containsExactly("aborted");
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void missingHostIsRefusedWithADate() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(http.sent())
                    .isEqualTo(
                            "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n" + DATE + "\r\n");
            assertThat(http.isOpen()).isFalse();
            assertThat(http.exchanges).isEmpty();
        }
    }

    @Test
    void tunnelIsRefusedWithoutAWord() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http.isOpen()).isFalse();
            assertThat(http.exchanges).isEmpty();
        }
    }

    @Test
    void unknownExpectationFailsAndTheConnectionGoesOn() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n" + KEEP_ALIVE + "\r\n");
            http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http.sent()).endsWith("ok");
        }
    }

    @Test
    void vanishedPeerIsNotMalformed() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\nHost: a");
            http.hangUp();
            assertThat(http.counters.snapshot().malformed()).isZero();
            assertThat(http.exchanges).isEmpty();
        }
    }
}
