package io.sockeye;

import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.AdapterFactory;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.InMemoryAdapter;
import io.sockeye.adapter.LocalNamespace;
import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Another node, as far as an adapter lets one see it: it has sockets and takes events of other servers. What crosses over goes
 * through JSON text. For the test's thread.
 */
final class FakeCluster implements AdapterFactory {
    private final JsonMapper mapper = JsonMapper.builder().build();

    /** The sockets of the other node. */
    final List<SocketView> elsewhere = new ArrayList<>();

    /** What the other node was sent. */
    final List<String> sent = new ArrayList<>();

    /** What this node's adapter sees of its namespace; the last one made. */
    LocalNamespace local;

    /** How many more nodes there are that do not answer. */
    int silent;

    @Override
    public Adapter create(LocalNamespace namespace) {
        local = namespace;
        Adapter real = InMemoryAdapter.factory().create(namespace);
        return (Adapter) Proxy.newProxyInstance(
                Adapter.class.getClassLoader(), new Class<?>[] {Adapter.class}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "fetchSockets" -> {
                            List<SocketView> all = new ArrayList<>(elsewhere);
                            all.addAll(namespace.sockets((BroadcastOptions) args[0]));
                            return CompletableFuture.completedFuture(new NodeAnswers<>(all, silent));
                        }
                        case "serverCount" -> {
                            return CompletableFuture.completedFuture(2 + silent);
                        }
                        case "serverSideEmit" -> {
                            sent.add(args[0] + args[1].toString());
                            return true;
                        }
                        case "serverSideEmitWithAck" -> {
                            sent.add(args[0] + args[1].toString());
                            return CompletableFuture.completedFuture(
                                    new NodeAnswers<>(List.of(Arguments.of("pong", 1)), silent));
                        }
                        default -> {
                            try {
                                return method.invoke(real, args);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    }
                });
    }

    /** A socket as it arrives at another node: as JSON text. */
    SocketView travelled(SocketView view) {
        String id = view.id();
        Set<String> rooms = Set.copyOf(view.rooms());
        JsonNode handshake = mapper.readTree(mapper.writeValueAsString(view.handshake()));
        JsonNode data = mapper.readTree(mapper.writeValueAsString(view.data()));
        return new SocketView() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Set<String> rooms() {
                return rooms;
            }

            @Override
            public JsonNode handshake() {
                return handshake;
            }

            @Override
            public JsonNode data() {
                return data;
            }
        };
    }
}
