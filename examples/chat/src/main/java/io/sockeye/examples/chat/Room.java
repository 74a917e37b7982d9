package io.sockeye.examples.chat;

import io.sockeye.examples.chat.Messages.Message;
import io.sockeye.examples.chat.Messages.Presence;
import io.sockeye.examples.chat.Messages.Welcome;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A room: who is in it, and what was said last. Thread-safe: guarded by its monitor. */
final class Room {
    static final int MAX_MEMBERS = 100;

    private final String name;
    private final Clock clock;
    private final Map<String, Member> members = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final History history = new History();

    Room(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    String name() {
        return name;
    }

    /** Throws a {@link io.sockeye.ConnectError} unless somebody may enter under that nickname. */
    synchronized void check(String nickname, String key) {
        Member holder = members.get(nickname);
        if (holder != null && !holder.key().equals(key)) {
            throw Rules.refusal("nickname", "The nickname " + nickname + " is taken in #" + name + ".");
        }
        if (holder == null && members.size() >= MAX_MEMBERS) {
            throw Rules.refusal("room", "The room #" + name + " is full.");
        }
    }

    /** Lets somebody in, in place of the connection that their page had before. Throws as {@link #check} does. */
    synchronized Member enter(String nickname, String key, String socketId) {
        check(nickname, key);
        Member before = members.get(nickname);
        Member member = new Member(this, nickname, key, socketId, before == null ? null : before.socketId());
        members.put(nickname, member);
        return member;
    }

    /** Lets somebody out. False when they have come back through another connection meanwhile. */
    synchronized boolean leave(Member member) {
        return members.remove(member.nickname(), member);
    }

    synchronized boolean isEmpty() {
        return members.isEmpty();
    }

    /** Keeps a message for newcomers, unless there is one of its id already, which is returned then. */
    synchronized @Nullable Message keep(Message message) {
        return history.keep(message);
    }

    synchronized Welcome welcome(Member member) {
        return new Welcome(name, member.nickname(), online(), history.messages());
    }

    synchronized Presence presence(Member member) {
        return new Presence(member.nickname(), online(), clock.millis());
    }

    private List<String> online() {
        return members.values().stream().map(Member::nickname).toList();
    }
}
