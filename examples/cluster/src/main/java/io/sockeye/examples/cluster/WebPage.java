package io.sockeye.examples.cluster;

import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The page and its files, held in memory: handlers of HTTP requests run on the event loop, where nothing may block.
 *
 * <p>Thread-safe: immutable.
 */
final class WebPage implements HttpHandler {
    private static final List<String> METHODS = List.of("GET", "HEAD"); // the server leaves out the body by itself
    /** Scripts and styles from this server only, no inline ones. */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    private final Map<String, File> files = new HashMap<>();

    WebPage() {
        files.put("/", read("index.html", "text/html; charset=utf-8"));
        files.put("/style.css", read("style.css", "text/css; charset=utf-8"));
        files.put("/icon.svg", read("icon.svg", "image/svg+xml"));
        for (String script : List.of("cluster.js", "nodes.js")) {
            files.put("/" + script, read(script, "text/javascript; charset=utf-8"));
        }
    }

    @Override
    public void handle(HttpExchange exchange) {
        File file = files.get(exchange.path());
        if (file == null) {
            exchange.respond(404, headers("text/plain"), new byte[0]);
        } else if (!METHODS.contains(exchange.method())) {
            exchange.respond(405, headers("text/plain").add("Allow", String.join(", ", METHODS)), new byte[0]);
        } else {
            byte[] content = file.content().clone(); // the exchange owns what it is given
            exchange.respond(200, headers(file.type()), content);
        }
    }

    private static HttpFields headers(String contentType) {
        return HttpFields.create()
                .add("Content-Type", contentType)
                .add("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .add("X-Content-Type-Options", "nosniff")
                .add("Referrer-Policy", "no-referrer")
                .add("Cache-Control", "no-cache");
    }

    private static File read(String name, String type) {
        try (InputStream in = WebPage.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("missing on the class path: /page/" + name);
            }
            return new File(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record File(String type, byte[] content) {}
}
