package io.sockeye.http;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The browser client's files, served from the class path: {@code socket.io.js} and its seven siblings. Loaded once;
 * compressed forms are made when first asked for and kept.
 *
 * <p>Thread-safe. Answers as the reference server does, but for Brotli, which Java lacks, and with a
 * {@code Content-Length}, which the reference does not know.
 */
public final class ClientBundle {
    private static final String FOLDER = "client/";
    private static final List<String> FILES = List.of(
            "socket.io.js",
            "socket.io.js.map",
            "socket.io.min.js",
            "socket.io.min.js.map",
            "socket.io.msgpack.min.js",
            "socket.io.msgpack.min.js.map",
            "socket.io.esm.min.js",
            "socket.io.esm.min.js.map");

    private final String version;
    private final String etag;
    private final Map<String, byte[]> files;
    private final Map<String, byte[]> compressed = new ConcurrentHashMap<>(); // by encoding and file name

    private ClientBundle(String version, Map<String, byte[]> files) {
        this.version = version;
        this.etag = '"' + version + '"';
        this.files = files;
    }

    /**
     * The bundle that comes with the server.
     *
     * @throws IllegalStateException when the files are not on the class path
     */
    public static ClientBundle load() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String file : FILES) {
            files.put(file, read(file));
        }
        return new ClientBundle(new String(read("version"), StandardCharsets.UTF_8).strip(), files);
    }

    /** The version of the client, for example {@code 4.8.4}. */
    public String version() {
        return version;
    }

    /**
     * A handler that serves the files beneath a path and passes everything else on.
     *
     * @param path the path that Socket.IO is mounted at, for example {@code /socket.io}
     * @param next answers what is not a file of the bundle
     */
    public HttpHandler wrap(String path, HttpHandler next) {
        String folder = path.endsWith("/") ? path : path + '/';
        return exchange -> {
            String file = exchange.upgradeRequested() ? null : fileName(exchange.uri(), folder);
            byte[] content = file == null ? null : files.get(file);
            if (file == null || content == null) {
                next.handle(exchange);
            } else {
                serve(exchange, file, content);
            }
        };
    }

    /** What a request target names beneath the folder; null when it is not beneath it. */
    private static @Nullable String fileName(String uri, String folder) {
        int query = uri.indexOf('?');
        String target = query < 0 ? uri : uri.substring(0, query);
        return target.startsWith(folder) ? target.substring(folder.length()) : null;
    }

    private void serve(HttpExchange exchange, String file, byte[] content) {
        String known = exchange.headers().joined("If-None-Match");
        if (known != null && (known.equals(etag) || known.equals("W/" + etag))) {
            exchange.respond(304, HttpFields.create(), new byte[0]);
            return;
        }
        HttpFields headers = HttpFields.of(
                "Cache-Control",
                "public, max-age=0",
                "Content-Type",
                file.endsWith(".map") ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8",
                "ETag",
                etag);
        String encoding =
                AcceptEncoding.choose(exchange.headers().joined("Accept-Encoding"), List.of("gzip", "deflate"));
        byte[] body = content;
        if (encoding != null) {
            headers.add("content-encoding", encoding);
            body = compressed.computeIfAbsent(encoding + ' ' + file, key -> compress(encoding, content));
        }
        exchange.respond(200, headers, body);
    }

    private static byte[] compress(String encoding, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 3);
        try (OutputStream out =
                encoding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] read(String file) {
        try (@Nullable InputStream in = ClientBundle.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the browser client is not on the class path: io/sockeye/http/" + FOLDER + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the browser client's " + file, e);
        }
    }
}
