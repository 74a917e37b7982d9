package io.sockeye;

import io.sockeye.adapter.SocketView;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A socket of this node, as adapters see it. Thread-safe. */
record LocalSocketView(Socket socket) implements SocketView {

    @Override
    public String id() {
        return socket.id();
    }

    @Override
    public Set<String> rooms() {
        return socket.rooms();
    }

    @Override
    public JsonNode handshake() {
        return socket.handshake().toJson();
    }

    @Override
    public JsonNode data() {
        return socket.data().toJson();
    }
}
