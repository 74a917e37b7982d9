package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.transport.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of one socket that wait for the client's acknowledgement. Confined to the session's event loop. */
final class PendingAcks {
    private final Map<Long, Pending> byId = new HashMap<>(4);

    /** Waits for the acknowledgement of that id. */
    void add(long id, Receiver receiver, EventLoop.@Nullable Cancellable timeout) {
        byId.put(id, new Pending(receiver, timeout));
    }

    /** The client acknowledged. An id that is not waited for is ignored, as the reference does. */
    void acknowledge(long id, Arguments args) {
        Pending pending = remove(id);
        if (pending != null) {
            pending.receiver.acknowledged(args);
        }
    }

    /** It will not be acknowledged any more. Has no effect when it has been, or has failed before. */
    void fail(long id, RuntimeException reason) {
        Pending pending = remove(id);
        if (pending != null) {
            pending.receiver.failed(reason);
        }
    }

    /** Nothing more is waited for: the socket has disconnected. */
    void failAll() {
        List.copyOf(byId.keySet()).forEach(id -> fail(id, new SocketDisconnectedException()));
    }

    /** How many are waited for. */
    int size() {
        return byId.size();
    }

    private @Nullable Pending remove(long id) {
        Pending pending = byId.remove(id);
        if (pending != null && pending.timeout != null) {
            pending.timeout.cancel();
        }
        return pending;
    }

    /** Learns of the acknowledgement, on the event loop; exactly one of its methods is called, once. */
    interface Receiver {
        /** The client acknowledged. */
        void acknowledged(Arguments args);

        /** It did not. */
        void failed(RuntimeException reason);
    }

    /** One that is waited for. */
    private record Pending(Receiver receiver, EventLoop.@Nullable Cancellable timeout) {}
}
