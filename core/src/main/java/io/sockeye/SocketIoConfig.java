package io.sockeye;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.protocol.socketio.ParserFactory;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** What a {@link SocketIoServer} was built with beside its engine and its front door. Immutable. */
record SocketIoConfig(
        String path,
        Duration connectTimeout,
        int maxPendingEvents,
        int maxNamespacesPerConnection,
        int maxAttachments,
        AdapterFactory adapter,
        ParserFactory parser,
        JsonMapper jsonMapper) {}
