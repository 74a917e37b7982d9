package io.sockeye.http;

import static io.sockeye.http.EmbeddedHttp.DATE;
import static io.sockeye.http.EmbeddedHttp.KEEP_ALIVE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers on one connection, byte for byte. */
class HttpConnectionTest {
    private static final byte[] EMPTY = {};
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + KEEP_ALIVE + "\r\nok";

    @Test
    void requestIsPresentedAsItCame() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("PUT /socket.io/a%20b?x=1&y=%C3%A9&x=2#z HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\n\r\n");
            HttpExchange exchange = http.exchange();
            assertThat(exchange.method()).isEqualTo("PUT");
            assertThat(exchange.path()).isEqualTo("/socket.io/a%20b");
            assertThat(exchange.uri()).isEqualTo("/socket.io/a%20b?x=1&y=%C3%A9&x=2#z");
            assertThat(exchange.query("x")).isEqualTo("2");
            assertThat(exchange.query("y")).isEqualTo("é");
            assertThat(exchange.query("z")).isNull();
            assertThat(exchange.queryNames()).containsExactly("x", "y");
            assertThat(exchange.header("X-ONE")).isEqualTo("1");
            assertThat(exchange.headers().all("x-one")).containsExactly("1", "2");
            assertThat(exchange.headers().names()).containsExactly("Host", "X-One");
            assertThat(exchange.secure()).isFalse();
            assertThat(exchange.upgradeRequested()).isFalse();
            assertThat(http.sent()).isEqualTo(OK);
        }
    }

    @Test
    void answerIsWrittenAsNodeWritesIt() {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            exchange.responseHeaders().add("Access-Control-Allow-Origin", "*");
            HttpFields headers =
                    HttpFields.of("Content-Type", "text/html", "Content-Length", "2", "cache-control", "no-store");
            exchange.respond(200, headers, "ok".getBytes(UTF_8));
        })) {
            http.send(GET);
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/html\r\n"
                            + "Content-Length: 2\r\ncache-control: no-store\r\n" + KEEP_ALIVE + "\r\nok");
            assertThat(http.isOpen()).isTrue();
        }
    }

    @Test
    void answerGetsItsLength() {
        try (EmbeddedHttp http = new EmbeddedHttp(
                exchange -> exchange.respond(400, HttpFields.create(), "eighteen bytes 123".getBytes(UTF_8)))) {
            http.send(GET);
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 400 Bad Request\r\nContent-Length: 18\r\n" + KEEP_ALIVE
                            + "\r\neighteen bytes 123");
        }
    }

    @Test
    void emptyAnswerHasALengthToo() {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> exchange.respond(413, HttpFields.create(), EMPTY))) {
            http.send(GET);
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n" + KEEP_ALIVE + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void answerThatHasNoBodyHasNoFraming(int status) {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> exchange.respond(status, HttpFields.create(), EMPTY))) {
            http.send(GET);
            assertThat(http.sent()).startsWith("HTTP/1.1 " + status).endsWith(KEEP_ALIVE + "\r\n");
        }
    }

    @Test
    void answerToHeadIsTheHeadAlone() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
            assertThat(http.sent()).isEqualTo(OK.substring(0, OK.length() - 2) + OK);
        }
    }

    @Test
    void connectionClosesWhenTheClientSaysSo() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(http.sent())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + DATE + "Connection: close\r\n\r\nok");
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void http10ClosesAfterTheAnswer() {
        try (EmbeddedHttp http =
                new EmbeddedHttp(exchange -> exchange.respond(404, HttpFields.create(), "no".getBytes(UTF_8)))) {
            http.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(http.sent())
                    .isEqualTo(
                            "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n" + DATE + "Connection: close\r\n\r\nno");
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void http10StaysOpenOnRequestWhenTheLengthIsKnown() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(http.sent()).isEqualTo(OK);
            assertThat(http.isOpen()).isTrue();
        }
    }

    @Test
    void pipelinedRequestsAreHandledOneAfterAnother() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HT");
            assertThat(http.exchanges).hasSize(1);
            EmbeddedHttp.ok(http.exchanges.get(0));
            assertThat(http.exchanges).hasSize(2);
            assertThat(http.sent()).isEqualTo(OK);
            http.send("TP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http.exchanges).hasSize(2);
            EmbeddedHttp.ok(http.exchanges.get(1));
            EmbeddedHttp.ok(http.exchanges.get(2));
            assertThat(http.sent()).isEqualTo(OK + OK);
            assertThat(http.exchanges).extracting(HttpExchange::path).containsExactly("/1", "/2", "/3");
        }
    }

    @Test
    void manyPipelinedRequestsAnsweredAtOnceDoNotDeepenTheStack() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(GET.repeat(500));
            assertThat(http.sent()).isEqualTo(OK.repeat(500));
        }
    }

    @Test
    void clientThatSendsFarAheadIsNotReadUntilItsTurn() {
        String padded = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(4000) + "\r\n\r\n";
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(GET);
            http.send(padded.repeat(20));
            assertThat(http.channel.config().isAutoRead()).isFalse();
            for (int i = 0; i < 21; i++) {
                EmbeddedHttp.ok(http.exchanges.get(i));
            }
            assertThat(http.channel.config().isAutoRead()).isTrue();
            assertThat(http.sent()).isEqualTo(OK.repeat(21));
        }
    }

    @Test
    void requestArrivesByteByByte() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            for (int i = 0; i < GET.length(); i++) {
                assertThat(http.sent()).isEmpty();
                http.send(GET.substring(i, i + 1));
            }
            assertThat(http.sent()).isEqualTo(OK);
        }
    }

    @Test
    void answeringTwiceIsTheCallersFault() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(GET);
            assertThatThrownBy(() -> http.exchange().respond(200, HttpFields.create(), EMPTY))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(http.sent()).isEqualTo(OK);
        }
    }

    @Test
    void handlerThatThrowsIsAnsweredForWith500() {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            throw new IllegalArgumentException("expected by the test");
        })) {
            http.send(GET);
            assertThat(http.sent()).startsWith("HTTP/1.1 500 Internal Server Error\r\n");
            assertThat(http.counters.snapshot().handlerFailures()).isEqualTo(1);
            assertThat(http.isOpen()).isTrue();
        }
    }

    @Test
    void handlerThatThrowsAfterItsAnswerChangesNothing() {
        try (EmbeddedHttp http = new EmbeddedHttp(exchange -> {
            EmbeddedHttp.ok(exchange);
            throw new IllegalArgumentException("expected by the test");
        })) {
            http.send(GET).send(GET);
            assertThat(http.sent()).isEqualTo(OK + OK);
        }
    }

    @Test
    void abortIsToldOnceAndTheAnswerAfterItDropped() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            List<String> told = new ArrayList<>();
            http.send(GET);
            http.exchange().onAbort(() -> told.add("replaced"));
            http.exchange().onAbort(() -> told.add("aborted"));
            http.hangUp();
            assertThat(told).containsExactly("aborted");
            EmbeddedHttp.ok(http.exchange());
            http.exchange().onAbort(() -> told.add("late"));
            assertThat(told).containsExactly("aborted", "late");
        }
    }

    @Test
    void answeredExchangeIsNotAborted() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            List<String> told = new ArrayList<>();
            http.send(GET);
            http.exchange().onAbort(() -> told.add("aborted"));
            EmbeddedHttp.ok(http.exchange());
            http.hangUp();
            assertThat(told).isEmpty();
            assertThat(http.sent()).isEqualTo(OK);
        }
    }

    @Test
    void drainingClosesIdleConnectionsAndOthersAfterTheirAnswer() {
        try (EmbeddedHttp idle = new EmbeddedHttp();
                EmbeddedHttp busy = new EmbeddedHttp()) {
            busy.send(GET);
            var idleDrained = idle.loop.drain();
            var busyDrained = busy.loop.drain();
            assertThat(idle.isOpen()).isFalse();
            assertThat(idleDrained).isCompleted();
            assertThat(busy.isOpen()).isTrue();
            assertThat(busyDrained).isNotDone();
            EmbeddedHttp.ok(busy.exchange());
            assertThat(busy.sent()).contains("Connection: close\r\n").endsWith("ok");
            assertThat(busy.isOpen()).isFalse();
            assertThat(busyDrained).isCompleted();
        }
    }
}
