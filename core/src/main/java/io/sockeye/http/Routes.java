package io.sockeye.http;

import io.sockeye.http.HttpServerConfig.Mount;
import io.sockeye.transport.HttpExchange;
import io.sockeye.transport.HttpFields;
import io.sockeye.transport.HttpHandler;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands each request to the handler mounted for its target. Immutable. */
final class Routes implements HttpHandler {
    private static final byte[] EMPTY = {};

    private final List<Mount> longestFirst;
    private final @Nullable HttpHandler fallback; // null: 404

    Routes(List<Mount> mounts, @Nullable HttpHandler fallback) {
        this.longestFirst = mounts.stream()
                .sorted(Comparator.comparingInt((Mount mount) -> mount.prefix().length())
                        .reversed())
                .toList();
        this.fallback = fallback;
    }

    @Override
    public void handle(HttpExchange exchange) {
        for (Mount mount : longestFirst) {
            if (exchange.uri().startsWith(mount.prefix())) {
                mount.handler().handle(exchange);
                return;
            }
        }
        NettyHttpExchange netty = exchange.unwrap(NettyHttpExchange.class);
        if (fallback != null) {
            fallback.handle(exchange);
        } else if (exchange.upgradeRequested() && netty != null) {
            var unused = netty.channel().close(); // as the reference, which hangs up without an answer
        } else {
            exchange.respond(404, HttpFields.create(), EMPTY);
        }
    }
}
