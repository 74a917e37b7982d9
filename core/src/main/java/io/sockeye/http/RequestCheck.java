package io.sockeye.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What kind of request a decoded head is, judged as Node.js judges it. Stateless. */
enum RequestCheck {
    /** A request for a handler. */
    PLAIN,
    /** A request for a handler, whose client waits to be told to send the body. */
    CONTINUE,
    /** A request to switch the connection to another protocol. */
    UPGRADE,
    /** Not HTTP/1.x, or a method or target that is none. */
    MALFORMED,
    /** A request to be a tunnel, which the server is not: the connection is closed without a word. */
    TUNNEL,
    /** The {@code Host} header is missing (RFC 9112, 3.2). */
    NO_HOST,
    /** The client expects something other than {@code 100-continue} (RFC 9110, 10.1.1). */
    UNKNOWN_EXPECTATION;

    private static final Set<String> METHODS = Set.of(
            ("ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE"
                            + " NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE"
                            + " SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE")
                    .split(" "));
    private static final Pattern ABSOLUTE_FORM = Pattern.compile("[A-Za-z]+://.*");

    static RequestCheck of(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        boolean http11 = version.equals(HttpVersion.HTTP_1_1);
        boolean http1 = http11 || version.equals(HttpVersion.HTTP_1_0);
        if (!http1 || !METHODS.contains(request.method().name())) {
            return MALFORMED;
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return TUNNEL;
        }
        if (!isTarget(request.uri())) {
            return MALFORMED;
        }
        if (asksForUpgrade(request)) {
            return UPGRADE;
        }
        HttpHeaders headers = request.headers();
        if (http11 && !headers.contains(HttpHeaderNames.HOST)) {
            return NO_HOST;
        }
        String expectation = http11 ? headers.get(HttpHeaderNames.EXPECT) : null;
        if (expectation == null) {
            return PLAIN;
        }
        return expectation.toLowerCase(Locale.ROOT).contains("100-continue") ? CONTINUE : UNKNOWN_EXPECTATION;
    }

    /**
     * Whether the request asks to switch to another protocol (RFC 9110, 7.8). An offer of HTTP/2, which clients make on
     * the side of an ordinary request, is none.
     */
    static boolean asksForUpgrade(HttpRequest request) {
        String protocol = request.headers().get(HttpHeaderNames.UPGRADE);
        return protocol != null
                && !protocol.isEmpty()
                && !protocol.equalsIgnoreCase("h2c")
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Whether the client wants the connection to stay open. */
    static boolean keepsAlive(HttpRequest request) {
        return HttpUtil.isKeepAlive(request);
    }

    /** Whether the text can be a request target (RFC 9112, 3.2). */
    private static boolean isTarget(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return uri.startsWith("/")
                || uri.startsWith("*")
                || ABSOLUTE_FORM.matcher(uri).matches();
    }
}
