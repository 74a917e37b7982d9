package io.sockeye.adapter;

import java.util.Set;

/**
 * What makes a socket the same one over several connections. Immutable, but for the data.
 *
 * @param sid the socket's id, which is public
 * @param pid the session's id, which only its client knows: who has it can take the session up
 * @param rooms the rooms that the socket was in, its own id among them; empty for a session that is just beginning
 * @param data what the application has attached to the socket. A store within the process gives back this very object; one
 *     that writes it elsewhere has it written with the server's JSON mapper and gives back a {@code JsonNode}
 */
public record SessionRecord(String sid, String pid, Set<String> rooms, Object data) {
    /** Copies the set. */
    public SessionRecord {
        rooms = Set.copyOf(rooms);
    }

    /** For the log: the private id stays out of it. */
    @Override
    public String toString() {
        return "session of socket " + sid;
    }
}
