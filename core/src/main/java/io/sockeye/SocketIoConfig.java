package io.sockeye;

import io.sockeye.adapter.AdapterFactory;
import io.sockeye.protocol.socketio.ParserFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a {@link SocketIoServer} was built with beside its engine and its front door. Immutable.
 *
 * @param validator null when arguments are not looked at
 */
record SocketIoConfig(
        String path,
        boolean addTrailingSlash,
        Duration connectTimeout,
        int maxPendingEvents,
        int maxNamespacesPerConnection,
        int maxAttachments,
        AdapterFactory adapter,
        ParserFactory parser,
        JsonMapper jsonMapper,
        @Nullable ArgumentValidator validator,
        @Nullable ConnectionStateRecovery recovery,
        LongSupplier nanoClock,
        ServerTimer timer) {}
