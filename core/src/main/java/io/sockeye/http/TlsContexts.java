package io.sockeye.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;

/** Reads what a {@link TlsConfig} names. Stateless. */
final class TlsContexts {
    private TlsContexts() {}

    /**
     * A server's TLS context.
     *
     * @throws IllegalStateException when a file is missing or is not what it should be; the message names it
     */
    static SslContext create(TlsConfig config) {
        try {
            return builder(config).sslProvider(SslProvider.JDK).build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("tls: cannot use " + config + ": " + e.getMessage(), e);
        }
    }

    private static SslContextBuilder builder(TlsConfig config) throws IOException, GeneralSecurityException {
        if (config instanceof TlsConfig.Pem pem) {
            requireReadable(pem.certificateChain());
            requireReadable(pem.privateKey());
            return SslContextBuilder.forServer(
                    pem.certificateChain().toFile(), pem.privateKey().toFile(), pem.password());
        }
        TlsConfig.KeyStoreFile store = (TlsConfig.KeyStoreFile) config;
        requireReadable(store.file());
        return SslContextBuilder.forServer(keys(store));
    }

    private static KeyManagerFactory keys(TlsConfig.KeyStoreFile config) throws IOException, GeneralSecurityException {
        boolean jks = config.file().toString().toLowerCase(Locale.ROOT).endsWith(".jks");
        char[] password = config.password().toCharArray();
        KeyStore store = KeyStore.getInstance(jks ? "JKS" : "PKCS12");
        try (InputStream in = Files.newInputStream(config.file())) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return keys;
    }

    private static void requireReadable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
        }
    }
}
