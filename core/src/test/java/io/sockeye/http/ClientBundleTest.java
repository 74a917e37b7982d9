package io.sockeye.http;

import static io.sockeye.http.EmbeddedHttp.KEEP_ALIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser client is served as the reference serves it. */
class ClientBundleTest {
    private static final ClientBundle BUNDLE = ClientBundle.load();

    /** The whole answer to one request; {@code ok} when it was passed on. */
    private static String answer(String method, String file, String header) {
        try (EmbeddedHttp http = new EmbeddedHttp(BUNDLE.wrap("/socket.io", EmbeddedHttp::ok))) {
            http.send(method + " /socket.io/" + file + " HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
            return http.sent();
        }
    }

    private static String head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 4);
    }

    /** The body of an answer, as long as its head says. */
    private static byte[] body(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(head(answer)).contains("\r\nContent-Length: " + body.length() + "\r\n");
        return body.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = ClientBundle.class.getResourceAsStream("client/" + name)) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket.io.js",
                "socket.io.min.js",
                "socket.io.esm.min.js",
                "socket.io.msgpack.min.js",
            })
    void scriptIsServedWithItsMap(String name) throws IOException {
        String script = answer("GET", name, "");
        assertThat(head(script))
                .isEqualTo("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=0\r\n"
                        + "Content-Type: application/javascript; charset=utf-8\r\nETag: \"" + BUNDLE.version()
                        + "\"\r\nContent-Length: " + file(name).length + "\r\n" + KEEP_ALIVE + "\r\n");
        assertThat(body(script)).isEqualTo(file(name));
        String map = answer("GET", name + ".map?v=1", "");
        assertThat(map).contains("Content-Type: application/json; charset=utf-8\r\n");
        assertThat(body(map)).isEqualTo(file(name + ".map"));
    }

    @Test
    void versionIsThatOfTheClient() {
        assertThat(BUNDLE.version()).matches("4\\.[0-9]+\\.[0-9]+");
    }

    @Test
    void gzipIsUsedWhereAccepted() throws IOException {
        for (int i = 0; i < 2; i++) {
            String answer = answer("GET", "socket.io.js", "Accept-Encoding: gzip, deflate, br\r\n");
            assertThat(answer).contains("content-encoding: gzip\r\n");
            byte[] plain = new GZIPInputStream(new ByteArrayInputStream(body(answer))).readAllBytes();
            assertThat(plain).isEqualTo(file("socket.io.js"));
        }
    }

    @Test
    void deflateIsUsedWherePreferred() throws IOException {
        String answer = answer("GET", "socket.io.js", "Accept-Encoding: deflate, gzip;q=0.5\r\n");
        assertThat(answer).contains("content-encoding: deflate\r\n");
        byte[] plain = new InflaterInputStream(new ByteArrayInputStream(body(answer))).readAllBytes();
        assertThat(plain).isEqualTo(file("socket.io.js"));
    }

    @Test
    void headersInSeveralLinesAreOneList() {
        assertThat(answer("HEAD", "socket.io.js", "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n"))
                .contains("content-encoding: gzip\r\n");
        String tag = "If-None-Match: \"" + BUNDLE.version() + "\"\r\n";
        assertThat(answer("HEAD", "socket.io.js", tag + tag)).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void clientThatHasItIsToldSo() {
        String tag = '"' + BUNDLE.version() + '"';
        String notModified = "HTTP/1.1 304 Not Modified\r\n" + KEEP_ALIVE + "\r\n";
        assertThat(answer("GET", "socket.io.js", "If-None-Match: " + tag + "\r\n"))
                .isEqualTo(notModified);
        assertThat(answer("POST", "socket.io.js", "If-None-Match: W/" + tag + "\r\n"))
                .isEqualTo(notModified);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.8.4", "\"4.8.3\"", "*", "\"a\", \"4.8.4\"", "w/\"4.8.4\""})
    void otherTagsAreNotUnderstood(String tag) {
        assertThat(answer("HEAD", "socket.io.js", "If-None-Match: " + tag + "\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void methodDoesNotMatter(String method) throws IOException {
        assertThat(body(answer(method, "socket.io.min.js", ""))).isEqualTo(file("socket.io.min.js"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?EIO=4",
                "socket.io.JS",
                "socket.io.esm.js",
                "socket.io.js/",
                "socket.io.js#x",
                "socket.io.js;x",
                "socket.io.js%00",
                "socket%2Eio.js",
                "/socket.io.js",
                "./socket.io.js",
                "../version",
                "version"
            })
    void everythingElseIsPassedOn(String file) {
        assertThat(answer("GET", file, "")).endsWith("\r\n\r\nok");
    }

    @Test
    void upgradeIsPassedOn() {
        String answer = answer("GET", "socket.io.js", "Connection: Upgrade\r\nUpgrade: websocket\r\n");
        assertThat(answer).endsWith("\r\n\r\nok");
    }
}
