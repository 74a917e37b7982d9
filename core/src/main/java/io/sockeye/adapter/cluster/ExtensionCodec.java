package io.sockeye.adapter.cluster;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.RoomMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/*
 *   type  message                 data
 *   100   CountSockets            {"requestId","opts":{"rooms":[…],"except":[…]}}
 *   101   CountSocketsResponse    {"requestId","count"}
 *   102   BroadcastMissed         {"requestId","socketId"}
 *   103   PresenceWatch           {"requestId","rooms":[…],"complete"}
 *   104   PresenceState           {"requestId","room","version","members":[{"id","user"?},…]}
 *   105   PresenceChange          {"room","previous","version","joined":[{"id","user"?},…],"left":[…]}
 *   106   PresenceVersions        {"versions":{"<room>":<version>,…}}
 *   107   SessionTaken            {"owner","socketId"}
 *   110   Heartbeat               {"initial"}
 *   111   AdapterClose            {}
 */

/**
 * How {@linkplain ClusterMessage.Extension what only Sockeye's nodes say} is written: a type number of at least 100, which the
 * reference's adapters do not know and ignore, and a JSON object. Heartbeats and goodbyes have such a form too, for drivers whose
 * wire knows none of its own.
 *
 * <p>Thread-safe: without state.
 */
public final class ExtensionCodec {
    /** The least type number. */
    public static final int FIRST_TYPE = 100;

    private static final int COUNT = 100;
    private static final int COUNT_RESPONSE = 101;
    private static final int MISSED = 102;
    private static final int WATCH = 103;
    private static final int STATE = 104;
    private static final int CHANGE = 105;
    private static final int VERSIONS = 106;
    private static final int TAKEN = 107;
    private static final int HEARTBEAT = 110;
    private static final int CLOSE = 111;

    /**
     * A message as it is written.
     *
     * @param type the type number
     * @param data what it says
     */
    public record Written(int type, ObjectNode data) {}

    private ExtensionCodec() {}

    /** Writes a message; null when it has no such form, because the reference's adapters have one. */
    public static @Nullable Written write(ClusterMessage message) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        if (message instanceof ClusterMessage.Response response) {
            data.put("requestId", response.requestId());
        }
        if (message instanceof ClusterMessage.CountSockets count) {
            ObjectNode options = data.put("requestId", count.requestId()).putObject("opts");
            put(options, "rooms", count.options().rooms());
            put(options, "except", count.options().except());
            return new Written(COUNT, data);
        }
        if (message instanceof ClusterMessage.CountSocketsResponse response) {
            return new Written(COUNT_RESPONSE, data.put("count", response.count()));
        }
        if (message instanceof ClusterMessage.BroadcastMissed missed) {
            return new Written(MISSED, data.put("socketId", missed.socketId()));
        }
        if (message instanceof ClusterMessage.PresenceWatch watch) {
            put(data.put("requestId", watch.requestId()), "rooms", watch.rooms());
            return new Written(WATCH, data.put("complete", watch.complete()));
        }
        if (message instanceof ClusterMessage.PresenceState state) {
            put(data.put("room", state.room()).put("version", state.version()), "members", state.members());
            return new Written(STATE, data);
        }
        if (message instanceof ClusterMessage.PresenceChange change) {
            data.put("room", change.room()).put("previous", change.previous()).put("version", change.version());
            put(data, "joined", change.joined());
            put(data, "left", (Iterable<String>) change.left());
            return new Written(CHANGE, data);
        }
        if (message instanceof ClusterMessage.PresenceVersions versions) {
            ObjectNode byRoom = data.putObject("versions");
            versions.versions().forEach(byRoom::put);
            return new Written(VERSIONS, data);
        }
        if (message instanceof ClusterMessage.SessionTaken taken) {
            return new Written(TAKEN, data.put("owner", taken.owner()).put("socketId", taken.socketId()));
        }
        if (message instanceof ClusterMessage.Heartbeat heartbeat) {
            return new Written(HEARTBEAT, data.put("initial", heartbeat.initial()));
        }
        return message instanceof ClusterMessage.AdapterClose ? new Written(CLOSE, data) : null;
    }

    /** Reads a message; null when the type is unknown, or the data is not what the type has. */
    public static @Nullable ClusterMessage read(int type, JsonNode data) {
        String id = data.path("requestId").asString("");
        String room = data.path("room").asString("");
        long version = data.path("version").asLong(0);
        if (!data.isObject()) {
            return null;
        }
        return switch (type) {
            case COUNT ->
                new ClusterMessage.CountSockets(
                        id,
                        BroadcastOptions.DEFAULT
                                .to(texts(data.path("opts").path("rooms")))
                                .except(texts(data.path("opts").path("except"))));
            case COUNT_RESPONSE ->
                new ClusterMessage.CountSocketsResponse(
                        id, Math.max(0, data.path("count").asInt(0)));
            case MISSED ->
                new ClusterMessage.BroadcastMissed(id, data.path("socketId").asString(""));
            case WATCH ->
                new ClusterMessage.PresenceWatch(
                        id,
                        new LinkedHashSet<>(texts(data.path("rooms"))),
                        data.path("complete").asBoolean(false));
            case STATE -> new ClusterMessage.PresenceState(id, room, version, members(data.path("members")));
            case CHANGE ->
                new ClusterMessage.PresenceChange(
                        room,
                        data.path("previous").asLong(0),
                        version,
                        members(data.path("joined")),
                        texts(data.path("left")));
            case VERSIONS -> new ClusterMessage.PresenceVersions(versions(data.path("versions")));
            case TAKEN ->
                new ClusterMessage.SessionTaken(
                        data.path("owner").asString(""), data.path("socketId").asString(""));
            case HEARTBEAT -> new ClusterMessage.Heartbeat(data.path("initial").asBoolean(false));
            case CLOSE -> new ClusterMessage.AdapterClose();
            default -> null;
        };
    }

    private static void put(ObjectNode data, String name, Set<String> texts) {
        put(data, name, (Iterable<String>) texts);
    }

    private static void put(ObjectNode data, String name, Iterable<String> texts) {
        ArrayNode array = data.putArray(name);
        texts.forEach(array::add);
    }

    private static void put(ObjectNode data, String name, List<RoomMember> members) {
        ArrayNode array = data.putArray(name);
        for (RoomMember member : members) {
            ObjectNode node = array.addObject().put("id", member.socketId());
            if (member.userId() != null) {
                node.put("user", member.userId());
            }
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        for (JsonNode node : array) {
            if (node.isString()) {
                texts.add(node.asString());
            }
        }
        return texts;
    }

    private static List<RoomMember> members(JsonNode array) {
        List<RoomMember> members = new ArrayList<>(array.size());
        for (JsonNode node : array) {
            JsonNode user = node.path("user");
            if (node.path("id").isString()) {
                members.add(new RoomMember(node.path("id").asString(), user.isString() ? user.asString() : null));
            }
        }
        return members;
    }

    private static Map<String, Long> versions(JsonNode byRoom) {
        Map<String, Long> versions = new LinkedHashMap<>();
        byRoom.propertyStream().forEach(entry -> {
            if (entry.getValue().isIntegralNumber()) {
                versions.put(entry.getKey(), entry.getValue().asLong());
            }
        });
        return versions;
    }
}
