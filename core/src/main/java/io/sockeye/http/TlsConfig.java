package io.sockeye.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a server's certificate and private key come from. The files are read when the server starts. Immutable.
 */
public sealed interface TlsConfig {

    /**
     * A certificate chain and its unencrypted private key (PKCS #8) as PEM files.
     *
     * @param certificateChain the server's certificate first, then those that vouch for it
     */
    static TlsConfig pem(Path certificateChain, Path privateKey) {
        return new Pem(certificateChain, privateKey, null);
    }

    /** As {@link #pem(Path, Path)}, with a private key that is encrypted with the password. */
    static TlsConfig pem(Path certificateChain, Path privateKey, String password) {
        return new Pem(certificateChain, privateKey, password);
    }

    /** The only key of a key store file: PKCS #12 ({@code .p12}) or JKS. */
    static TlsConfig keyStore(Path file, String password) {
        return new KeyStoreFile(file, password);
    }

    /** See {@link #pem(Path, Path, String)}. */
    record Pem(
            Path certificateChain,
            Path privateKey,
            @Nullable String password) implements TlsConfig {
        /** Names the files, never the password. */
        @Override
        public String toString() {
            return "certificate " + certificateChain + " and private key " + privateKey;
        }
    }

    /** See {@link #keyStore}. */
    record KeyStoreFile(Path file, String password) implements TlsConfig {
        /** Names the file, never the password. */
        @Override
        public String toString() {
            return "key store " + file;
        }
    }
}
