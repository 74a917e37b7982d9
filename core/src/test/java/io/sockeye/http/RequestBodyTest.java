package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.transport.HttpFields;
import org.junit.jupiter.api.Test;

/** How a request's body reaches its handler, or does not. */
class RequestBodyTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\n";
    private final RecordedBody body = new RecordedBody();

    /** A connection whose handler asks for up to ten bytes at once, and answers at the test's word. */
    private EmbeddedHttp reading() {
        return new EmbeddedHttp(exchange -> exchange.readBody(10, body));
    }

    @Test
    void bodyOfKnownLengthArrivesInPieces() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Content-Length: 10\r\n\r\n01").send("23456").send("78");
            assertThat(body.told()).isEmpty();
            http.send("9");
            assertThat(body.told()).containsExactly("body 0123456789");
        }
    }

    @Test
    void bodyInChunksIsPutTogether() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd")
                    .send("e\r\n0\r\n\r\n");
            assertThat(body.told()).containsExactly("body abcde");
        }
    }

    @Test
    void requestWithoutALengthHasAnEmptyBody() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "\r\n");
            assertThat(body.told()).containsExactly("body ");
        }
    }

    @Test
    void bodyOverTheLimitIsToldAsSoonAsItShowsAndTheRestIsDiscarded() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Content-Length: 20\r\n\r\n0123456789");
            assertThat(body.told()).isEmpty();
            http.send("a");
            assertThat(body.told()).containsExactly("too large");
            http.exchange().respond(413, HttpFields.create(), new byte[0]);
            assertThat(http.sent()).startsWith("HTTP/1.1 413 ").contains("keep-alive");
            http.send("bcdefghij" + HEAD + "\r\n");
            assertThat(http.exchanges).hasSize(2);
            assertThat(body.told()).containsExactly("too large", "body ");
        }
    }

    @Test
    void bodyThatIsAnnouncedTooLargeIsNotTooLargeYet() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Content-Length: 2000000\r\n\r\n");
            assertThat(body.told()).isEmpty();
        }
        assertThat(body.told()).containsExactly("aborted");
    }

    @Test
    void bodyAskedForLateIsThere() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(HEAD + "Content-Length: 5\r\n\r\nhello");
            http.exchange().readBody(5, body);
            assertThat(body.told()).containsExactly("body hello");
        }
    }

    @Test
    void bodyAskedForLateMayBeTooLarge() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(HEAD + "Content-Length: 5\r\n\r\nhello");
            http.exchange().readBody(4, body);
            assertThat(body.told()).containsExactly("too large");
        }
    }

    @Test
    void bodyThatNobodyAskedForStopsTheConnectionUntilSomebodyDoes() {
        int length = 2 * RequestBody.MAX_UNASKED;
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(HEAD + "Content-Length: " + length + "\r\n\r\n" + "a".repeat(length - 1));
            assertThat(http.channel.config().isAutoRead()).isFalse();
            http.exchange().readBody(length, body);
            assertThat(http.channel.config().isAutoRead()).isTrue();
            http.send("a");
            assertThat(body.told()).containsExactly("body " + "a".repeat(length));
        }
    }

    @Test
    void bodyThatNobodyReadsIsSkippedAfterTheAnswer() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(HEAD + "Content-Length: 200000\r\n\r\n" + "a".repeat(200_000) + HEAD + "\r\n");
            assertThat(http.exchanges).hasSize(2);
            assertThat(http.sent()).endsWith("ok").contains("ok" + "HTTP/1.1 200");
        }
    }

    @Test
    void peerThatVanishesBeforeTheEndAborts() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Content-Length: 5\r\n\r\nhell");
            http.hangUp();
            assertThat(body.told()).containsExactly("aborted");
        }
    }

    @Test
    void bodyAskedForAfterThePeerHasVanishedIsAborted() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(HEAD + "Content-Length: 5\r\n\r\nhell");
            http.hangUp();
            http.exchange().readBody(10, body);
            assertThat(body.told()).containsExactly("aborted");
        }
    }

    @Test
    void clientThatWaitsForPermissionGetsItAtOnce() {
        try (EmbeddedHttp http = reading()) {
            http.send(HEAD + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(http.sent()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            http.send("hi");
            assertThat(body.told()).containsExactly("body hi");
        }
    }

    @Test
    void http10ClientDoesNotWaitForPermission() {
        try (EmbeddedHttp http = reading()) {
            http.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(body.told()).containsExactly("body hi");
        }
    }
}
