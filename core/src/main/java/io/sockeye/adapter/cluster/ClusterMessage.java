package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.RoomMember;
import io.sockeye.adapter.SocketView;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.SocketPacket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one node's adapter of a namespace says to those of the others. The kinds and their meaning are those of the reference's
 * cluster adapter (socket.io-adapter, {@code MessageType}); how they are written is a {@link ClusterDriver}'s matter.
 *
 * <p>Immutable, as long as live values among arguments are.
 */
public sealed interface ClusterMessage {

    /** An answer, which goes to the node that asked. */
    sealed interface Response extends ClusterMessage {
        /** The id of the request that it answers. */
        String requestId();
    }

    /**
     * A node is alive.
     *
     * @param initial whether it has just come, and wants to hear of the others at once
     */
    record Heartbeat(boolean initial) implements ClusterMessage {}

    /** A node leaves in order. */
    record AdapterClose() implements ClusterMessage {}

    /**
     * An event for sockets of every node.
     *
     * @param packet the event; it has no id of its own: each node gives it one where acknowledgements are asked for
     * @param options to whom and how
     * @param acks which acknowledgements are wanted; null for none
     */
    record Broadcast(
            SocketPacket.Event packet,
            BroadcastOptions options,
            @Nullable AckRequest acks) implements ClusterMessage {}

    /**
     * The wish for acknowledgements. Each node answers with one {@link BroadcastClientCount} and one {@link BroadcastAck} for
     * each client that acknowledges.
     *
     * @param requestId what the answers carry
     * @param timeout how long clients have time
     */
    record AckRequest(String requestId, Duration timeout) {}

    /**
     * How many clients of the answering node have been sent a broadcast.
     *
     * @param count how many
     */
    record BroadcastClientCount(String requestId, int count) implements Response {}

    /**
     * A client's acknowledgement of a broadcast.
     *
     * @param socketId whose it is; null when the answering node does not say, as the reference
     * @param args what the client acknowledged with
     */
    record BroadcastAck(String requestId, @Nullable String socketId, Arguments args) implements Response {}

    /** Puts sockets of every node into rooms. */
    record SocketsJoin(BroadcastOptions options, Set<String> rooms) implements ClusterMessage {}

    /** Takes sockets of every node out of rooms. */
    record SocketsLeave(BroadcastOptions options, Set<String> rooms) implements ClusterMessage {}

    /**
     * Disconnects sockets of every node.
     *
     * @param close whether to close their connections too
     */
    record DisconnectSockets(BroadcastOptions options, boolean close) implements ClusterMessage {}

    /** Asks every node for its sockets that the options name. */
    record FetchSockets(String requestId, BroadcastOptions options) implements ClusterMessage {}

    /** The sockets of the answering node. */
    record FetchSocketsResponse(String requestId, List<SocketView> sockets) implements Response {}

    /**
     * An event for the nodes themselves.
     *
     * @param requestId what the answers carry; null when none is wanted
     * @param event the event's name
     * @param args its arguments
     */
    record ServerSideEmit(@Nullable String requestId, String event, Arguments args) implements ClusterMessage {}

    /** What the answering node's handler answered. */
    record ServerSideEmitResponse(String requestId, Arguments args) implements Response {}

    /**
     * What only Sockeye's nodes say to each other. Nodes of other kinds ignore it, because it is written as a message of a type
     * that they do not know; {@link ExtensionCodec} says how, for every driver.
     */
    sealed interface Extension extends ClusterMessage {}

    /** Asks every node how many of its sockets the options name. */
    record CountSockets(String requestId, BroadcastOptions options) implements Extension {}

    /** How many sockets of the answering node there are. */
    record CountSocketsResponse(String requestId, int count) implements Extension, Response {}

    /** A client that was sent a broadcast will not acknowledge it any more: it has gone, or its time is up. */
    record BroadcastMissed(String requestId, String socketId) implements Extension, Response {}

    /**
     * The node wants to know who is in these rooms, now and from now on.
     *
     * @param rooms the rooms' names
     * @param complete whether these are all that it watches, in which case it knows those that the receiver knows it to watch;
     *     else they are watched beside others, and it wants to be told who is in them in any case
     */
    record PresenceWatch(String requestId, Set<String> rooms, boolean complete) implements Extension {
        /** Copies the set. */
        public PresenceWatch {
            rooms = Set.copyOf(rooms);
        }
    }

    /**
     * Who is in a watched room on the answering node.
     *
     * @param version grows with each change
     */
    record PresenceState(String requestId, String room, long version, List<RoomMember> members)
            implements Extension, Response {
        /** Copies the list. */
        public PresenceState {
            members = List.copyOf(members);
        }
    }

    /**
     * Who has come into a watched room, or gone, on the sending node.
     *
     * @param previous the version before: who has another one has missed something
     * @param version the version after
     * @param left socket ids
     */
    record PresenceChange(String room, long previous, long version, List<RoomMember> joined, List<String> left)
            implements Extension {
        /** Copies the lists. */
        public PresenceChange {
            joined = List.copyOf(joined);
            left = List.copyOf(left);
        }
    }

    /**
     * The versions of the rooms that the sending node knows to be watched. Sent now and then: who has an older one has missed
     * something.
     *
     * @param versions by room
     */
    record PresenceVersions(Map<String, Long> versions) implements Extension {
        /** Copies the map. */
        public PresenceVersions {
            versions = Map.copyOf(versions);
        }
    }

    /**
     * A node has taken up a session whose connection another one believed in: that one lets it go.
     *
     * @param owner the uid of the node that believed in the connection
     * @param socketId the id of the session's socket
     */
    record SessionTaken(String owner, String socketId) implements Extension {}
}
