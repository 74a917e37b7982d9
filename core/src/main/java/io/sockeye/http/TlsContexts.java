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
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    /**
     * The TLS context of a client of servers that have the same certificate, or one of the same authority. Names are not compared,
     * since such servers call each other by other names than clients do.
     *
     * @throws IllegalStateException when a file is missing or is not what it should be; the message names it
     */
    static SslContext createForPeers(TlsConfig config) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            if (config instanceof TlsConfig.Pem pem) {
                requireReadable(pem.certificateChain());
                builder.trustManager(pem.certificateChain().toFile());
            } else {
                builder.trustManager(certificates((TlsConfig.KeyStoreFile) config));
            }
            return builder.endpointIdentificationAlgorithm(null).build();
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
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(config), config.password().toCharArray());
        return keys;
    }

    private static X509Certificate[] certificates(TlsConfig.KeyStoreFile config)
            throws IOException, GeneralSecurityException {
        KeyStore store = load(config);
        List<X509Certificate> certificates = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            Certificate[] chain = store.isKeyEntry(alias) ? store.getCertificateChain(alias) : new Certificate[0];
            for (Certificate certificate : chain) {
                certificates.add((X509Certificate) certificate);
            }
        }
        return certificates.toArray(new X509Certificate[0]);
    }

    private static KeyStore load(TlsConfig.KeyStoreFile config) throws IOException, GeneralSecurityException {
        boolean jks = config.file().toString().toLowerCase(Locale.ROOT).endsWith(".jks");
        KeyStore store = KeyStore.getInstance(jks ? "JKS" : "PKCS12");
        try (InputStream in = Files.newInputStream(config.file())) {
            store.load(in, config.password().toCharArray());
        }
        return store;
    }

    private static void requireReadable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
        }
    }
}
