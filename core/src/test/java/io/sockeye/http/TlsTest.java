package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sockeye.testsupport.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encryption, with a certificate that keytool has made for the test. */
class TlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String PASSWORD = "secret1";

    @TempDir
    static Path folder;

    private static Path keyStore;
    private static Path certificate;
    private static Path privateKey;
    private static SocketFactory clients;

    @BeforeAll
    static void makeCertificate() throws Exception {
        keyStore = folder.resolve("server.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        assertThat(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0)
                .isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        certificate =
                pem("server.crt", "CERTIFICATE", store.getCertificate("server").getEncoded());
        privateKey = pem(
                "server.key",
                "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        clients = context.getSocketFactory();
    }

    private static Path pem(String name, String kind, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }

    private static HttpServer start(HttpServerBuilder builder, TlsConfig tls) {
        return builder.host("127.0.0.1")
                .tls(tls)
                .eventLoopThreads(1)
                .handler(exchange -> {
                    assertThat(exchange.secure()).isTrue();
                    EmbeddedHttp.ok(exchange);
                })
                .build()
                .start();
    }

    @ParameterizedTest
    @EnumSource(
            value = IoBackend.class,
            names = {"AUTO", "NIO"})
    void pemFilesAreServed(IoBackend io) {
        try (HttpServer server = start(HttpServer.builder().ioBackend(io), TlsConfig.pem(certificate, privateKey));
                RawClient client = RawClient.connect(clients, server.port())) {
            client.send(GET).readUntil("\r\n\r\nok");
            client.send(GET).readUntil("\r\n\r\nok");
        }
    }

    @Test
    void keyStoreIsServed() {
        try (HttpServer server = start(HttpServer.builder(), TlsConfig.keyStore(keyStore, PASSWORD));
                RawClient client = RawClient.connect(clients, server.port())) {
            client.send(GET).readUntil("\r\n\r\nok");
        }
    }

    @Test
    void nodesOfOneCertificateTrustEachOther() {
        NodeDirectory directory = NodeDirectory.inProcess();
        ClusterEngine engine = ClusterEngine.of(directory);
        TlsConfig pem = TlsConfig.pem(certificate, privateKey);
        try (ClusterNode one = ClusterNode.start(engine, HttpServer.builder().tls(pem));
                ClusterNode two =
                        ClusterNode.start(engine, HttpServer.builder().tls(TlsConfig.keyStore(keyStore, PASSWORD)));
                RawClient toOne = RawClient.connect(clients, one.port());
                RawClient toTwo = RawClient.connect(clients, two.port())) {
            toOne.send("GET /?node=" + two.tag() + " HTTP/1.1\r\nHost: a\r\n\r\n");
            EmbeddedHttp.ok(two.take());
            toOne.readUntil("\r\n\r\nok");
            toTwo.send("GET /?node=" + one.tag() + " HTTP/1.1\r\nHost: a\r\n\r\n");
            EmbeddedHttp.ok(one.take());
            toTwo.readUntil("\r\n\r\nok");
        }
    }

    @Test
    void plainRequestIsHungUpOn() {
        try (HttpServer server = start(HttpServer.builder(), TlsConfig.pem(certificate, privateKey));
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(GET).readToEnd()).doesNotContain("HTTP/1.1");
            await().atMost(Duration.ofSeconds(20)).until(() -> server.stats().openConnections() == 0);
            assertThat(server.stats().requests()).isZero();
        }
    }

    @Test
    void handshakeThatStallsIsHungUpOn() {
        HttpServerBuilder builder = HttpServer.builder().headTimeout(Duration.ofMillis(100));
        try (HttpServer server = start(builder, TlsConfig.pem(certificate, privateKey));
                RawClient client = RawClient.connect(server.port())) {
            client.send("\u0016\u0003\u0001");
            client.readToEnd();
            await().atMost(Duration.ofSeconds(20)).until(() -> server.stats().openConnections() == 0);
        }
    }

    @Test
    void whatIsWrongWithTheFilesIsSaid() {
        Path missing = folder.resolve("missing.crt");
        assertThatThrownBy(() -> start(HttpServer.builder(), TlsConfig.pem(missing, privateKey)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tls: cannot use certificate " + missing + " and private key " + privateKey + ": " + missing
                        + " does not exist");
        assertThatThrownBy(() -> start(HttpServer.builder(), TlsConfig.pem(privateKey, certificate)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tls: cannot use certificate " + privateKey);
        assertThatThrownBy(() -> start(HttpServer.builder(), TlsConfig.keyStore(keyStore, "wrong-secret")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tls: cannot use key store " + keyStore)
                .hasMessageNotContaining("wrong-secret");
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(TlsConfig.keyStore(keyStore, PASSWORD).toString()).doesNotContain(PASSWORD);
        assertThat(TlsConfig.pem(certificate, privateKey, PASSWORD).toString()).doesNotContain(PASSWORD);
    }
}
